// SPDX-License-Identifier: MIT
// koshin config check and koshin config show: the settings as they are in force.
#include <algorithm>

#include "cli/commands.hpp"
#include "cli/json_output.hpp"
#include "foundation/settings/settings_table.hpp"

namespace koshin::cli {
namespace {

std::vector<ShownSetting> shown_settings(const Settings& settings) {
  std::vector<ShownSetting> shown;
  for (const SettingKey& key : settings_table()) {
    const auto origin = std::find_if(settings.origins.begin(), settings.origins.end(),
                                     [&](const auto& entry) { return entry.first == key.name; });
    shown.push_back({.key = std::string(key.name),
                     .value = setting_text(settings, key),
                     .origin = origin == settings.origins.end() ? std::string() : origin->second});
  }
  return shown;
}

}  // namespace

int run_config_check(const Session& session) {
  const Console& console = session.console;
  const auto shown = shown_settings(session.settings);
  console.document(config_json(session, shown));
  const auto set =
      std::count_if(shown.begin(), shown.end(), [](const ShownSetting& s) { return !s.origin.empty(); });
  console.print(Text{"The settings are right ({0} set, the others have their defaults).",
                     "設定に誤りはありません ({0} 件を指定、ほかは既定値)。"},
                {std::to_string(set)});
  if (session.settings.token.modules.empty())
    console.print(Text{"But token.modules is empty: no token can be used.",
                       "ただし token.modules が空のため、トークンを使用できません。"});
  if (session.settings.authority.url.empty())
    console.print(Text{"But authority.url is empty: nothing can be renewed.",
                       "ただし authority.url が空のため、更新できません。"});
  return 0;
}

int run_config_show(const Session& session) {
  const Console& console = session.console;
  const auto shown = shown_settings(session.settings);
  console.document(config_json(session, shown));
  std::string table;
  for (const ShownSetting& setting : shown) {
    const auto dot = setting.key.find('.');
    if (setting.key.substr(0, dot) != table) {
      table = setting.key.substr(0, dot);
      console.print("[" + table + "]");
    }
    const std::string assignment = setting.key.substr(dot + 1) + " = " + setting.value;
    if (setting.value.empty())
      console.print("# " + setting.key.substr(dot + 1) + console.say({" is not set", " は未設定"}));
    else
      console.print(setting.origin.empty() ? assignment : padded(assignment, 44) + "  # " + setting.origin);
  }
  return 0;
}

}  // namespace koshin::cli
