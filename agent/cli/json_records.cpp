// SPDX-License-Identifier: MIT
// The documents of docs/json.md about what the journal tells: records and token memories.
#include "cli/bank_choice.hpp"
#include "cli/json_document.hpp"
#include "cli/json_output.hpp"
#include "cli/report.hpp"
#include "foundation/base/text.hpp"
#include "renewal/policy/policy.hpp"

namespace koshin::cli {
namespace {

using messages::CertificateReport;

/// What tells a certificate that is renewed from others, where a token was seen with it.
Json old_certificate_json(const RenewedCertificates& certificates, const renewal::Record& record) {
  const CertificateReport* found = certificates.of(record);
  if (found == nullptr) return nullptr;
  return {{"subject", found->subject},
          {"common_name", found->common_name},
          {"serial", found->serial},
          {"purpose", to_string(found->purpose)},
          {"not_after", to_rfc3339(found->not_after)}};
}

/// Of a record that is unfinished, by the journal alone.
Json old_stands_json(const Session& session, const renewal::Record& record,
                     const RenewedCertificates& certificates) {
  if (!renewal::is_unfinished(record.state)) return nullptr;
  return renewal::to_string(what_stands_of_old(session, record, certificates, nullptr));
}

/// Of a record that was unfinished and has just been given up.
Json old_then_stands_json(const Session& session, const renewal::Record& record,
                          const RenewedCertificates& certificates, const messages::TokenReport* read) {
  return renewal::to_string(renewal::once_given_up(what_stands_of_old(session, record, certificates, read)));
}

Json record_json(const Session& session, const renewal::Record& record,
                 const RenewedCertificates& certificates) {
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
      {"old_certificate", old_certificate_json(certificates, record)},
      {"old_stands", old_stands_json(session, record, certificates)},
      {"started", to_rfc3339(record.started)},
      {"changed", to_rfc3339(record.changed)},
      {"ask_again", time_json(record.ask_again)},
      {"new_not_after", issued ? Json(to_rfc3339(record.new_not_after)) : Json(nullptr)},
      {"last_failure", record.last_failure ? failure_value(*record.last_failure, session.console.language())
                                           : Json(nullptr)}};
}

Json records_json(const Session& session, const std::vector<renewal::Record>& records,
                  const RenewedCertificates& certificates) {
  return array_of(records, [&](const auto& record) { return record_json(session, record, certificates); });
}

Json memory_json(const Session& session, const renewal::TokenMemory& token,
                 const std::vector<renewal::Record>& unfinished) {
  const auto* decided = being_decided(token, unfinished);
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
            {"deciding_since", decided != nullptr ? Json(to_rfc3339(decided->started)) : Json(nullptr)},
            {"snoozed_at", time_json(token.snoozed_at)},
            {"last_decision", token.last_decision}};
  if (token.not_after) {
    json["days_left"] = renewal::days_left(*token.not_after, session.now);
    json["due"] =
        session.now >= renewal::due_from(*token.not_after, settings_of(session, token.bank).renewal);
  }
  return json;
}

}  // namespace

std::string cancelled_json(const Session& session, const messages::CancelResult& result,
                           const messages::TokenReport* token, const renewal::Record* record,
                           const RenewedCertificates& certificates) {
  Json json = document(command_of(session), true);
  const bool given_up = !result.state.empty();
  json["kind"] = given_up ? Json(result.enrollment ? "enrollment" : "renewal") : Json(nullptr);
  json["state"] = given_up ? Json(result.state) : Json(nullptr);
  json["started"] = given_up ? Json(to_rfc3339(result.started)) : Json(nullptr);
  json["number"] = record != nullptr ? Json(record->number) : Json(nullptr);
  json["old_sha256"] = record != nullptr ? Json(record->old_sha256) : Json(nullptr);
  json["old_certificate"] = record != nullptr ? old_certificate_json(certificates, *record) : Json(nullptr);
  json["old_stands"] =
      record != nullptr ? old_then_stands_json(session, *record, certificates, token) : Json(nullptr);
  json["token_seen"] = token != nullptr;
  json["removed"] = array_of(result.removed, key_json);
  json["kept"] = array_of(result.kept, key_json);
  return line(json);
}

std::string status_json(const Session& session, const std::vector<renewal::TokenMemory>& tokens,
                        const OpenRecords& records, const RenewedCertificates& certificates) {
  Json json = document(command_of(session), true);
  json["tokens"] =
      array_of(tokens, [&](const auto& token) { return memory_json(session, token, records.unfinished); });
  json["unfinished"] = records_json(session, records.unfinished, certificates);
  json["left_over"] = records_json(session, records.left_over, certificates);
  json["given_up"] = records_json(session, records.given_up, certificates);
  return line(json);
}

std::string history_json(const Session& session, const std::vector<renewal::Record>& records,
                         const RenewedCertificates& certificates) {
  Json json = document(command_of(session), true);
  json["records"] = records_json(session, records, certificates);
  return line(json);
}

}  // namespace koshin::cli
