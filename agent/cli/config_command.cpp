// SPDX-License-Identifier: MIT
// koshin config check and koshin config show: the settings in force.
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

/// A key that is set, and the problem that results.
struct Note {
  Text text;
  std::vector<std::string> values;
};

constexpr Text cannot_be_used{"But {0} ({1}): {2}", "ただし {0} ({1}): {2}"};
constexpr Text comes_to_nothing{"But {0} ({1}) is set and comes to nothing without {2}.",
                                "ただし {0} ({1}) は、{2} がないため働きません。"};
constexpr Text no_modules{"But token.modules is empty: no token can be used.",
                          "ただし token.modules が空のため、トークンを使用できません。"};
constexpr Text bank_without_authority{"But bank {0} has no authority.url: nothing can be renewed there.",
                                      "ただし銀行 {0} には authority.url がないため、更新できません。"};
constexpr Text of_no_bank{
    "But {0} ({1}) is set outside of the banks and no bank has it: set it in a [[bank]].",
    "ただし {0} ({1}) は銀行の外で指定されており、どの銀行にも使われません。[[bank]] "
    "の中で指定してください。"};
constexpr Text not_told_apart{
    "But the banks {0} and {1} may claim the same certificate, which neither renews then: set something in "
    "their [expect] that keeps them apart, such as issuer_pattern.",
    "ただし銀行 {0} と {1} "
    "は同じ証明書に当てはまる可能性があり、その場合はどちらも更新しません。issuer_pattern "
    "など、[expect] で区別してください。"};
constexpr Text no_authority{"But authority.url is empty: nothing can be renewed.",
                            "ただし authority.url が空のため、更新できません。"};

void add_notes_on(const Settings& bank, std::vector<Note>& notes) {
  const auto add = [&](Note note) {
    const bool told =
        std::ranges::any_of(notes, [&](const Note& other) { return other.values == note.values; });
    if (note.values.empty() || !told) notes.push_back(std::move(note));
  };
  if (bank.authority.url.empty())
    add(bank.bank().empty() ? Note{no_authority, {}} : Note{bank_without_authority, {bank.bank()}});
  for (const LooseEnd& end : loose_ends(bank))
    add({comes_to_nothing, {key_of(bank, end.key), origin_of(bank, end.key), joined(end.missing)}});
  for (const UnusableFile& file : unusable_files(bank))
    add({cannot_be_used, {file.key, origin_of(bank, file.key), printable(file.why, 400)}});
}

std::vector<Note> notes_on(const Deployment& deployment) {
  std::vector<Note> notes;
  if (deployment.base.token.modules.empty()) notes.push_back({no_modules, {}});
  for (const Settings& bank : deployment.banks) add_notes_on(bank, notes);
  for (const std::string& key : keys_of_no_bank(deployment))
    notes.push_back({of_no_bank, {key, origin_of(deployment.base, key)}});
  for (const Overlap& overlap : overlaps(deployment))
    notes.push_back({not_told_apart, {overlap.one, overlap.other}});
  return notes;
}

std::string in_words(const Note& note, Language language) {
  const std::vector<std::string_view> values(note.values.begin(), note.values.end());
  return fill_places(note.text.in(language), values);
}

/// Reports all mistakes at once.
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
  const auto notes = notes_on(reading.deployment);
  for (const Note& note : notes) shown.notes.push_back(in_words(note, Language::english));
  console.document(config_json(session, shown));
  console.print(Text{"The settings are right ({0} set, the others have their defaults).",
                     "設定に誤りはありません ({0} 件を指定、ほかは既定値)。"},
                {std::to_string(std::ranges::count_if(
                    shown.settings, [](const ShownSetting& setting) { return !setting.origin.empty(); }))});
  print_files(console, reading.files);
  for (const Note& note : notes) console.print(in_words(note, console.language()));
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
