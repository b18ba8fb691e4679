// SPDX-License-Identifier: MIT
// Checks of settings values beyond their type (of addresses: url_checks.hpp). Each returns "must be …", or an
// empty text for a valid value.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "foundation/base/calendar.hpp"

namespace koshin::settings_checks {

/// "must be \"a\", \"b\" or \"c\"", for a value that is none of the words.
std::string must_be_one_of(std::span<const std::string_view> choices);
/// "\"a\", \"b\" or \"c\"".
std::string list(std::span<const std::string_view> words);
/// The tag of a language that there is a catalogue of.
std::string language(std::string_view value);
std::string number_within(long long value, long long least, long long most);
/// RFC 7030 section 3.2.2: one path segment of unreserved characters. Empty is valid.
std::string est_label(std::string_view value);
/// Absolute paths, or "p11-kit:NAME".
std::string modules(const std::vector<std::string>& value);
/// "pkcs11:…" without pin-value: settings must not contain a PIN. Empty is valid.
std::string token_uri(std::string_view value);
/// "pkcs11:…" with no other attributes than token, manufacturer, model and serial. Empty is valid.
std::string token_claim(std::string_view value);
/// "same", "renew", or a key type ("ec-p256").
std::string key_policy(std::string_view value);
/// Key policies, each once.
std::string key_choices(const std::vector<std::string>& value);
/// Words of RenewedPurpose, each once, "login" among them.
std::string purposes(const std::vector<std::string>& value);
/// Dotted numbers, such as 1.3.6.1.5.5.7.3.4.
std::string object_identifiers(const std::vector<std::string>& value);
std::string regular_expression(const std::string& value);
/// Of any script.
std::string mail_address(std::string_view value);
/// Whether koshin-mail writes to this address: what stands before the "@" has to be in ASCII, the domain is
/// converted (RFC 5891).
bool is_sent_to(std::string_view address);
/// The recipient with values as they may be in the places of "%u" and "%{email}".
std::string sample_recipient(std::string_view value);
/// mail_address() in which "%u" and "%{email}" (personal_values.hpp) may stand for parts of the address or
/// all of it.
std::string mail_recipient(std::string_view value);
std::string color(std::string_view value);
/// What stands in sentences for "PIN": short, without braces, in which texts have places for values.
std::string pin_name(std::string_view value);
std::string positive_duration(const CalendarDuration& value);
/// At most 32 durations, each positive.
std::string thresholds(const std::vector<CalendarDuration>& value);

}  // namespace koshin::settings_checks
