// SPDX-License-Identifier: MIT
// JSON lines, appended whole and read from where the last reading ended.
#include "bank/ledger.hpp"

#include <fstream>
#include <nlohmann/json.hpp>

namespace koshin::bank {

using nlohmann::json;

Ledger::Ledger(std::filesystem::path file) : file_(std::move(file)) {}

void Ledger::append(const std::string& line) {
  std::ofstream out(file_, std::ios::app | std::ios::binary);
  out << line + "\n" << std::flush;
  if (!out) throw std::runtime_error("cannot write " + file_.string());
}

void Ledger::catch_up() {
  std::ifstream in(file_, std::ios::binary);
  in.seekg(static_cast<std::streamoff>(read_to_));
  for (std::string line; std::getline(in, line) && !in.eof();) {
    read_to_ += line.size() + 1;
    const auto event = json::parse(line);
    if (event.at("event") == "issued") {
      entries_.push_back({event.at("serial"), event.at("cn"), event.at("sha256"), event.at("how")});
    } else {
      revoked_.insert(event.at("serial").get<std::string>());
    }
  }
}

void Ledger::record(X509* certificate, const std::string& how) {
  const std::lock_guard lock(mutex_);
  append(json{
      {"event", "issued"},
      {"serial", serial_of(certificate)},
      {"cn", name_entry(X509_get_subject_name(certificate), NID_commonName)},
      {"sha256", sha256_hex(to_der(certificate, i2d_X509))},
      {"how",
       how}}.dump());
}

void Ledger::revoke_others(const std::string& common_name, const std::string& keep, const std::string& why) {
  const std::lock_guard lock(mutex_);
  catch_up();
  for (const auto& entry : entries_) {
    if (entry.common_name != common_name || entry.serial == keep || revoked_.count(entry.serial) != 0)
      continue;
    append(json{{"event", "revoked"}, {"serial", entry.serial}, {"why", why}}.dump());
  }
}

bool Ledger::revoked(const std::string& serial) {
  const std::lock_guard lock(mutex_);
  catch_up();
  return revoked_.count(serial) != 0;
}

std::vector<Ledger::Entry> Ledger::entries() {
  const std::lock_guard lock(mutex_);
  catch_up();
  return entries_;
}

std::vector<std::string> Ledger::revoked_serials() {
  const std::lock_guard lock(mutex_);
  catch_up();
  return {revoked_.begin(), revoked_.end()};
}

}  // namespace koshin::bank
