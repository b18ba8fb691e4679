// SPDX-License-Identifier: MIT
// Results as JSON documents for scripts: schema 1, documented in docs/json.md. One line each.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "cli/progress.hpp"
#include "cli/session.hpp"
#include "renewal/policy/record.hpp"

namespace koshin::cli {

inline constexpr int json_schema = 1;

std::string failure_json(std::string_view command, const Failure& failure, Language language);
std::string inspect_json(const Session& session, const messages::InspectResult& found);
std::string renewed_json(const Session& session, const messages::RenewResult& result,
                         const Progress& progress);
std::string pending_json(const Session& session, const messages::PendingResult& result,
                         const Progress& progress);
std::string pruned_json(const Session& session, const messages::PruneResult& result);
enum class TokenSeen { no, yes };
std::string cancelled_json(const Session& session, const messages::CancelResult& result, TokenSeen seen);
std::string status_json(const Session& session, const std::vector<renewal::TokenMemory>& tokens,
                        const std::vector<renewal::Record>& unfinished,
                        const std::vector<renewal::Record>& left_over,
                        const std::vector<renewal::Record>& given_up);
std::string history_json(const Session& session, const std::vector<renewal::Record>& records);
std::string doctor_json(const Session& session, const messages::DoctorResult& result, bool ok);

/// One setting: its key, its value as TOML, and where it was set ("" for a default).
struct ShownSetting {
  std::string key, value, origin;
};
std::string config_json(const Session& session, const std::vector<ShownSetting>& settings);

}  // namespace koshin::cli
