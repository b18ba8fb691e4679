// SPDX-License-Identifier: MIT
// koshin config check and koshin config show: the settings in force.
#include <algorithm>

#include "cli/commands.hpp"
#include "cli/json_output.hpp"
#include "cli/report.hpp"
#include "desk_check/named_files.hpp"
#include "foundation/base/text.hpp"
#include "foundation/settings/proxy_naming.hpp"
#include "foundation/settings/settings_reading.hpp"
#include "foundation/settings/settings_table.hpp"
#include "foundation/texts/cli.hpp"

namespace koshin::cli {
namespace {

std::string origin_of(const Settings& settings, std::string_view key) {
  const auto origin =
      std::ranges::find_if(settings.origins, [&](const auto& entry) { return entry.first == key; });
  return origin == settings.origins.end() ? std::string() : origin->second;
}

bool is_locked(const SettingKey& key, const std::vector<SettingsFile>& files) {
  return key.administrator_only || std::ranges::any_of(files, [&](const SettingsFile& file) {
           return std::ranges::find(file.locked, key.name) != file.locked.end();
         });
}

ShownSetting shown_setting(const Settings& settings, const SettingKey& key,
                           const std::vector<SettingsFile>& files) {
  return {.key = std::string(key.name),
          .value = setting_text(settings, key),
          .origin = origin_of(settings, key.name),
          .locked = is_locked(key, files)};
}

/// All settings outside of banks; for each bank with a name, the keys that it sets.
ShownSettings shown_settings(const SettingsReading& reading) {
  const auto& [base, banks] = reading.deployment;
  ShownSettings shown;
  for (const SettingKey& key : settings_table())
    shown.settings.push_back(shown_setting(base, key, reading.files));
  for (const Settings& bank : banks) {
    if (bank.bank().empty() || bank.bank() == base_bank) continue;
    for (const SettingKey& key : settings_table()) {
      ShownSetting setting = shown_setting(bank, key, reading.files);
      setting.bank = bank.bank();
      if (!setting.origin.empty() && setting.origin != origin_of(base, key.name))
        shown.settings.push_back(std::move(setting));
    }
  }
  shown.files = reading.files;
  return shown;
}

/// The name of a key in a note, with the bank's name, if any.
std::string key_of(const Settings& bank, const std::string& key) {
  return bank.bank().empty() ? key : key + ", bank " + bank.bank();
}

void print_files(const Console& console, const std::vector<SettingsFile>& files) {
  for (const SettingsFile& file : files) {
    const std::string path = printable(file.path.string(), 300);
    if (!file.found) {
      console.print(texts::cli_config_file_missing, {path});
      continue;
    }
    const std::string count = std::to_string(file.values);
    if (file.locked.empty()) {
      console.print(texts::cli_config_file, {path, count});
    } else {
      console.print(texts::cli_config_file_that_locks, {path, count, joined(file.locked)});
    }
  }
}

/// A key that is set, and the problem that results.
struct Note {
  Text text;
  std::vector<std::string> values;
};

void add_notes_on(const Settings& bank, std::vector<Note>& notes) {
  const auto add = [&](Note note) {
    const bool told =
        std::ranges::any_of(notes, [&](const Note& other) { return other.values == note.values; });
    if (note.values.empty() || !told) notes.push_back(std::move(note));
  };
  if (bank.authority.url.empty())
    add(bank.bank().empty() ? Note{texts::cli_config_no_authority, {}}
                            : Note{texts::cli_config_bank_without_authority, {bank.bank()}});
  for (const LooseEnd& end : loose_ends(bank))
    add({texts::cli_config_comes_to_nothing,
         {key_of(bank, end.key), origin_of(bank, end.key), joined(end.missing)}});
  if (tells_any_proxy_its_user(bank))
    add({texts::cli_config_user_for_any_proxy,
         {key_of(bank, "proxy.user"), origin_of(bank, "proxy.user"), bank.proxy.url}});
  for (const PurposeWithoutLabel& one : purposes_without_label(bank))
    add({texts::cli_config_purpose_without_label,
         {key_of(bank, one.key), origin_of(bank, "renewal.purposes"), std::string(one.purpose)}});
  for (const desk_check::UnusableFile& file : desk_check::look_at_named_files(bank).unusable)
    add({texts::cli_config_cannot_be_used, {file.key, origin_of(bank, file.key), printable(file.why, 400)}});
}

std::vector<Note> notes_on(const Deployment& deployment) {
  std::vector<Note> notes;
  if (deployment.base.token.modules.empty()) notes.push_back({texts::cli_config_no_modules, {}});
  for (const Settings& bank : deployment.banks) add_notes_on(bank, notes);
  for (const std::string& key : keys_of_no_bank(deployment))
    notes.push_back({texts::cli_config_of_no_bank, {key, origin_of(deployment.base, key)}});
  for (const Overlap& overlap : overlaps(deployment))
    notes.push_back({texts::cli_config_not_told_apart, {overlap.one, overlap.other}});
  return notes;
}

std::vector<ShownWay> ways_of(const Deployment& deployment) {
  std::vector<ShownWay> ways;
  for (const Settings& bank : deployment.banks) {
    if (bank.authority.url.empty()) continue;
    ways.push_back({.bank = bank.bank(),
                    .authority = bank.authority.url,
                    .naming = who_names_proxy(bank.proxy),
                    .url_origin = origin_of(bank, "proxy.url"),
                    .no_proxy_origin = origin_of(bank, "proxy.no_proxy")});
  }
  return ways;
}

std::string way_in_words(const Console& console, const ShownWay& way) {
  const ProxyNaming& naming = way.naming;
  switch (naming.by) {
    case ProxyNaming::By::settings:
      return naming.url.empty()
                 ? console.say(texts::cli_config_way_none, {way.url_origin})
                 : console.say(texts::cli_config_way_settings, {shown_proxy(naming.url), way.url_origin});
    case ProxyNaming::By::environment:
      return console.say(texts::cli_config_way_environment, {shown_proxy(naming.url), naming.variable});
    case ProxyNaming::By::desktop:
      return console.say(texts::cli_config_way_desktop, {way.url_origin});
    case ProxyNaming::By::script:
      return console.say(texts::cli_config_way_script, {printable(naming.script, 300), way.url_origin});
    case ProxyNaming::By::nobody:
      break;
  }
  return console.say(texts::cli_config_way_nobody);
}

/// Which proxy the authorities are reached by, and who says so: what a person compares with what IT has told.
void print_ways(const Console& console, const std::vector<ShownWay>& ways) {
  for (const ShownWay& way : ways) {
    console.print(texts::cli_config_way, {way.authority, way_in_words(console, way)});
    const ProxyNaming& naming = way.naming;
    if (naming.no_proxy.empty()) continue;
    const bool by_variable = !naming.no_proxy_variable.empty();
    console.print(texts::cli_config_way_except,
                  {by_variable ? naming.no_proxy_variable : "proxy.no_proxy (" + way.no_proxy_origin + ")",
                   printable(naming.no_proxy, 300)});
  }
}

std::string in_words(const Note& note, Language language) {
  const std::vector<std::string_view> values(note.values.begin(), note.values.end());
  return fill_places(note.text.in(language), values);
}

/// Reports all mistakes at once.
int report_mistakes(const Session& session, const SettingsReading& reading) {
  const Console& console = session.console;
  const std::vector<Failure>& mistakes = reading.mistakes;
  console.document(mistakes_json(session, reading));
  console.trouble(console.paint(Shade::bad, "koshin: " + console.say(info(mistakes.front().reason).cause)));
  for (const Failure& mistake : mistakes) console.trouble("  " + mistake.detail);
  print_files(console, reading.files);
  console.print(texts::cli_config_nothing_else_checked);
  console.trouble(console.say(texts::cli_config_exit_code, {info(mistakes.front().reason).id,
                                                            std::to_string(mistakes.front().exit_code())}));
  return mistakes.front().exit_code();
}

}  // namespace

int run_config_check(const Session& session) {
  const Console& console = session.console;
  const SettingsReading reading = read_settings(settings_sources(session.arguments));
  if (!reading.mistakes.empty()) return report_mistakes(session, reading);
  ShownSettings shown = shown_settings(reading);
  auto notes = notes_on(reading.deployment);
  for (const auto& file : reading.passed_over)
    notes.push_back({texts::cli_config_passed_over, {printable(file.string(), 300)}});
  for (const Note& note : notes) shown.notes.push_back(in_words(note, Language::en));
  shown.ways = ways_of(reading.deployment);
  console.document(config_json(session, shown));
  console.print(texts::cli_config_right,
                {std::to_string(std::ranges::count_if(
                    shown.settings, [](const ShownSetting& setting) { return !setting.origin.empty(); }))});
  print_files(console, reading.files);
  print_ways(console, shown.ways);
  for (const Note& note : notes)
    console.print(console.paint(Shade::warning, in_words(note, console.language())));
  console.print(texts::cli_config_not_checked);
  return 0;
}

int run_config_show(const Session& session) {
  const Console& console = session.console;
  const ShownSettings shown = shown_settings(read_settings(settings_sources(session.arguments)));
  console.document(config_json(session, shown));
  std::string table, bank;
  for (const ShownSetting& setting : shown.settings) {
    const auto dot = setting.key.find('.');
    if (setting.bank != bank) {
      bank = setting.bank;
      table.clear();
      console.print("[[bank]]\nname = \"" + bank + "\"");
    }
    const std::string section = (bank.empty() ? "" : "bank.") + setting.key.substr(0, dot);
    if (section != table) {
      table = section;
      console.print("[" + table + "]");
    }
    const std::string assignment = setting.key.substr(dot + 1) + " = " + setting.value;
    const std::string locked = setting.locked ? console.say(texts::cli_config_locked) : "";
    if (setting.value.empty())
      console.print("# " + setting.key.substr(dot + 1) + console.say(texts::cli_config_not_set) + locked);
    else if (setting.origin.empty() && locked.empty())
      console.print(assignment);
    else
      console.print(padded(assignment, 44) + "  #" + (setting.origin.empty() ? "" : " " + setting.origin) +
                    locked);
  }
  return 0;
}

}  // namespace koshin::cli
