// SPDX-License-Identifier: MIT
// The spelling of enumerations in messages. Included by the messages' sources only.
#pragma once

#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include "foundation/jobs/messages.hpp"

namespace koshin::messages {

template <class E, std::size_t N>
using Names = std::array<std::pair<E, std::string_view>, N>;

inline constexpr Names<JobKind, 8> job_names{{
    {JobKind::inspect, "inspect"},
    {JobKind::renew, "renew"},
    {JobKind::enroll, "enroll"},
    {JobKind::prune, "prune"},
    {JobKind::cancel, "cancel"},
    {JobKind::doctor, "doctor"},
    {JobKind::change_pin, "change_pin"},
    {JobKind::reset_pin, "reset_pin"},
}};
inline constexpr Names<SecretKind, 7> secret_names{{
    {SecretKind::pin, "pin"},
    {SecretKind::security_officer_pin, "security_officer_pin"},
    {SecretKind::passphrase, "passphrase"},
    {SecretKind::reissue_code, "reissue_code"},
    {SecretKind::puk, "puk"},
    {SecretKind::new_pin, "new_pin"},
    {SecretKind::proxy_password, "proxy_password"},
}};
/// Read as well, and not written: a page that was open while koshin was upgraded starts the new worker.
inline constexpr Names<SecretKind, 1> former_secret_names{{{SecretKind::passphrase, "http_password"}}};
inline constexpr Names<Purpose, 7> purpose_names{{
    {Purpose::log_in, "log_in"},
    {Purpose::signature, "signature"},
    {Purpose::encryption, "encryption"},
    {Purpose::authority, "authority"},
    {Purpose::placeholder, "placeholder"},
    {Purpose::unreadable, "unreadable"},
    {Purpose::unknown, "unknown"},
}};
inline constexpr Names<KeyState, 4> key_state_names{{
    {KeyState::present, "present"},
    {KeyState::missing, "missing"},
    {KeyState::unknown, "unknown"},
    {KeyState::shared, "shared"},
}};
inline constexpr Names<ManagementKey, 7> management_key_names{{
    {ManagementKey::none, "none"},
    {ManagementKey::unknown, "unknown"},
    {ManagementKey::given, "given"},
    {ManagementKey::behind_pin, "behind_pin"},
    {ManagementKey::derived, "derived"},
    {ManagementKey::factory, "factory"},
    {ManagementKey::unusable, "unusable"},
}};
inline constexpr auto step_names = [] {
  Names<Step, all_steps.size()> names;
  for (const Step step : all_steps) names[number_of(step) - 1] = {step, to_string(step)};
  return names;
}();

template <class E, std::size_t N>
constexpr std::string_view name_in(const Names<E, N>& names, E value) {
  for (const auto& [known, name] : names) {
    if (known == value) return name;
  }
  return "unknown";
}

template <class E, std::size_t N>
constexpr std::optional<E> value_in(const Names<E, N>& names, std::string_view text) {
  for (const auto& [value, name] : names) {
    if (name == text) return value;
  }
  return std::nullopt;
}

template <class E>
constexpr std::optional<E> former_value(E /*type*/, std::string_view /*text*/) {
  return std::nullopt;
}
constexpr std::optional<SecretKind> former_value(SecretKind /*type*/, std::string_view text) {
  return value_in(former_secret_names, text);
}

constexpr const auto& names_of(JobKind /*type*/) {
  return job_names;
}
constexpr const auto& names_of(SecretKind /*type*/) {
  return secret_names;
}
constexpr const auto& names_of(Purpose /*type*/) {
  return purpose_names;
}
constexpr const auto& names_of(KeyState /*type*/) {
  return key_state_names;
}
constexpr const auto& names_of(ManagementKey /*type*/) {
  return management_key_names;
}
constexpr const auto& names_of(Step /*type*/) {
  return step_names;
}

}  // namespace koshin::messages
