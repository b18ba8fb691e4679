// SPDX-License-Identifier: MIT
// Switches and counters: two maps behind locks.
#include "bank/switches.hpp"

#include <algorithm>
#include <charconv>
#include <stdexcept>

namespace koshin::bank {
namespace {

std::size_t parse_count(const std::string& text) {
  std::size_t count = 0;
  const auto end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, count);
  return error == std::errc() && stop == end ? count : 0;
}

/// "csrattrs.status" is the switch "status" for that operation alone.
std::string base_name(const std::string& name) {
  const auto dot = name.find('.');
  return dot == std::string::npos ? name : name.substr(dot + 1);
}

}  // namespace

const std::vector<std::string>& Switches::names() {
  static const std::vector<std::string> all = {"drop_before_issue",
                                               "drop_after_issue",
                                               "truncate",
                                               "wrong_key",
                                               "wrong_subject",
                                               "wrong_san",
                                               "expired",
                                               "shorter",
                                               "garbage",
                                               "oversize",
                                               "slow",
                                               "redirect",
                                               "status",
                                               "pending",
                                               "retry_after",
                                               "require_basic",
                                               "require_digest",
                                               "revoked",
                                               "wrong_issuer",
                                               "wrong_usage",
                                               "csrattrs",
                                               "unwrapped_base64",
                                               "binary_cte",
                                               "server_name",
                                               "server_expired",
                                               "server_cmc_ra",
                                               "drop_handshake",
                                               "passphrase",
                                               "code_hours",
                                               "validity_days",
                                               "accept_expired_days",
                                               "not_yet_valid",
                                               "weak_signature",
                                               "added_usage",
                                               "lost_usages",
                                               "signs_certificates",
                                               "enciphers",
                                               "far_future",
                                               "printable_subject",
                                               "publish",
                                               "never_asks",
                                               "lone_server",
                                               "root_only",
                                               "web_server",
                                               "repeat_key",
                                               "form",
                                               "created",
                                               "content_type",
                                               "closes",
                                               "two_writes"};
  return all;
}

void Switches::set(const std::string& name, const std::string& value) {
  const auto& all = names();
  if (std::find(all.begin(), all.end(), base_name(name)) == all.end()) {
    throw std::invalid_argument("the bank has no switch \"" + name + "\"; tests/bank/README.md lists them");
  }
  const std::lock_guard lock(mutex_);
  values_[name] = value;
}

std::string Switches::get(const std::string& name) const {
  const std::lock_guard lock(mutex_);
  const auto found = values_.find(name);
  return found == values_.end() ? std::string() : found->second;
}

bool Switches::enabled(const std::string& name) const {
  const auto value = get(name);
  return !value.empty() && value != "0";
}

bool Switches::take(const std::string& name) {
  const std::lock_guard lock(mutex_);
  const auto found = values_.find(name);
  if (found == values_.end()) return false;
  if (found->second == "always") return true;
  const auto count = parse_count(found->second);
  if (count == 0) return false;
  found->second = std::to_string(count - 1);
  return true;
}

std::string Switches::take_text(const std::string& name) {
  const std::lock_guard lock(mutex_);
  const auto found = values_.find(name);
  if (found == values_.end() || found->second == "0") return {};
  const auto star = found->second.find('*');
  if (star == std::string::npos) return found->second;
  const auto count = parse_count(found->second.substr(0, star));
  if (count == 0) return {};
  std::string text = found->second.substr(star + 1);
  found->second = std::to_string(count - 1) + "*" + text;
  return text;
}

void Counters::add(const std::string& name) {
  const std::lock_guard lock(mutex_);
  ++counts_[name];
}

std::size_t Counters::get(const std::string& name) const {
  const std::lock_guard lock(mutex_);
  const auto found = counts_.find(name);
  return found == counts_.end() ? 0 : found->second;
}

std::map<std::string, std::size_t> Counters::all() const {
  const std::lock_guard lock(mutex_);
  return counts_;
}

long leading_number(std::string_view text) {
  long number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

}  // namespace koshin::bank
