// SPDX-License-Identifier: MIT
// What the documents of docs/json.md share.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "cli/json_token.hpp"
#include "foundation/failures/failure.hpp"

namespace koshin::cli {

/// A document's members that all of them have.
Json document(std::string_view command, bool ok);
/// The document in one line. Invalid UTF-8 is not expected here, but must not prevent the output.
std::string line(const Json& json);
/// RFC 3339, or null.
Json time_json(const std::optional<TimePoint>& time);
Json failure_value(const Failure& failure, Language language);
/// The name of the session's command.
std::string_view command_of(const Session& session);

}  // namespace koshin::cli
