// SPDX-License-Identifier: MIT
// A desk for the browser tests with a PIV card in a reader of its own, the module ykcs11 and the stand-in
// bank.
//
// usage: koshin-card-fixture protected|derived|kept: how the card's management key is to be had with its PIN
// (kept: as protected, and a renewal certifies the key that is there). Says where everything is in one line
// of JSON, or in "missing" why there can be none here; takes one command a line from standard input, answers
// each with the card's and the bank's state, and ends with its input. Commands: "state"; "refuse" (the bank
// lets no certificate log in from now on); "again" (starts over, and the card is pulled once it has done the
// command that was the last writing until now).
#include <cstdlib>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "card_stage.hpp"
#include "piv_crypto.hpp"
#include "piv_pin_only.hpp"

namespace {

using nlohmann::json;
using namespace koshin;
using namespace koshin::cards;

json where(const CardStage& stage) {
  json environment;
  for (const char* name :
       {"HOME", "XDG_STATE_HOME", "XDG_RUNTIME_DIR", "XDG_CONFIG_HOME", "PCSCLITE_CSOCK_NAME"})
    if (const char* value = std::getenv(name)) environment[name] = value;
  return {{"environment", environment}, {"settings", stage.settings().string()}, {"pin", card_pin}};
}

json state_of(CardStage& stage) {
  const CardState now = stage.card().state();
  const Bytes in_9a = certificate_in(now, authentication_slot);
  return {{"damage", stage.damage()},
          {"issued", stage.issued()},
          {"renewed", in_9a != certificate_in(stage.first_state(), authentication_slot)},
          {"logged_in", stage.bank().has_logged_in(in_9a)},
          {"old_is_there", stage.old_pair_is_there()},
          {"spare", !certificate_in(now, first_retired_slot).empty()},
          {"pin_tries", now.pin.tries_left}};
}

int serve(std::string_view kind) {
  CardStage stage;
  stage.bank().set("repeat_key", "anew");  // it certifies a key that is kept
  stage.hand_out([&](CardState& state) {
    kind == "derived" ? derive_management_key(state, card_pin) : protect_management_key(state);
  });
  const std::string extra_settings = kind == "kept" ? "renewal.key = \"renew\"\n" : "";
  stage.use_settings(extra_settings);
  stage.plug();
  std::cout << where(stage).dump() << std::endl;
  for (std::string line; std::getline(std::cin, line);) {
    const std::string command = json::parse(line);
    if (command == "refuse") stage.bank().set("login.status", "403:not registered");
    if (command == "again")
      stage.start_over_to_fail_at_last_writing(extra_settings, Fault::Kind::answer_lost);
    std::cout << state_of(stage).dump() << std::endl;
  }
  return 0;
}

}  // namespace

int main(int count, char** values) {
  const std::string_view kind = count == 2 ? values[1] : "";
  if (kind != "protected" && kind != "derived" && kind != "kept") {
    std::cerr << "usage: koshin-card-fixture protected|derived|kept\n";
    return 2;
  }
  try {
    if (const std::string why = CardStage::missing(); !why.empty()) {
      std::cout << json{{"missing", why}}.dump() << std::endl;
      return 0;
    }
    return serve(kind);
  } catch (const std::exception& error) {
    std::cerr << "card fixture: " << error.what() << '\n';
    return 1;
  }
}
