// SPDX-License-Identifier: MIT
// Reads the embedded catalogues.
#include "catalogue.hpp"

#include <nlohmann/json.hpp>

#include "assets.hpp"
#include "foundation/base/language.hpp"

namespace koshin::ui {

Catalogue::Catalogue(Language language) : language_(language) {
  const Asset* asset = find_asset(language == Language::japanese ? "ja.json" : "en.json");
  const auto parsed = nlohmann::json::parse(asset->content);
  // The page needs hundreds of texts, this process a handful.
  for (const auto& [key, value] : parsed.items())
    for (const char* const wanted : {"desk.", "mail.", "left.", "ago."})
      if (key.rfind(wanted, 0) == 0) texts_[key] = value.get<std::string>();
}

std::string Catalogue::days(std::string_view kind, long count) const {
  const char* const form = count == 1 ? ".day" : count < 1 ? ".today" : ".days";
  return text(std::string(kind) + form, {{"days", std::to_string(count)}});
}

std::string Catalogue::text(std::string_view key, const std::map<std::string, std::string>& values) const {
  const auto found = texts_.find(key);
  if (found == texts_.end()) fail(Reason::internal_error, "no text " + std::string(key));
  std::string result;
  std::string_view rest = found->second;
  while (!rest.empty()) {
    const auto open = rest.find('{');
    const auto close = rest.find('}', open == std::string_view::npos ? rest.size() : open);
    if (close == std::string_view::npos) break;
    result += rest.substr(0, open);
    const auto value = values.find(std::string(rest.substr(open + 1, close - open - 1)));
    result += value != values.end() ? value->second : std::string(rest.substr(open, close - open + 1));
    rest.remove_prefix(close + 1);
  }
  return result.append(rest);
}

Language choose_language(std::string_view wanted) {
  if (wanted == "en") return Language::english;
  if (wanted == "ja") return Language::japanese;
  return language_of_session();
}

std::string_view language_tag(Language language) {
  return language == Language::japanese ? "ja" : "en";
}

}  // namespace koshin::ui
