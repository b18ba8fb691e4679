// SPDX-License-Identifier: MIT
// The documents of commands that look after settings, computer and browsers: doctor, config, browser,
// support-bundle.
#include <algorithm>

#include "cli/json_document.hpp"
#include "cli/json_output.hpp"
#include "foundation/base/text.hpp"
#include "renewal/policy/doctor_words.hpp"

namespace koshin::cli {
namespace {

void add_checks(Json& checks, const Diagnosis& diagnosis, Language language) {
  for (const auto& check : diagnosis.result.checks)
    checks.push_back({{"name", check.name},
                      {"status", check.status},
                      {"text", renewal::text_in_words(check, language)},
                      {"advice", renewal::advice_in_words(check, language)},
                      {"id", check.id},
                      {"subject", check.subject},
                      {"finding", check.finding.empty() ? Json(nullptr) : Json(check.finding)},
                      {"reason", check.reason ? Json(std::string(info(*check.reason).id)) : Json(nullptr)},
                      {"values", check.values},
                      {"bank", text_or_null(diagnosis.bank)}});
}

}  // namespace

std::string doctor_json(const Session& session, const std::vector<Diagnosis>& found,
                        const messages::DoctorResult& desk, bool ok) {
  Json json = document(command_of(session), ok);
  json["complete"] = std::ranges::all_of(found, [](const Diagnosis& diagnosis) {
    const auto& checks = diagnosis.result.checks;
    return std::none_of(checks.begin(), checks.end(),
                        [](const auto& check) { return renewal::leaves_open(check); });
  });
  json["checks"] = Json::array();
  for (const Diagnosis& diagnosis : found) add_checks(json["checks"], diagnosis, session.console.language());
  add_checks(json["checks"], {{}, desk}, session.console.language());
  return line(json);
}

std::string half_doctor_json(const Session& session, const Failure& failure,
                             const messages::DoctorResult& desk) {
  Json json = document(command_of(session), false);
  json["failure"] = failure_value(failure, session.console.language());
  json["complete"] = false;
  json["checks"] = Json::array();
  add_checks(json["checks"], {{}, desk}, session.console.language());
  return line(json);
}

std::string browser_json(const Session& session, const std::vector<desk_check::ProfileChange>& changes,
                         bool ok) {
  Json json = document(command_of(session), ok);
  json["profiles"] = Json::array();
  for (const auto& change : changes)
    json["profiles"].push_back(
        {{"browser", change.profile.browser == desk_check::Browser::firefox ? "firefox" : "chromium"},
         {"folder", printable(change.profile.folder.string())},
         {"state", desk_check::to_string(change.state)},
         {"detail", change.detail}});
  return line(json);
}

std::string support_json(const Session& session, const std::filesystem::path& file,
                         const std::vector<ArchiveEntry>& parts) {
  Json json = document(command_of(session), true);
  json["file"] = printable(file.string());
  json["parts"] = Json::array();
  for (const ArchiveEntry& part : parts)
    json["parts"].push_back({{"name", part.name}, {"bytes", part.content.size()}});
  return line(json);
}

namespace {

Json files_json(const std::vector<SettingsFile>& files) {
  Json json = Json::array();
  for (const auto& file : files)
    json.push_back({{"path", printable(file.path.string())},
                    {"found", file.found},
                    {"settings", file.values},
                    {"locked", file.locked},
                    {"banks", file.banks}});
  return json;
}

std::string_view id_of(ProxyNaming::By by) {
  switch (by) {
    case ProxyNaming::By::settings:
      return "settings";
    case ProxyNaming::By::environment:
      return "environment";
    case ProxyNaming::By::desktop:
      return "desktop";
    case ProxyNaming::By::script:
      return "script";
    case ProxyNaming::By::nobody:
      break;
  }
  return "nobody";
}

Json way_json(const ShownWay& way) {
  const ProxyNaming& naming = way.naming;
  const bool by_variable = naming.by == ProxyNaming::By::environment;
  const bool excluded_by_variable = !naming.no_proxy_variable.empty();
  return {{"bank", text_or_null(way.bank)},
          {"authority", way.authority},
          {"named_by", id_of(naming.by)},
          {"said_by", text_or_null(by_variable ? naming.variable : way.url_origin)},
          {"proxy", text_or_null(naming.url.empty() ? std::string() : shown_proxy(naming.url))},
          {"script", text_or_null(printable(naming.script))},
          {"without_proxy", text_or_null(printable(naming.no_proxy))},
          {"without_proxy_said_by",
           text_or_null(excluded_by_variable ? naming.no_proxy_variable : way.no_proxy_origin)}};
}

Json wrong_settings(std::string_view command, const std::vector<Failure>& mistakes, Language language) {
  Json json = document(command, false);
  json["failure"] = failure_value(mistakes.front(), language);
  json["mistakes"] = array_of(mistakes, [](const Failure& mistake) {
    return Json{{"reason", std::string(info(mistake.reason).id)}, {"detail", mistake.detail}};
  });
  return json;
}

}  // namespace

std::vector<std::string_view> not_checked_by_config_check() {
  return {"module_loads", "anchors_contents", "servers_answer", "secrets_are_right"};
}

std::string config_json(const Session& session, const ShownSettings& shown) {
  Json json = document(command_of(session), true);
  json["settings"] = Json::array();
  for (const auto& setting : shown.settings)
    json["settings"].push_back({{"key", setting.key},
                                {"value", setting.value},
                                {"origin", setting.origin},
                                {"locked", setting.locked},
                                {"bank", text_or_null(setting.bank)}});
  json["files"] = files_json(shown.files);
  json["notes"] = shown.notes;
  if (session.arguments.command == Command::config_check) {
    json["ways"] = Json::array();
    for (const ShownWay& way : shown.ways) json["ways"].push_back(way_json(way));
    json["not_checked"] = not_checked_by_config_check();
  }
  return line(json);
}

std::string wrong_settings_json(std::string_view command, const std::vector<Failure>& mistakes,
                                Language language) {
  return line(wrong_settings(command, mistakes, language));
}

std::string mistakes_json(const Session& session, const SettingsReading& reading) {
  Json json = wrong_settings(command_of(session), reading.mistakes, session.console.language());
  json["files"] = files_json(reading.files);
  json["not_checked"] = not_checked_by_config_check();
  return line(json);
}

}  // namespace koshin::cli
