// SPDX-License-Identifier: MIT
// The policy templates. Their schema: "Group Policy ADMX Syntax Reference Guide" of Microsoft.
#include <algorithm>
#include <set>
#include <stdexcept>
#include <vector>

#include "foundation/base/markup.hpp"
#include "foundation/base/text.hpp"
#include "foundation/settings/default_settings.hpp"
#include "foundation/settings/settings_table.hpp"
#include "foundation/texts/policy.hpp"
#include "templates.hpp"

namespace koshin::templates {
namespace {

constexpr std::string_view root_key = "SOFTWARE\\Policies\\koshin";
constexpr std::string_view longest_text = "4096";  // bytes, as the settings take them

std::string words(std::string_view key, std::string_view part, Language language) {
  const Text text = texts::find(texts::all_policy, key, part);
  if (text.empty())
    throw std::runtime_error("the catalogues have no policy." + std::string(key) + std::string(part));
  return std::string(text.in(language));
}

std::string_view section_of(std::string_view name) {
  return name.substr(0, name.find('.'));
}
std::string_view leaf_of(std::string_view name) {
  return name.substr(name.find('.') + 1);
}
/// "authority.url" → "authority_url".
std::string identifier(std::string_view name) {
  std::string result(name);
  std::ranges::replace(result, '.', '_');
  return result;
}

std::vector<std::string_view> sections() {
  std::vector<std::string_view> all;
  for (const SettingKey& key : settings_table())
    if (std::ranges::find(all, section_of(key.name)) == all.end()) all.push_back(section_of(key.name));
  return all;
}

std::span<const std::string_view> words_of_choice(const SettingKey& key) {
  Settings settings;
  return std::get<ChoiceMember>(key.member)(settings).words();
}

/// Whether the table takes this number for a key that is one.
bool takes(const SettingKey& key, long long number) {
  Settings settings;
  const auto count = static_cast<int>(number);
  switch (key.type()) {
    case SettingType::number:
      std::get<SettingKey::Member<int>>(key.member)(settings) = count;
      break;
    case SettingType::seconds:
      std::get<SettingKey::Member<std::chrono::seconds>>(key.member)(settings) = std::chrono::seconds(count);
      break;
    default:
      std::get<SettingKey::Member<std::optional<std::chrono::seconds>>>(key.member)(settings) =
          std::chrono::seconds(count);
  }
  return key.check(settings).empty();
}

/// The last number from one that is taken towards one that need not be: the table's check is the only place
/// where a key's limits stand.
long long limit(const SettingKey& key, long long taken, long long end) {
  if (takes(key, end)) return end;
  while (taken + 1 != end && end + 1 != taken) {
    const long long middle = (taken + end) / 2;
    (takes(key, middle) ? taken : end) = middle;
  }
  return taken;
}

std::string decimal(const SettingKey& key) {
  long long taken = 0;
  for (const long long tried : {1, 5, 10, 60, 3600})
    if (takes(key, tried)) taken = tried;
  if (taken == 0) throw std::runtime_error("no number found that is taken for " + std::string(key.name));
  constexpr long long most = 2147483647;
  return "<decimal id=\"value\" valueName=\"" + std::string(leaf_of(key.name)) +
         "\" required=\"true\" minValue=\"" + std::to_string(limit(key, taken, 0)) + "\" maxValue=\"" +
         std::to_string(limit(key, taken, most)) + "\"/>";
}

std::string choice(const SettingKey& key) {
  std::string result =
      "<enum id=\"value\" valueName=\"" + std::string(leaf_of(key.name)) + "\" required=\"true\">";
  for (const std::string_view word : words_of_choice(key)) {
    const std::string shown(word);
    result += "<item displayName=\"$(string.word_" + shown + ")\"><value><string>" + shown +
              "</string></value></item>";
  }
  return result + "</enum>";
}

/// The element that holds a setting's value; empty for one that is on or off.
std::string element(const SettingKey& key) {
  const std::string leaf(leaf_of(key.name));
  switch (key.type()) {
    case SettingType::boolean:
      return {};
    case SettingType::choice:
      return choice(key);
    case SettingType::number:
    case SettingType::seconds:
    case SettingType::optional_seconds:
      return decimal(key);
    case SettingType::text_list:
    case SettingType::duration_list:
      return "<multiText id=\"value\" valueName=\"" + leaf + "\" required=\"true\"/>";
    case SettingType::text:
    case SettingType::path:
    case SettingType::duration:
      break;
  }
  return "<text id=\"value\" valueName=\"" + leaf + "\" required=\"true\" maxLength=\"" +
         std::string(longest_text) + "\"/>";
}

std::string policy(const std::string& name, const std::string& category, const std::string& key,
                   const std::string& more, const std::string& content) {
  return "    <policy name=\"" + name + "\" class=\"Machine\" displayName=\"$(string." + name +
         ")\" explainText=\"$(string." + name + "_text)\" key=\"" + key + '"' + more +
         ">\n      <parentCategory ref=\"" + category + "\"/>\n      <supportedOn ref=\"koshin\"/>\n      " +
         content + "\n    </policy>\n";
}

std::string policy(const SettingKey& key) {
  const std::string name = identifier(key.name), section(section_of(key.name));
  const std::string registry_key = std::string(root_key) + '\\' + section;
  if (key.type() == SettingType::boolean)
    return policy(name, section, registry_key, " valueName=\"" + std::string(leaf_of(key.name)) + '"',
                  "<enabledValue><decimal value=\"1\"/></enabledValue>\n"
                  "      <disabledValue><decimal value=\"0\"/></disabledValue>");
  return policy(name, section, registry_key, " presentation=\"$(presentation." + name + ")\"",
                "<elements>" + element(key) + "</elements>");
}

std::string string_row(const std::string& name, const std::string& text) {
  return "      <string id=\"" + name + "\">" + as_markup(text) + "</string>\n";
}

std::string explanation(const SettingKey& key, Language language) {
  const std::string value = setting_text(default_settings(), key);
  const bool is_set = !value.empty() && value != "\"\"" && value != "[]";
  const std::array<std::string_view, 2> places{key.name, value};
  const std::string note = fill_places(words(is_set ? "note" : "note_without_default", "", language), places);
  return words(key.name, ".text", language) + "\n\n" + note;
}

std::string string_table(Language language) {
  std::string rows = string_row("koshin_title", words("koshin.title", "", language)) +
                     string_row("supported", words("supported", "", language)) +
                     string_row("locked", words("locked", ".name", language)) +
                     string_row("locked_text", words("locked", ".text", language));
  std::set<std::string_view> choices;
  for (const std::string_view section : sections())
    rows += string_row(std::string(section) + "_title", words(section, ".title", language));
  for (const SettingKey& key : settings_table()) {
    rows += string_row(identifier(key.name), words(key.name, ".name", language)) +
            string_row(identifier(key.name) + "_text", explanation(key, language));
    if (key.type() != SettingType::choice) continue;
    for (const std::string_view word : words_of_choice(key)) choices.insert(word);
  }
  for (const std::string_view word : choices)
    rows += string_row("word_" + std::string(word), std::string(word));
  return rows;
}

/// The default as a form shows it: without the quotation marks of TOML.
std::string shown_default(const SettingKey& key) {
  std::string value = setting_text(default_settings(), key);
  std::erase(value, '"');
  return value;
}

std::string presentation(const SettingKey& key, Language language) {
  const std::string label = as_markup(words(key.name, ".name", language)),
                    value = as_markup(shown_default(key));
  switch (key.type()) {
    case SettingType::boolean:
      return {};
    case SettingType::choice: {
      const auto all = words_of_choice(key);
      const auto place = std::ranges::find(all, shown_default(key)) - all.begin();
      return "<dropdownList refId=\"value\" noSort=\"true\" defaultItem=\"" + std::to_string(place) + "\">" +
             label + "</dropdownList>";
    }
    case SettingType::number:
    case SettingType::seconds:
    case SettingType::optional_seconds:
      return "<decimalTextBox refId=\"value\"" + (value.empty() ? "" : " defaultValue=\"" + value + '"') +
             ">" + label + "</decimalTextBox>";
    case SettingType::text_list:
    case SettingType::duration_list:
      return "<multiTextBox refId=\"value\">" + label + "</multiTextBox>";
    case SettingType::text:
    case SettingType::path:
    case SettingType::duration:
      break;
  }
  return "<textBox refId=\"value\"><label>" + label + "</label>" +
         (value.empty() ? "" : "<defaultValue>" + value + "</defaultValue>") + "</textBox>";
}

std::string presentation_row(const std::string& name, const std::string& content) {
  return "      <presentation id=\"" + name + "\">" + content + "</presentation>\n";
}

std::string document(std::string_view element, const std::string& content) {
  const std::string name(element);
  return "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<!-- Made of koshin's table of settings; do not edit. "
         "-->\n<" +
         name +
         " revision=\"1.0\" schemaVersion=\"1.0\" "
         "xmlns=\"http://schemas.microsoft.com/GroupPolicy/2006/07/PolicyDefinitions\">\n" +
         content + "</" + name + ">\n";
}

}  // namespace

std::string policy_definitions() {
  std::string content =
      "  <policyNamespaces>\n    <target prefix=\"koshin\" namespace=\"Koshin.Policies.Koshin\"/>\n"
      "  </policyNamespaces>\n  <resources minRequiredRevision=\"1.0\"/>\n"
      "  <supportedOn>\n    <definitions>\n"
      "      <definition name=\"koshin\" displayName=\"$(string.supported)\"/>\n"
      "    </definitions>\n  </supportedOn>\n  <categories>\n"
      "    <category name=\"koshin\" displayName=\"$(string.koshin_title)\"/>\n";
  for (const std::string_view section : sections())
    content += "    <category name=\"" + std::string(section) + "\" displayName=\"$(string." +
               std::string(section) + "_title)\">\n      <parentCategory ref=\"koshin\"/>\n    </category>\n";
  content += "  </categories>\n  <policies>\n";
  content += policy("locked", "koshin", std::string(root_key), " presentation=\"$(presentation.locked)\"",
                    "<elements><multiText id=\"value\" valueName=\"locked\" required=\"true\"/></elements>");
  for (const SettingKey& key : settings_table()) content += policy(key);
  return document("policyDefinitions", content + "  </policies>\n");
}

std::string policy_words(Language language) {
  std::string content = "  <displayName>koshin</displayName>\n  <description>" +
                        as_markup(words("koshin.title", "", language)) +
                        "</description>\n  <resources>\n    <stringTable>\n" + string_table(language) +
                        "    </stringTable>\n    <presentationTable>\n";
  content +=
      presentation_row("locked", "<multiTextBox refId=\"value\">" +
                                     as_markup(words("locked", ".name", language)) + "</multiTextBox>");
  for (const SettingKey& key : settings_table())
    if (key.type() != SettingType::boolean)
      content += presentation_row(identifier(key.name), presentation(key, language));
  return document("policyDefinitionResources", content + "    </presentationTable>\n  </resources>\n");
}

}  // namespace koshin::templates
