// SPDX-License-Identifier: MIT
// The documents of docs/json.md.
#include "cli/json_output.hpp"

#include <algorithm>

#include "cli/bank_choice.hpp"
#include "cli/json_token.hpp"
#include "cli/renew_all.hpp"
#include "foundation/base/text.hpp"
#include "renewal/policy/doctor_words.hpp"
#include "renewal/policy/policy.hpp"

namespace koshin::cli {
namespace {

using messages::CertificateReport;
using messages::TokenReport;

Json document(std::string_view command, bool ok) {
  return {{"schema", json_schema}, {"command", command}, {"ok", ok}};
}

/// The document in one line. Invalid UTF-8 is not expected here, but must not prevent the output.
std::string line(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Json time_json(const std::optional<TimePoint>& time) {
  return time ? Json(to_rfc3339(*time)) : Json(nullptr);
}

Json failure_value(const Failure& failure, Language language) {
  const ReasonInfo& row = info(failure.reason);
  const auto& words = row.in(language);
  Json json{{"reason", row.id},
            {"retry", to_string(row.retry)},
            {"exit_code", row.exit_code},
            {"cause", words.cause},
            {"user_action", words.user_action},
            {"admin_action", words.administrator_action},
            {"detail", failure.detail}};
  json["retry_after_seconds"] = failure.retry_after ? Json(failure.retry_after->count()) : Json(nullptr);
  return json;
}

Json steps_json(const Progress& progress) {
  return array_of(progress.steps(), [](const auto& step) {
    return Json{{"step", messages::to_string(step.step)}, {"resumed", step.resumed}, {"note", step.note}};
  });
}

Json notices_json(const Progress& progress) {
  return array_of(progress.notices(), [](const auto& notice) {
    return Json{{"code", notice.code}, {"text", notice.text}};
  });
}

Json record_json(const Session& session, const renewal::Record& record) {
  const bool issued = record.new_not_after != TimePoint{};
  return {
      {"number", record.number},
      {"kind", record.enrollment ? "enrollment" : "renewal"},
      {"state", renewal::to_string(record.state)},
      {"token",
       {{"label", record.token_label},
        {"manufacturer", record.token.manufacturer},
        {"model", record.token.model},
        {"serial", renewal::serial_number(record.token)}}},
      {"bank", text_or_null(record.bank)},
      {"key_algorithm", record.key_algorithm},
      {"key_id", to_hex(record.key_id)},
      {"old_sha256", record.old_sha256},
      {"started", to_rfc3339(record.started)},
      {"changed", to_rfc3339(record.changed)},
      {"ask_again", time_json(record.ask_again)},
      {"new_not_after", issued ? Json(to_rfc3339(record.new_not_after)) : Json(nullptr)},
      {"last_failure", record.last_failure ? failure_value(*record.last_failure, session.console.language())
                                           : Json(nullptr)}};
}

Json records_json(const Session& session, const std::vector<renewal::Record>& records) {
  return array_of(records, [&](const auto& record) { return record_json(session, record); });
}

Json memory_json(const Session& session, const renewal::TokenMemory& token) {
  Json json{{"label", token.label},
            {"manufacturer", token.token.manufacturer},
            {"model", token.token.model},
            {"serial", renewal::serial_number(token.token)},
            {"module", token.module},
            {"bank", text_or_null(token.bank)},
            {"certificate_sha256", token.certificate_sha256},
            {"last_seen", time_json(token.last_seen)},
            {"not_after", time_json(token.not_after)},
            {"days_left", nullptr},
            {"due", nullptr},
            {"snoozed_at", time_json(token.snoozed_at)},
            {"last_decision", token.last_decision}};
  if (token.not_after) {
    json["days_left"] = renewal::days_left(*token.not_after, session.now);
    json["due"] =
        session.now >= renewal::due_from(*token.not_after, settings_of(session, token.bank).renewal);
  }
  return json;
}

std::string_view command_of(const Session& session) {
  return to_string(session.arguments.command);
}

}  // namespace

std::string failure_json(std::string_view command, const Failure& failure, Language language) {
  Json json = document(command, false);
  json["failure"] = failure_value(failure, language);
  return line(json);
}

std::string nothing_due_json(const Failure& failure, Language language) {
  Json json = document(to_string(Command::renew), true);
  json["state"] = "not_due";
  json["message"] = info(failure.reason).in(language).cause;
  return line(json);
}

std::string inspect_json(const Session& session, const messages::InspectResult& found) {
  Json json = document(command_of(session), true);
  json["tokens"] = array_of(found.tokens, [&](const auto& token) { return token_json(session, token); });
  json["modules_in_trouble"] = Json::array();
  for (const auto& entry : found.modules_in_trouble)
    json["modules_in_trouble"].push_back(
        {{"module", entry.module}, {"failure", failure_value(entry.failure, session.console.language())}});
  return line(json);
}

std::string renewed_json(const Session& session, const messages::RenewResult& result,
                         const Progress& progress) {
  Json json = document(command_of(session), true);
  json["state"] = result.dry_run ? "checked" : "completed";
  json["token"] = token_json(session, result.token);
  const auto certificate_or_null = [&](const CertificateReport& certificate) {
    return certificate.sha256.empty() ? Json(nullptr) : certificate_json(session, certificate);
  };
  json["old_certificate"] = certificate_or_null(result.old_certificate);
  json["new_certificate"] = certificate_or_null(result.new_certificate);
  json["steps"] = steps_json(progress);
  json["notices"] = notices_json(progress);
  return line(json);
}

std::string pending_json(const Session& session, const messages::PendingResult& result,
                         const Progress& progress) {
  Json json = document(command_of(session), false);
  json["state"] = "pending";
  json["ask_again"] = to_rfc3339(result.ask_again);
  json["message"] = result.message;
  json["steps"] = steps_json(progress);
  json["notices"] = notices_json(progress);
  json["failure"] = failure_value({Reason::authority_pending, result.message, result.ask_again - session.now},
                                  session.console.language());
  return line(json);
}

namespace {

/// One certificate of a sitting: the members that `renew` has for it, and what became of it.
Json sitting_result_json(const Session& session, const SittingResult& one) {
  Json json{{"state", "not_tried"},
            {"old_certificate", certificate_json(session, one.certificate)},
            {"new_certificate", nullptr},
            {"steps", steps_json(one.progress)},
            {"notices", notices_json(one.progress)},
            {"failure", nullptr}};
  if (one.not_due) json["state"] = "not_due";
  if (!one.end || one.not_due) return json;
  if (const auto* failure = std::get_if<Failure>(&*one.end)) {
    json["state"] = "failed";
    json["failure"] = failure_value(*failure, session.console.language());
  } else if (const auto* later = std::get_if<messages::PendingResult>(&*one.end)) {
    json["state"] = "pending";
    json["ask_again"] = to_rfc3339(later->ask_again);
    json["message"] = later->message;
    json["failure"] =
        failure_value({Reason::authority_pending, later->message, later->ask_again - session.now},
                      session.console.language());
  } else {
    json["state"] = "completed";
    json["new_certificate"] =
        certificate_json(session, std::get<messages::RenewResult>(*one.end).new_certificate);
  }
  return json;
}

}  // namespace

std::string sitting_json(const Session& session, const TokenReport& token,
                         const std::vector<SittingResult>& results, const std::optional<Failure>& stopped) {
  Json all = array_of(results, [&](const auto& one) { return sitting_result_json(session, one); });
  Json failure;
  for (const Json& one : all)
    if (failure.is_null()) failure = one["failure"];
  if (failure.is_null() && stopped) failure = failure_value(*stopped, session.console.language());
  Json json = document(command_of(session), failure.is_null());
  json["state"] = failure.is_null() ? "completed" : "incomplete";
  json["token"] = token_json(session, token);
  json["results"] = std::move(all);
  if (!failure.is_null()) json["failure"] = std::move(failure);
  return line(json);
}

std::string pruned_json(const Session& session, const messages::PruneResult& result) {
  Json json = document(command_of(session), true);
  json["deleted"] = certificate_json(session, result.deleted);
  json["kept"] = array_of(result.kept, key_json);
  return line(json);
}

std::string pin_json(const Session& session, const messages::PinResult& result) {
  Json json = document(command_of(session), true);
  json["token"] = token_json(session, result.token);
  json["pin_file"] = text_or_null(result.pin_file);
  return line(json);
}

std::string cancelled_json(const Session& session, const messages::CancelResult& result, TokenSeen seen) {
  Json json = document(command_of(session), true);
  const bool given_up = !result.state.empty();
  json["kind"] = given_up ? Json(result.enrollment ? "enrollment" : "renewal") : Json(nullptr);
  json["state"] = given_up ? Json(result.state) : Json(nullptr);
  json["started"] = given_up ? Json(to_rfc3339(result.started)) : Json(nullptr);
  json["token_seen"] = seen == TokenSeen::yes;
  json["removed"] = array_of(result.removed, key_json);
  json["kept"] = array_of(result.kept, key_json);
  return line(json);
}

std::string status_json(const Session& session, const std::vector<renewal::TokenMemory>& tokens,
                        const std::vector<renewal::Record>& unfinished,
                        const std::vector<renewal::Record>& left_over,
                        const std::vector<renewal::Record>& given_up) {
  Json json = document(command_of(session), true);
  json["tokens"] = array_of(tokens, [&](const auto& token) { return memory_json(session, token); });
  json["unfinished"] = records_json(session, unfinished);
  json["left_over"] = records_json(session, left_over);
  json["given_up"] = records_json(session, given_up);
  return line(json);
}

std::string history_json(const Session& session, const std::vector<renewal::Record>& records) {
  Json json = document(command_of(session), true);
  json["records"] = records_json(session, records);
  return line(json);
}

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

std::string doctor_json(const Session& session, const std::vector<Diagnosis>& found, bool ok) {
  Json json = document(command_of(session), ok);
  json["complete"] = std::ranges::all_of(found, [](const Diagnosis& diagnosis) {
    const auto& checks = diagnosis.result.checks;
    return std::none_of(checks.begin(), checks.end(),
                        [](const auto& check) { return renewal::leaves_open(check); });
  });
  json["checks"] = Json::array();
  for (const Diagnosis& diagnosis : found) add_checks(json["checks"], diagnosis, session.console.language());
  return line(json);
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
  json["files"] = Json::array();
  for (const auto& file : shown.files)
    json["files"].push_back({{"path", printable(file.path.string())},
                             {"found", file.found},
                             {"settings", file.values},
                             {"locked", file.locked},
                             {"banks", file.banks}});
  json["notes"] = shown.notes;
  return line(json);
}

std::string mistakes_json(const Session& session, const std::vector<Failure>& mistakes) {
  Json json = document(command_of(session), false);
  json["failure"] = failure_value(mistakes.front(), session.console.language());
  json["mistakes"] = Json::array();
  for (const Failure& mistake : mistakes)
    json["mistakes"].push_back(
        {{"reason", std::string(info(mistake.reason).id)}, {"detail", mistake.detail}});
  return line(json);
}

}  // namespace koshin::cli
