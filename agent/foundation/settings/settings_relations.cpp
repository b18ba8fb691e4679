// SPDX-License-Identifier: MIT
// Keys that belong together.
#include "foundation/base/text.hpp"
#include "foundation/settings/settings_reading.hpp"

namespace koshin {

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

std::vector<LooseEnd> loose_ends(const Settings& settings) {
  std::vector<LooseEnd> found;
  const auto needs = [&](bool set, const char* key, const std::vector<std::pair<bool, const char*>>& others) {
    LooseEnd end{key, {}};
    for (const auto& [is_there, other] : others)
      if (!is_there) end.missing.emplace_back(other);
    if (set && !end.missing.empty()) found.push_back(std::move(end));
  };
  const auto& mail = settings.mail;
  needs(!mail.url.empty(), "mail.url", {{!mail.from.empty(), "mail.from"}, {!mail.to.empty(), "mail.to"}});
  needs(!mail.to.empty(), "mail.to", {{!mail.url.empty(), "mail.url"}});
  needs(settings.unattended.enabled, "unattended.enabled",
        {{pin_source_of(settings.token.uri).has_value(), "token.uri (…?pin-source=file:/…)"}});
  return found;
}

}  // namespace koshin
