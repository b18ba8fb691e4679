// SPDX-License-Identifier: MIT
// The documents of docs/json.md.
#include "cli/json_output.hpp"

#include <algorithm>

#include "cli/bank_choice.hpp"
#include "cli/json_document.hpp"
#include "cli/renew_all.hpp"
#include "foundation/base/text.hpp"
#include "renewal/policy/policy.hpp"

namespace koshin::cli {
namespace {

using messages::CertificateReport;
using messages::TokenReport;

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

std::string_view id_of(renewal::StoreState state) {
  switch (state) {
    case renewal::StoreState::has_it:
      return "has_it";
    case renewal::StoreState::keyless:
      return "keyless";
    case renewal::StoreState::lacks_it:
      break;
  }
  return "lacks_it";
}

Json others_of(const renewal::BrowserChoice& choice) {
  return array_of(choice.others, [](const auto& other) {
    return Json{{"serial", other.serial}, {"not_after", to_rfc3339(other.until)}};
  });
}

Json browsers_json(const std::optional<BrowserFacts>& browsers) {
  if (!browsers) return nullptr;
  Json json{{"choice", nullptr}, {"store", nullptr}, {"expired_twin", nullptr}};
  if (const auto& choice = browsers->choice)
    json["choice"] = {{"new_serial", choice->new_serial},
                      {"new_not_after", to_rfc3339(choice->new_until)},
                      {"old_serial", choice->old_serial},
                      {"old_not_after", to_rfc3339(choice->old_until)},
                      {"others", others_of(*choice)}};
  if (!browsers->store) return json;
  json["store"] = id_of(renewal::state_of(*browsers->store));
  if (const auto& twin = browsers->store->expired_twin)
    json["expired_twin"] = {{"serial", twin->serial}, {"not_after", to_rfc3339(twin->not_after)}};
  return json;
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

std::string inspect_json(const Session& session, const messages::InspectResult& found,
                         const std::optional<Failure>& journal_trouble) {
  Json json = document(command_of(session), true);
  json["tokens"] = array_of(found.tokens, [&](const auto& token) { return token_json(session, token); });
  json["modules_in_trouble"] = Json::array();
  for (const auto& entry : found.modules_in_trouble)
    json["modules_in_trouble"].push_back(
        {{"module", entry.module}, {"failure", failure_value(entry.failure, session.console.language())}});
  json["journal_trouble"] =
      journal_trouble ? failure_value(*journal_trouble, session.console.language()) : Json(nullptr);
  return line(json);
}

std::string renewed_json(const Session& session, const messages::RenewResult& result,
                         const Progress& progress, const std::optional<BrowserFacts>& browsers) {
  Json json = document(command_of(session), true);
  json["state"] = result.dry_run ? "checked" : "completed";
  json["token"] = token_json(session, result.token);
  const auto certificate_or_null = [&](const CertificateReport& certificate) {
    return certificate.sha256.empty() ? Json(nullptr) : certificate_json(session, certificate);
  };
  json["old_certificate"] = certificate_or_null(result.old_certificate);
  json["new_certificate"] = certificate_or_null(result.new_certificate);
  json["browsers"] = browsers_json(browsers);
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
            {"browsers", browsers_json(one.browsers)},
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

}  // namespace koshin::cli
