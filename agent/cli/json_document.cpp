// SPDX-License-Identifier: MIT
#include "cli/json_document.hpp"

#include "cli/json_output.hpp"

namespace koshin::cli {

Json document(std::string_view command, bool ok) {
  return {{"schema", json_schema}, {"command", command}, {"ok", ok}};
}

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

std::string_view command_of(const Session& session) {
  return to_string(session.arguments.command);
}

}  // namespace koshin::cli
