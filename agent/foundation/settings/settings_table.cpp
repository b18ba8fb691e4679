// SPDX-License-Identifier: MIT
// The table of settings.
#include "foundation/settings/settings_table.hpp"

#include <algorithm>
#include <array>
#include <type_traits>
#include <utility>

#include "foundation/base/text.hpp"
#include "foundation/settings/settings_checks.hpp"
#include "foundation/settings/url_checks.hpp"

namespace koshin {
namespace {

namespace checks = settings_checks;
using S = Settings;
using Scope = SettingScope;

std::string no_check(S& /*settings*/) {
  return {};
}

// A row's member: a function from the settings to the value, so that one table can hold members of any
// section. (It is a member access: it cannot be enclosed in parentheses.)
// NOLINTBEGIN(bugprone-macro-parentheses)
#define KOSHIN_MEMBER(path) \
  +[](S & s) -> auto& {     \
    return s.path;          \
  }
#define KOSHIN_CHOICE(path)                                                            \
  ChoiceMember {                                                                       \
    words_of<std::remove_cvref_t<decltype(std::declval<S&>().path)>>,                  \
        [](S& s) { return static_cast<std::size_t>(s.path); },                         \
        [](S& s, std::size_t value) { s.path = static_cast<decltype(s.path)>(value); } \
  }
// NOLINTEND(bugprone-macro-parentheses)

const SettingKey table[] = {
    {"token.modules", Scope::machine, KOSHIN_MEMBER(token.modules),
     [](S& s) { return checks::modules(s.token.modules); }, true},
    {"token.profile", Scope::bank, KOSHIN_CHOICE(token.profile), no_check},
    {"token.factory_management_key", Scope::bank, KOSHIN_MEMBER(token.factory_management_key), no_check},
    {"token.uri", Scope::bank, KOSHIN_MEMBER(token.uri), [](S& s) { return checks::token_uri(s.token.uri); }},
    {"token.pin_characters", Scope::bank, KOSHIN_CHOICE(token.pin_characters), no_check},
    {"token.trial_object", Scope::bank, KOSHIN_CHOICE(token.trial_object), no_check},
    {"token.rescan_interval", Scope::machine, KOSHIN_MEMBER(token.rescan_interval),
     [](S& s) { return checks::number_within(s.token.rescan_interval.value().count(), 5, 86400); }},

    {"pin.minimum_length", Scope::machine, KOSHIN_MEMBER(pin.minimum_length),
     [](S& s) { return checks::number_within(s.pin.minimum_length, 0, 255); }},
    {"pin.refuse_simple", Scope::machine, KOSHIN_MEMBER(pin.refuse_simple), no_check},

    {"authority.protocol", Scope::bank, KOSHIN_CHOICE(authority.protocol), no_check},
    {"authority.url", Scope::bank, KOSHIN_MEMBER(authority.url),
     [](S& s) { return checks::authority_url(s.authority.url); }},
    {"authority.label", Scope::bank, KOSHIN_MEMBER(authority.label),
     [](S& s) { return checks::est_label(s.authority.label); }},
    {"authority.signature_label", Scope::bank, KOSHIN_MEMBER(authority.signature_label),
     [](S& s) { return checks::est_label(s.authority.signature_label); }},
    {"authority.encryption_label", Scope::bank, KOSHIN_MEMBER(authority.encryption_label),
     [](S& s) { return checks::est_label(s.authority.encryption_label); }},
    {"authority.trust_anchors", Scope::bank, KOSHIN_MEMBER(authority.trust_anchors), no_check, true},
    {"authority.issuer_anchors", Scope::bank, KOSHIN_MEMBER(authority.issuer_anchors), no_check, true},
    {"authority.http_authentication", Scope::bank, KOSHIN_CHOICE(authority.http_authentication), no_check},
    {"authority.http_user", Scope::bank, KOSHIN_MEMBER(authority.http_user), no_check},
    {"authority.http_password_file", Scope::bank, KOSHIN_MEMBER(authority.http_password_file), no_check},
    {"authority.channel_binding", Scope::bank, KOSHIN_CHOICE(authority.channel_binding), no_check},
    {"authority.client_chain", Scope::bank, KOSHIN_CHOICE(authority.client_chain), no_check},
    {"authority.connect_timeout", Scope::shared, KOSHIN_MEMBER(authority.connect_timeout),
     [](S& s) { return checks::number_within(s.authority.connect_timeout.count(), 1, 600); }},
    {"authority.request_timeout", Scope::shared, KOSHIN_MEMBER(authority.request_timeout),
     [](S& s) { return checks::number_within(s.authority.request_timeout.count(), 1, 3600); }},
    {"authority.attempts", Scope::shared, KOSHIN_MEMBER(authority.attempts),
     [](S& s) { return checks::number_within(s.authority.attempts, 1, 10); }},
    {"authority.prove_url", Scope::bank, KOSHIN_MEMBER(authority.prove_url),
     [](S& s) { return checks::url(s.authority.prove_url, {"https://"}); }},

    {"proxy.url", Scope::shared, KOSHIN_MEMBER(proxy.url),
     [](S& s) { return checks::proxy_url(s.proxy.url); }},
    {"proxy.authentication", Scope::shared, KOSHIN_CHOICE(proxy.authentication), no_check},
    {"proxy.user", Scope::shared, KOSHIN_MEMBER(proxy.user), no_check},
    {"proxy.password_file", Scope::shared, KOSHIN_MEMBER(proxy.password_file), no_check},
    {"proxy.trust_anchors", Scope::shared, KOSHIN_MEMBER(proxy.trust_anchors), no_check, true},
    {"proxy.no_proxy", Scope::shared, KOSHIN_MEMBER(proxy.no_proxy), no_check},

    {"renewal.window", Scope::shared, KOSHIN_MEMBER(renewal.window),
     [](S& s) { return checks::positive_duration(s.renewal.window); }},
    {"renewal.grace", Scope::shared, KOSHIN_MEMBER(renewal.grace), no_check},
    {"renewal.purposes", Scope::shared, KOSHIN_MEMBER(expect.purposes),
     [](S& s) { return checks::purposes(s.expect.purposes); }},
    {"renewal.key", Scope::shared, KOSHIN_MEMBER(renewal.key),
     [](S& s) { return checks::key_policy(s.renewal.key); }},
    {"renewal.key_choices", Scope::shared, KOSHIN_MEMBER(renewal.key_choices),
     [](S& s) { return checks::key_choices(s.renewal.key_choices); }},
    {"renewal.home_slot", Scope::shared, KOSHIN_CHOICE(renewal.home_slot), no_check},
    {"renewal.job_deadline", Scope::shared, KOSHIN_MEMBER(renewal.job_deadline),
     [](S& s) { return checks::number_within(s.renewal.job_deadline.count(), 1, 86400); }},

    {"expect.organization", Scope::bank, KOSHIN_MEMBER(expect.organization), no_check},
    {"expect.organizational_unit", Scope::bank, KOSHIN_MEMBER(expect.organizational_unit), no_check},
    {"expect.common_name_pattern", Scope::bank, KOSHIN_MEMBER(expect.common_name_pattern),
     [](S& s) { return checks::regular_expression(s.expect.common_name_pattern); }},
    {"expect.added_extended_usages", Scope::bank, KOSHIN_MEMBER(expect.added_extended_usages),
     [](S& s) { return checks::object_identifiers(s.expect.added_extended_usages); }},
    {"expect.longest_validity", Scope::bank, KOSHIN_MEMBER(expect.longest_validity),
     [](S& s) { return checks::positive_duration(s.expect.longest_validity); }},
    {"expect.issuer_pattern", Scope::bank, KOSHIN_MEMBER(expect.issuer_pattern),
     [](S& s) { return checks::regular_expression(s.expect.issuer_pattern); }},
    {"expect.token_uri", Scope::bank, KOSHIN_MEMBER(expect.token_uri),
     [](S& s) { return checks::token_claim(s.expect.token_uri); }},

    {"reminders.thresholds", Scope::shared, KOSHIN_MEMBER(reminders.thresholds),
     [](S& s) { return checks::thresholds(s.reminders.thresholds); }},
    {"reminders.daily", Scope::shared, KOSHIN_MEMBER(reminders.daily), no_check},

    {"unattended.enabled", Scope::shared, KOSHIN_MEMBER(unattended.enabled), no_check},
    {"unattended.spread", Scope::shared, KOSHIN_MEMBER(unattended.spread), no_check},

    {"hooks.directory", Scope::machine, KOSHIN_MEMBER(hooks.directory), no_check, true},

    {"log.level", Scope::machine, KOSHIN_CHOICE(log.level), no_check},

    {"log.module_output", Scope::machine, KOSHIN_MEMBER(log.module_output), no_check},

    {"metrics.textfile", Scope::machine, KOSHIN_MEMBER(metrics.textfile), no_check},

    {"mail.url", Scope::shared, KOSHIN_MEMBER(mail.url), [](S& s) { return checks::mail_url(s.mail.url); }},
    {"mail.from", Scope::shared, KOSHIN_MEMBER(mail.from),
     [](S& s) { return checks::mail_address(s.mail.from); }},
    {"mail.to", Scope::shared, KOSHIN_MEMBER(mail.to),
     [](S& s) { return checks::mail_recipient(s.mail.to); }},
    {"mail.cc", Scope::shared, KOSHIN_MEMBER(mail.cc), [](S& s) { return checks::mail_address(s.mail.cc); }},
    {"mail.user", Scope::shared, KOSHIN_MEMBER(mail.user), no_check},
    {"mail.password_file", Scope::shared, KOSHIN_MEMBER(mail.password_file), no_check},
    {"mail.trust_anchors", Scope::shared, KOSHIN_MEMBER(mail.trust_anchors), no_check},
    {"mail.language", Scope::shared, KOSHIN_MEMBER(mail.language),
     [](S& s) { return checks::language(s.mail.language); }},
    {"mail.starttls", Scope::shared, KOSHIN_MEMBER(mail.starttls), no_check},

    {"branding.bank_name", Scope::bank, KOSHIN_MEMBER(branding.bank_name.for_all), no_check},
    {"branding.bank_name_en", Scope::bank, KOSHIN_MEMBER(branding.bank_name.of(Language::en)), no_check},
    {"branding.bank_name_ja", Scope::bank, KOSHIN_MEMBER(branding.bank_name.of(Language::ja)), no_check},
    {"branding.help_desk", Scope::bank, KOSHIN_MEMBER(branding.help_desk.for_all), no_check},
    {"branding.help_desk_en", Scope::bank, KOSHIN_MEMBER(branding.help_desk.of(Language::en)), no_check},
    {"branding.help_desk_ja", Scope::bank, KOSHIN_MEMBER(branding.help_desk.of(Language::ja)), no_check},
    {"branding.pin_name", Scope::bank, KOSHIN_MEMBER(branding.pin_name.for_all),
     [](S& s) { return checks::pin_name(s.branding.pin_name.for_all); }},
    {"branding.pin_name_en", Scope::bank, KOSHIN_MEMBER(branding.pin_name.of(Language::en)),
     [](S& s) { return checks::pin_name(s.branding.pin_name.of(Language::en)); }},
    {"branding.pin_name_ja", Scope::bank, KOSHIN_MEMBER(branding.pin_name.of(Language::ja)),
     [](S& s) { return checks::pin_name(s.branding.pin_name.of(Language::ja)); }},
    {"branding.logo", Scope::bank, KOSHIN_MEMBER(branding.logo), no_check},
    {"branding.accent_color", Scope::bank, KOSHIN_MEMBER(branding.accent_color),
     [](S& s) { return checks::color(s.branding.accent_color); }},
    {"branding.login_url", Scope::bank, KOSHIN_MEMBER(branding.login_url),
     [](S& s) { return checks::page_url(s.branding.login_url); }},

    {"page.shuffle_software_keyboard", Scope::machine, KOSHIN_MEMBER(page.shuffle_software_keyboard),
     no_check},
    {"page.idle_timeout", Scope::machine, KOSHIN_MEMBER(page.idle_timeout),
     [](S& s) { return checks::number_within(s.page.idle_timeout.count(), 1, 86400); }},
};

#undef KOSHIN_MEMBER
#undef KOSHIN_CHOICE

std::string toml_string(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') result += '\\';
    result += c;
  }
  return result + '"';
}

std::string as_toml(const ChoiceMember::Reference& value) {
  return toml_string(value.word());
}
std::string as_toml(const std::string& value) {
  return toml_string(value);
}
std::string as_toml(const std::filesystem::path& value) {
  return toml_string(value.string());
}
std::string as_toml(std::chrono::seconds value) {
  return std::to_string(value.count());
}
std::string as_toml(const std::optional<std::chrono::seconds>& value) {
  return value ? as_toml(*value) : std::string{};
}
std::string as_toml(const CalendarDuration& value) {
  return toml_string(value.to_string());
}
std::string as_toml(int value) {
  return std::to_string(value);
}
std::string as_toml(bool value) {
  return value ? "true" : "false";
}

void copy_value(const ChoiceMember::Reference& from, const ChoiceMember::Reference& to) {
  to.assign(from.word());
}
void copy_value(const auto& from, auto& to) {
  to = from;
}

template <class T>
std::string as_toml(const std::vector<T>& values) {
  std::string text = "[";
  for (const T& value : values) text += (text.size() > 1 ? ", " : "") + as_toml(value);
  return text + ']';
}

}  // namespace

bool ChoiceMember::Reference::assign(std::string_view word) const {
  const auto found = std::ranges::find(member_.words_, word);
  if (found == member_.words_.end()) return false;
  member_.write_(settings_, static_cast<std::size_t>(found - member_.words_.begin()));
  return true;
}

std::span<const SettingKey> settings_table() {
  return table;
}

const SettingKey* find_setting(std::string_view name) {
  const auto* const found = std::find_if(std::begin(table), std::end(table),
                                         [&](const SettingKey& key) { return key.name == name; });
  return found == std::end(table) ? nullptr : found;
}

std::string_view nearest_setting(std::string_view name) {
  if (name.size() > 64) return {};
  const auto leaf = [](std::string_view text) { return text.substr(text.rfind('.') + 1); };
  std::string_view nearest;
  std::size_t best = 4;  // four or more edits: another word
  for (const SettingKey& key : table) {
    // A right key in the wrong section counts as one edit, however different the sections' names are.
    // So does the beginning of a key's name: "proxy.password" for "proxy.password_file".
    const bool begins = key.name.starts_with(name) && key.name.substr(name.size()).starts_with('_');
    const std::size_t distance = begins || leaf(key.name) == leaf(name) ? 1 : edit_distance(key.name, name);
    if (distance < best) {
      best = distance;
      nearest = key.name;
    }
  }
  return nearest;
}

std::string_view nearest_settings_section(std::string_view name) {
  std::string_view nearest;
  std::size_t best = std::min<std::size_t>(4, name.size());  // as many edits as letters: another word
  for (const SettingKey& key : table) {
    const std::string_view section = key.name.substr(0, key.name.find('.'));
    const std::size_t distance = name.size() > 64 ? best : edit_distance(section, name);
    if (distance < best) {
      best = distance;
      nearest = section;
    }
  }
  return nearest;
}

std::string_view describe(SettingType type) {
  switch (type) {
    case SettingType::choice:
    case SettingType::text:
      return "a text";
    case SettingType::text_list:
      return "a list of texts";
    case SettingType::path:
      return "a path as text";
    case SettingType::seconds:
    case SettingType::optional_seconds:
      return "a whole number of seconds (or a text such as \"PT90S\")";
    case SettingType::duration:
      return "a duration such as \"P1M\"";
    case SettingType::duration_list:
      return "a list of durations such as \"P28D\"";
    case SettingType::number:
      return "a whole number";
    case SettingType::boolean:
      return "true or false";
  }
  return "";
}

std::string setting_text(const Settings& settings, const SettingKey& key) {
  // The member functions return a mutable reference; nothing is written here.
  auto& writable = const_cast<Settings&>(settings);
  return std::visit([&](auto member) { return as_toml(member(writable)); }, key.member);
}

void copy_setting(const SettingKey& key, const Settings& from, Settings& to) {
  auto& readable = const_cast<Settings&>(from);  // as in setting_text()
  std::visit([&](auto member) { copy_value(member(readable), member(to)); }, key.member);
}

std::vector<CalendarDuration> default_thresholds() {
  return {{.days = 28}, {.days = 7}, {.days = 3}, {.days = 2}, {.days = 1}};
}

}  // namespace koshin
