// SPDX-License-Identifier: MIT
// Results as JSON documents for scripts: schema 1, documented in docs/json.md. One line each.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "cli/progress.hpp"
#include "cli/session.hpp"
#include "foundation/settings/settings_reading.hpp"
#include "renewal/policy/record.hpp"

namespace koshin::cli {

inline constexpr int json_schema = 1;

std::string failure_json(std::string_view command, const Failure& failure, Language language);
/// koshin renew --if-due where nothing is due: the document of a success. `failure`: Reason::not_due.
std::string nothing_due_json(const Failure& failure, Language language);
std::string inspect_json(const Session& session, const messages::InspectResult& found);
std::string renewed_json(const Session& session, const messages::RenewResult& result,
                         const Progress& progress);
std::string pending_json(const Session& session, const messages::PendingResult& result,
                         const Progress& progress);
struct SittingResult;
/// renew --all: the end of each certificate's renewal. `stopped`: the stop request before one of them had
/// begun.
std::string sitting_json(const Session& session, const messages::TokenReport& token,
                         const std::vector<SittingResult>& results, const std::optional<Failure>& stopped);
std::string pruned_json(const Session& session, const messages::PruneResult& result);
std::string pin_json(const Session& session, const messages::PinResult& result);
enum class TokenSeen { no, yes };
std::string cancelled_json(const Session& session, const messages::CancelResult& result, TokenSeen seen);
std::string status_json(const Session& session, const std::vector<renewal::TokenMemory>& tokens,
                        const std::vector<renewal::Record>& unfinished,
                        const std::vector<renewal::Record>& left_over,
                        const std::vector<renewal::Record>& given_up);
std::string history_json(const Session& session, const std::vector<renewal::Record>& records);
/// The doctor's result for one bank; `bank` is empty for one without a name.
struct Diagnosis {
  std::string bank;
  messages::DoctorResult result;
};
std::string doctor_json(const Session& session, const std::vector<Diagnosis>& found, bool ok);

/// One setting: its key, its value as TOML, where it was set ("" for a default), whether users may set it.
struct ShownSetting {
  std::string key, value, origin;
  bool locked = false;
  std::string bank{};  ///< name of its bank; empty: set outside of banks
};
/// The results of config check and config show.
struct ShownSettings {
  std::vector<ShownSetting> settings;
  std::vector<SettingsFile> files;
  std::vector<std::string> notes;  ///< problems of settings without mistakes, in English
};
std::string config_json(const Session& session, const ShownSettings& shown);
/// Wrong settings: the first mistake is the failure, and `mistakes` lists all.
std::string mistakes_json(const Session& session, const std::vector<Failure>& mistakes);

}  // namespace koshin::cli
