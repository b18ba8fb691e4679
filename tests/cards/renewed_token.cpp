// SPDX-License-Identifier: MIT
#include "renewed_token.hpp"

#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <sstream>
#include <stdexcept>

#include "foundation/base/text.hpp"
#include "pkcs11/types.hpp"

namespace koshin::cards {
namespace {

namespace fs = std::filesystem;

/// SP 800-73-4 part 1, section 3.3.3 and table 12: how many retired keys have their certificates on the card.
constexpr std::uint32_t key_history_object = 0x5FC10C;

/// What stands behind "name:" in a line of pkcs11-tool; empty when the line is another one.
std::optional<std::string> value_of(const std::string& line, const std::string& name) {
  const auto begin = line.find_first_not_of(' ');
  if (begin == std::string::npos || line.compare(begin, name.size(), name) != 0) return std::nullopt;
  const auto colon = line.find(':', begin + name.size());
  if (colon == std::string::npos) return std::nullopt;
  const auto value = line.find_first_not_of(' ', colon + 1);
  return value == std::string::npos ? std::string() : line.substr(value);
}

/// The objects of a listing, one after the other.
std::vector<SeenObject> objects_of(const std::string& listing) {
  std::vector<SeenObject> objects;
  std::istringstream lines(listing);
  for (std::string line; std::getline(lines, line);) {
    if (line.find(" Object; ") != std::string::npos) objects.emplace_back();
    if (objects.empty()) continue;
    if (const auto label = value_of(line, "label")) objects.back().label = *label;
    if (const auto id = value_of(line, "ID")) objects.back().id = *id;
  }
  return objects;
}

messages::CertificateReport renewed(const JobRun& run) {
  const auto* result = std::get_if<messages::RenewResult>(&run.last);
  if (result == nullptr) throw std::runtime_error("not renewed: " + run.in_words());
  return result->new_certificate;
}

}  // namespace

std::string name_of(View view) {
  switch (view) {
    case View::soft_hsm:
      return "soft_hsm";
    case View::card_by_ykcs11:
      return "card_by_ykcs11";
    case View::card_by_opensc:
      return "card_by_opensc";
  }
  return "?";
}

void PrintTo(View view, std::ostream* out) {
  *out << name_of(view);
}

bool is_for_retired_keys(unsigned slot) {
  constexpr unsigned last_retired_slot = 0x95;
  return slot >= first_retired_slot && slot <= last_retired_slot;
}

std::string SeenObject::id_in_uri() const {
  std::string text;
  for (std::size_t at = 0; at + 1 < id.size(); at += 2) text += "%" + id.substr(at, 2);
  return text;
}

std::string RenewedToken::missing(View view) {
  if (auto why = missing_program({"pkcs11-tool", "openssl", "curl"}); !why.empty()) return why;
  if (view == View::soft_hsm) return {};
  if (view == View::card_by_opensc && opensc_module().empty())
    return "SKIPPED: opensc-pkcs11 is not installed";
  const auto why = CardStage::missing();
  return why.empty() ? why : "SKIPPED: " + why;
}

RenewedToken::RenewedToken(View view, bool key_history, Algorithm algorithm) : view_(view) {
  if (view == View::soft_hsm) {
    make_software(algorithm);
    renew();
  } else {
    renew_card(key_history, algorithm);
  }
}

RenewedToken::RenewedToken(Algorithm algorithm) : view_(View::soft_hsm) {
  make_software(algorithm);
}

std::unique_ptr<RenewedToken> RenewedToken::not_yet(Algorithm algorithm) {
  return std::unique_ptr<RenewedToken>(new RenewedToken(algorithm));
}

void RenewedToken::make_software(Algorithm algorithm) {
  module_ = test::SoftHsm::module();
  pin_ = test::SoftHsm::default_pin;
  software_.emplace();
  hsm_.emplace(path_ / "hsm");
  hsm_->init_token("work");
  const auto made =
      algorithm == Algorithm::rsa_2048 ? pkcs11::KeyAlgorithm::rsa_2048 : pkcs11::KeyAlgorithm::ec_p256;
  test::provision(*hsm_, "work", software_->bank(), made, 12);
  software_->use_module(module_.string());
}

void RenewedToken::renew() {
  certificate_ = renewed(software_->run(messages::JobKind::renew, {pin_, {}, {}}));
}

void RenewedToken::renew_card(bool key_history, Algorithm algorithm) {
  module_ = view_ == View::card_by_opensc ? opensc_module() : ykcs11_module();
  pin_ = card_pin;
  card_.emplace(algorithm);
  if (key_history) {
    card_->change([](CardState& state) {
      constexpr std::uint8_t on_card = 0xC1, off_card = 0xC2, check = 0xFE;
      state.objects[key_history_object] = {on_card, 1, 1, off_card, 1, 0, check, 0};
    });
  }
  card_->plug();
  certificate_ = renewed(card_->renew());
}

void RenewedToken::prune() {
  if (card_ && !is_for_retired_keys(slot())) return;
  messages::Job job;
  job.kind = messages::JobKind::prune;
  const auto run = card_ ? card_->run(job, {pin_, management_key_in_hexadecimal(), {}})
                         : software_->run(job.kind, {pin_, {}, {}});
  if (!std::holds_alternative<messages::PruneResult>(run.last))
    throw std::runtime_error("not deleted: " + run.in_words());
}

std::vector<std::string> RenewedToken::tool(const std::vector<std::string>& arguments) const {
  std::vector<std::string> command{"pkcs11-tool", "--module", module_.string()};
  command.insert(command.end(), arguments.begin(), arguments.end());
  return command;
}

std::string RenewedToken::token_label() const {
  std::istringstream lines(run_program(tool({"--list-token-slots"})).output);
  for (std::string line; std::getline(lines, line);) {
    if (const auto label = value_of(line, "token label"); label && !label->empty()) return *label;
  }
  return {};
}

unsigned RenewedToken::slot() {
  const CardState state = card_.value().card().state();
  const fs::path file = path_ / "slot.der";
  for (const auto& [slot, key] : state.keys) {
    const Bytes der = certificate_in(state, slot);
    std::ofstream(file, std::ios::binary)
        .write(reinterpret_cast<const char*>(der.data()), static_cast<std::streamsize>(der.size()));
    if (run_program({"sha256sum", file.string()}).says(certificate_.sha256)) return slot;
  }
  throw std::runtime_error("the renewed certificate is in no slot of the card");
}

std::optional<SeenObject> RenewedToken::seen_certificate() const {
  const auto listing =
      run_program(tool({"--token-label", token_label(), "--list-objects", "--type", "cert"}));
  const fs::path file = path_ / "seen.der";
  for (const auto& object : objects_of(listing.output)) {
    fs::remove(file);
    run_program(tool({"--token-label", token_label(), "--read-object", "--type", "cert", "--id", object.id,
                      "--output-file", file.string()}));
    if (run_program({"sha256sum", file.string()}).says(certificate_.sha256)) return object;
  }
  return std::nullopt;
}

bool RenewedToken::shows_private_key() const {
  const auto certificate = seen_certificate();
  const auto listing = run_program(tool(
      {"--token-label", token_label(), "--login", "--pin", pin_, "--list-objects", "--type", "privkey"}));
  for (const auto& object : objects_of(listing.output)) {
    if (certificate && object.id == certificate->id) return true;
  }
  return false;
}

std::string RenewedToken::port() {
  const std::string url = bank().url();
  return url.substr(url.rfind(':') + 1);
}

std::vector<std::string> RenewedToken::logins() {
  const auto answer = run_program({"curl", "--silent", "--show-error", bank().control_url() + "/state"});
  const auto state = nlohmann::json::parse(answer.output);
  std::vector<std::string> serials;
  for (const auto& login : state.at("logins")) serials.push_back(login.at("serial").get<std::string>());
  return serials;
}

}  // namespace koshin::cards
