// SPDX-License-Identifier: MIT
// What all of koshin's JSON documents begin with, and how they are written. Part of json_output.cpp and
// json_checks.cpp.
#pragma once

#include <string>
#include <string_view>

#include "cli/json_token.hpp"
#include "foundation/failures/failure.hpp"

namespace koshin::cli {

/// {"schema", "command", "ok"}
Json document(std::string_view command, bool ok);
/// The document in one line. Invalid UTF-8 is not expected here, but must not prevent the output.
std::string line(const Json& json);
/// The member `failure`.
Json failure_value(const Failure& failure, Language language);
/// The command's name in the member `command`.
std::string_view command_of(const Session& session);

}  // namespace koshin::cli
