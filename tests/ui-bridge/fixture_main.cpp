// SPDX-License-Identifier: MIT
// A desk for the browser tests: SoftHSM, the stand-in bank and settings in a folder of its own. Says where
// everything is in one line of JSON, then takes one command a line from standard input, answers each with a
// line, and ends with its input. With the argument "journal": writes into this user's journal what the line
// on standard input says, as koshin would have remembered it from earlier days. With the argument "steps":
// prints what the page says of each step, in every language.
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>

#include "foundation/base/calendar.hpp"
#include "foundation/base/clock.hpp"
#include "foundation/jobs/steps.hpp"
#include "foundation/system/paths.hpp"
#include "renewal/journal/journal.hpp"
#include "renewal/policy/renewed_purposes.hpp"
#include "support/environment.hpp"
#include "support/provisioning.hpp"
#include "support/soft_hsm.hpp"
#include "support/temporary_directory.hpp"
#include "support/test_bank.hpp"

namespace {

using nlohmann::json;
using namespace koshin;

class Desk {
 public:
  Desk() : hsm_((test::isolate_user(folder_.path()), folder_.path())), bank_(folder_.path() / "bank") {}

  json where() const {
    json environment;
    for (const char* name : {"HOME", "XDG_STATE_HOME", "XDG_RUNTIME_DIR", "XDG_CONFIG_HOME", "SOFTHSM2_CONF"})
      if (const char* value = std::getenv(name)) environment[name] = value;
    return {{"folder", folder_.path().string()},
            {"environment", environment},
            {"url", bank_.url()},
            {"control", bank_.control_url()},
            {"module", test::SoftHsm::module().string()},
            {"anchors", bank_.anchors().string()}};
  }

  json handle(const json& command) {
    const std::string name = command.at("do");
    if (name == "token") {
      hsm_.init_token(command.at("label"), command.value("pin", test::SoftHsm::default_pin));
    } else if (name == "provision") {
      const auto algorithm = pkcs11::parse_key_algorithm(command.value("key", "ec-p256")).value();
      if (command.contains("usage")) {  // not for logging in
        test::provision_as(hsm_, command.at("label"), bank(command),
                           {.usage = command.at("usage"), .extended_usage = "emailProtection"}, algorithm,
                           command.at("days"));
        return json::object();
      }
      test::provision(hsm_, command.at("label"), bank(command), algorithm, command.at("days"),
                      command.value("cn", test::default_user));
    } else if (name == "bank") {
      const std::string called = command.at("bank");
      banks_.try_emplace(called, folder_.path() / called, test::TestBank::Options{.name = called});
    } else if (name == "remove") {
      hsm_.remove_token(command.at("label"));
    } else if (name == "reinsert") {
      hsm_.reinsert_token(command.at("label"));
    } else if (name == "settings") {
      return {{"file", write_settings(command).string()}};
    } else if (name == "switch") {
      bank(command).set(command.at("name"), command.at("value"));
    } else if (name == "code") {
      return {{"code", bank(command).reissue_code(command.value("cn", test::default_user))}};
    } else if (name == "state") {
      const test::TestBank& asked = bank(command);
      return {{"issued", asked.issued()},
              {"logins", asked.logins()},
              {"simplereenroll", asked.requests("simplereenroll")}};
    } else {
      throw std::runtime_error("unknown command " + name);
    }
    return json::object();
  }

 private:
  /// The one that a command names, else the first.
  test::TestBank& bank(const json& command) {
    const std::string name = command.value("bank", "");
    return name.empty() ? bank_ : banks_.at(name);
  }

  /// "extra" keys of the first bank alone, or of the "banks" together; each of these may have "lines" of its
  /// own.
  std::filesystem::path write_settings(const json& command) {
    const std::string extra = command.value("extra", "");
    if (!command.contains("banks")) return test::write_settings(folder_.path(), bank_, extra);
    std::string sections;
    for (const json& each : command.at("banks"))
      sections +=
          test::bank_section(each.at("name"), bank(each), each.at("issuer")) + each.value("lines", "") + "\n";
    return test::write_settings_of_banks(folder_.path(), extra, sections);
  }

  test::TemporaryDirectory folder_;
  test::SoftHsm hsm_;
  test::TestBank bank_;
  std::map<std::string, test::TestBank> banks_;
};

renewal::TokenKey token_of(const json& value) {
  return {value.at("manufacturer"), value.at("model"), value.at("serial")};
}

void remember(renewal::Journal& journal, const json& value) {
  journal.remember(token_of(value.at("token")), value.value("bank", ""), [&](renewal::TokenMemory& memory) {
    memory.label = value.at("token").at("label");
    memory.certificate_sha256 = value.at("certificate_sha256");
    if (value.value("told", true)) memory.told_sha256 = memory.certificate_sha256;
    if (value.contains("notified"))
      memory.last_notified = parse_rfc3339(value["notified"].get<std::string>());
    memory.not_after = parse_rfc3339(value.at("not_after").get<std::string>()).value();
    memory.purpose = renewal::renewed_purpose_of(value.value("purpose", ""));
    memory.notified_threshold = value.value("threshold", "");
    memory.last_decision = value.value("decision", "");
  });
}

void complete(renewal::Journal& journal, const json& value) {
  renewal::Record record;
  record.token = token_of(value.at("token"));
  record.old_sha256 = value.at("old_sha256");
  record.state = renewal::State::completed;
  record.key_id = record.public_key = record.request = record.certificate = {1};
  record.started = record.changed = record.new_not_after = current_time();
  journal.save(record);
}

void wait_for_approval(renewal::Journal& journal, const json& value) {
  renewal::Record record;
  record.token = token_of(value.at("token"));
  record.old_sha256 = value.at("old_sha256");
  record.state = renewal::State::pending;
  record.key_id = record.public_key = record.request = {1};
  record.ask_again = parse_rfc3339(value.at("ask_again").get<std::string>()).value();
  record.started = record.changed = *record.ask_again - std::chrono::hours{1};
  journal.save(record);
}

void write_journal(const json& content) {
  const auto journal = renewal::Journal::open(paths::journal_file());
  for (const json& value : content.value("memories", json::array())) remember(*journal, value);
  for (const json& value : content.value("completed", json::array())) complete(*journal, value);
  for (const json& value : content.value("pending", json::array())) wait_for_approval(*journal, value);
}

json steps() {
  json words;
  for (const messages::Step step : messages::all_steps) {
    const Text text = messages::row(step).to_do;
    for (const LanguageRow& row : languages)
      words[std::string(messages::to_string(step))][std::string(row.tag)] = text.in(row.language);
  }
  return words;
}

}  // namespace

int main(int count, char** values) {
  try {
    if (count == 2 && std::string_view(values[1]) == "journal") {
      write_journal(json::parse(std::cin));
      return 0;
    }
    if (count == 2 && std::string_view(values[1]) == "steps") {
      std::cout << steps().dump() << '\n';
      return 0;
    }
    Desk desk;
    std::cout << desk.where().dump() << std::endl;
    for (std::string line; std::getline(std::cin, line);) {
      json answer;
      try {
        answer = desk.handle(json::parse(line));
      } catch (const std::exception& error) {
        answer = {{"error", error.what()}};
      }
      std::cout << answer.dump() << std::endl;
    }
    return 0;
  } catch (const std::exception& error) {
    std::cerr << "fixture: " << error.what() << '\n';
    return 1;
  }
}
