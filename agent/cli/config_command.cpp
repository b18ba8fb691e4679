// SPDX-License-Identifier: MIT
// koshin config check and koshin config show: the settings as they are in force.
#include <algorithm>

#include "cli/commands.hpp"
#include "cli/json_output.hpp"
#include "cli/named_files.hpp"
#include "cli/report.hpp"
#include "foundation/base/text.hpp"
#include "foundation/settings/settings_reading.hpp"
#include "foundation/settings/settings_table.hpp"

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

ShownSettings shown_settings(const SettingsReading& reading) {
  ShownSettings shown;
  for (const SettingKey& key : settings_table()) {
    shown.settings.push_back({.key = std::string(key.name),
                              .value = setting_text(reading.settings, key),
                              .origin = origin_of(reading.settings, key.name),
                              .locked = is_locked(key, reading.files)});
  }
  shown.files = reading.files;
  return shown;
}

void print_files(const Console& console, const std::vector<SettingsFile>& files) {
  for (const SettingsFile& file : files) {
    const std::string path = printable(file.path.string(), 300);
    if (!file.found) {
      console.print(Text{"  {0}: not there", "  {0}: ありません"}, {path});
      continue;
    }
    const std::string count = std::to_string(file.values);
    if (file.locked.empty()) {
      console.print(Text{"  {0}: {1} set", "  {0}: {1} 件を指定"}, {path, count});
    } else {
      console.print(Text{"  {0}: {1} set, locks {2}", "  {0}: {1} 件を指定、{2} をロック"},
                    {path, count, joined(file.locked)});
    }
  }
}

/// A key that is set, and what will not work because of it.
struct Note {
  Text text;
  std::vector<std::string> values;
};

constexpr Text cannot_be_used{"But {0} ({1}): {2}", "ただし {0} ({1}): {2}"};
constexpr Text comes_to_nothing{"But {0} ({1}) is set and comes to nothing without {2}.",
                                "ただし {0} ({1}) は、{2} がないため働きません。"};
constexpr Text no_modules{"But token.modules is empty: no token can be used.",
                          "ただし token.modules が空のため、トークンを使用できません。"};
constexpr Text no_authority{"But authority.url is empty: nothing can be renewed.",
                            "ただし authority.url が空のため、更新できません。"};

std::vector<Note> notes_on(const Settings& settings) {
  std::vector<Note> notes;
  if (settings.token.modules.empty()) notes.push_back({no_modules, {}});
  if (settings.authority.url.empty()) notes.push_back({no_authority, {}});
  for (const LooseEnd& end : loose_ends(settings))
    notes.push_back({comes_to_nothing, {end.key, origin_of(settings, end.key), joined(end.missing)}});
  for (const UnusableFile& file : unusable_files(settings))
    notes.push_back({cannot_be_used, {file.key, origin_of(settings, file.key), printable(file.why, 400)}});
  return notes;
}

std::string in_words(const Note& note, Language language) {
  const std::vector<std::string_view> values(note.values.begin(), note.values.end());
  return fill_places(note.text.in(language), values);
}

/// All of them, so that nobody has to mend one to hear of the next.
int report_mistakes(const Session& session, const std::vector<Failure>& mistakes) {
  const Console& console = session.console;
  console.document(mistakes_json(session, mistakes));
  const auto& texts = info(mistakes.front().reason).texts(console.language());
  console.trouble("koshin: " + std::string(texts.cause));
  for (const Failure& mistake : mistakes) console.trouble("  " + mistake.detail);
  console.trouble(
      console.say({"  {0}, exit code {1}", "  {0}、終了コード {1}"},
                  {info(mistakes.front().reason).id, std::to_string(mistakes.front().exit_code())}));
  return mistakes.front().exit_code();
}

}  // namespace

int run_config_check(const Session& session) {
  const Console& console = session.console;
  const SettingsReading reading = read_settings(settings_sources(session.arguments));
  if (!reading.mistakes.empty()) return report_mistakes(session, reading.mistakes);
  ShownSettings shown = shown_settings(reading);
  const auto notes = notes_on(reading.settings);
  for (const Note& note : notes) shown.notes.push_back(in_words(note, Language::english));
  console.document(config_json(session, shown));
  console.print(Text{"The settings are right ({0} set, the others have their defaults).",
                     "設定に誤りはありません ({0} 件を指定、ほかは既定値)。"},
                {std::to_string(reading.settings.origins.size())});
  print_files(console, reading.files);
  for (const Note& note : notes) console.print(in_words(note, console.language()));
  return 0;
}

int run_config_show(const Session& session) {
  const Console& console = session.console;
  const ShownSettings shown = shown_settings(read_settings(settings_sources(session.arguments)));
  console.document(config_json(session, shown));
  std::string table;
  for (const ShownSetting& setting : shown.settings) {
    const auto dot = setting.key.find('.');
    if (setting.key.substr(0, dot) != table) {
      table = setting.key.substr(0, dot);
      console.print("[" + table + "]");
    }
    const std::string assignment = setting.key.substr(dot + 1) + " = " + setting.value;
    const std::string locked = setting.locked ? console.say({" (locked)", " (ロック)"}) : "";
    if (setting.value.empty())
      console.print("# " + setting.key.substr(dot + 1) + console.say({" is not set", " は未設定"}) + locked);
    else if (setting.origin.empty() && locked.empty())
      console.print(assignment);
    else
      console.print(padded(assignment, 44) + "  #" + (setting.origin.empty() ? "" : " " + setting.origin) +
                    locked);
  }
  return 0;
}

}  // namespace koshin::cli
