// SPDX-License-Identifier: MIT
// Keys that depend on each other, and banks with overlapping claims.
#include <algorithm>

#include "foundation/base/text.hpp"
#include "foundation/settings/proxy_naming.hpp"
#include "foundation/settings/settings_checks.hpp"
#include "foundation/settings/settings_reading.hpp"
#include "foundation/settings/settings_table.hpp"
#include "foundation/settings/token_attributes.hpp"

namespace koshin {
namespace {

/// Whether both are set to different values, so that no certificate matches both.
bool differ(const std::string& one, const std::string& other) {
  return !one.empty() && !other.empty() && one != other;
}
bool differ(const std::optional<std::string>& one, const std::optional<std::string>& other) {
  return one && other && *one != *other;
}

bool tokens_differ(const std::string& one, const std::string& other) {
  const auto a = token_attributes_of(one), b = token_attributes_of(other);
  return a && b &&
         (differ(a->label, b->label) || differ(a->manufacturer, b->manufacturer) ||
          differ(a->model, b->model) || differ(a->serial, b->serial));
}

bool is_renewed(const Settings& settings, RenewedPurpose purpose) {
  return std::ranges::find(settings.expect.purposes, word(purpose)) != settings.expect.purposes.end();
}

bool are_told_apart(const Settings::Expect& one, const Settings::Expect& other) {
  return differ(one.organization, other.organization) ||
         differ(one.organizational_unit, other.organizational_unit) ||
         differ(one.common_name_pattern, other.common_name_pattern) ||
         differ(one.issuer_pattern, other.issuer_pattern) || tokens_differ(one.token_uri, other.token_uri);
}

}  // namespace

std::vector<Overlap> overlaps(const Deployment& deployment) {
  std::vector<Overlap> found;
  const auto& banks = deployment.banks;
  for (auto one = banks.begin(); one != banks.end(); ++one) {
    for (auto other = std::next(one); other != banks.end(); ++other)
      if (!are_told_apart(one->expect, other->expect)) found.push_back({one->bank(), other->bank()});
  }
  return found;
}

std::vector<std::string> keys_of_no_bank(const Deployment& deployment) {
  std::vector<std::string> found;
  if (deployment.banks.front().bank().empty() || deployment.find(base_bank) != nullptr) return found;
  const Settings defaults;
  for (const auto& origin : deployment.base.origins) {
    const SettingKey* const key = find_setting(origin.first);
    const bool says_something = setting_text(deployment.base, *key) != setting_text(defaults, *key);
    if (key->scope == SettingScope::bank && says_something) found.push_back(origin.first);
  }
  return found;
}

std::optional<std::string> pin_source_of(std::string_view token_uri) {
  const auto query = token_uri.find('?');
  if (query == std::string_view::npos) return {};
  constexpr std::string_view name = "&pin-source=";
  const std::string attributes = "&" + std::string(token_uri.substr(query + 1));
  const auto begin = attributes.find(name);
  if (begin == std::string::npos) return {};
  const auto first = begin + name.size();
  const std::string value = attributes.substr(first, attributes.find('&', first) - first);
  return percent_decode(value).value_or(value);
}

std::vector<PurposeWithoutLabel> purposes_without_label(const Settings& settings) {
  std::vector<PurposeWithoutLabel> found;
  const auto look = [&](RenewedPurpose purpose, const std::string& label, const char* key) {
    if (label.empty() && is_renewed(settings, purpose)) found.push_back({word(purpose), key});
  };
  look(RenewedPurpose::signature, settings.authority.signature_label, "authority.signature_label");
  look(RenewedPurpose::encryption, settings.authority.encryption_label, "authority.encryption_label");
  return found;
}

bool tells_any_proxy_its_user(const Settings& settings) {
  return !settings.proxy.user.empty() && who_names_proxy(settings.proxy).script.starts_with("http://");
}

std::vector<LooseEnd> loose_ends(const Settings& settings) {
  std::vector<LooseEnd> found;
  const auto needs = [&](bool set, const char* key, const std::vector<std::pair<bool, const char*>>& others) {
    LooseEnd end{key, {}};
    for (const auto& [is_there, other] : others)
      if (!is_there) end.missing.emplace_back(other);
    if (set && !end.missing.empty()) found.push_back(std::move(end));
  };
  const auto renews = [&](RenewedPurpose purpose) { return is_renewed(settings, purpose); };
  const auto& authority = settings.authority;
  needs(!authority.signature_label.empty(), "authority.signature_label",
        {{renews(RenewedPurpose::signature), "renewal.purposes (\"signature\")"}});
  needs(!authority.encryption_label.empty(), "authority.encryption_label",
        {{renews(RenewedPurpose::encryption), "renewal.purposes (\"encryption\")"}});
  needs(!settings.proxy.password_file.empty(), "proxy.password_file",
        {{!settings.proxy.user.empty(), "proxy.user"}});
  const auto& mail = settings.mail;
  needs(!mail.url.empty(), "mail.url", {{!mail.from.empty(), "mail.from"}, {!mail.to.empty(), "mail.to"}});
  const bool is_sent = settings_checks::is_sent_to(settings_checks::sample_recipient(mail.to));
  needs(!mail.to.empty(), "mail.to",
        {{!mail.url.empty(), "mail.url"}, {is_sent, "a name in ASCII before the \"@\""}});
  needs(!mail.cc.empty(), "mail.cc", {{!mail.url.empty(), "mail.url"}});
  needs(!mail.password_file.empty(), "mail.password_file", {{!mail.user.empty(), "mail.user"}});
  needs(settings.unattended.enabled, "unattended.enabled",
        {{pin_source_of(settings.token.uri).has_value(), "token.uri (…?pin-source=file:/…)"}});
  const bool card = settings.token.profile == TokenProfileName::piv;
  needs(settings.token.factory_management_key, "token.factory_management_key",
        {{card, "token.profile = \"piv\""}});
  needs(settings.token.trial_object == TrialObject::never, "token.trial_object",
        {{!card, "token.profile = \"generic\""}});
  needs(settings.renewal.home_slot == HomeSlot::never, "renewal.home_slot",
        {{card, "token.profile = \"piv\""},
         {settings.renewal.key != "renew", "another renewal.key than \"renew\""}});
  return found;
}

}  // namespace koshin
