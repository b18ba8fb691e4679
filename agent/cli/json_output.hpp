// SPDX-License-Identifier: MIT
// Results as JSON documents for scripts: schema 1, documented in docs/json.md. One line each.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "cli/browser_facts.hpp"
#include "cli/progress.hpp"
#include "cli/renewed_certificates.hpp"
#include "cli/session.hpp"
#include "cli/tar_gz.hpp"
#include "desk_check/browser_changes.hpp"
#include "foundation/settings/proxy_naming.hpp"
#include "foundation/settings/settings_reading.hpp"
#include "renewal/policy/record.hpp"

namespace koshin::cli {

inline constexpr int json_schema = 1;

std::string failure_json(std::string_view command, const Failure& failure, Language language);
/// failure_json() of the first, and all of them in `mistakes`.
std::string wrong_settings_json(std::string_view command, const std::vector<Failure>& mistakes,
                                Language language);
/// koshin renew --if-due where nothing is due: the document of a success. `failure`: Reason::not_due.
std::string nothing_due_json(const Failure& failure, Language language);
/// `journal_trouble`: why the token was looked at without the journal.
std::string inspect_json(const Session& session, const messages::InspectResult& found,
                         const std::optional<Failure>& journal_trouble);
std::string renewed_json(const Session& session, const messages::RenewResult& result,
                         const Progress& progress, const std::optional<BrowserFacts>& browsers);
std::string pending_json(const Session& session, const messages::PendingResult& result,
                         const Progress& progress);
struct SittingResult;
/// renew --all: the end of each certificate's renewal. `stopped`: the stop request before one of them had
/// begun.
std::string sitting_json(const Session& session, const messages::TokenReport& token,
                         const std::vector<SittingResult>& results, const std::optional<Failure>& stopped);
std::string pruned_json(const Session& session, const messages::PruneResult& result);
std::string pin_json(const Session& session, const messages::PinResult& result);
/// `token`: as it was read before; null when it was not inserted. `record`: the one that was given up, as it
/// was; null when nothing was unfinished.
std::string cancelled_json(const Session& session, const messages::CancelResult& result,
                           const messages::TokenReport* token, const renewal::Record* record,
                           const RenewedCertificates& certificates);
/// What the journal tells of renewals that are not complete.
struct OpenRecords {
  std::vector<renewal::Record> unfinished, left_over, given_up;
};
std::string status_json(const Session& session, const std::vector<renewal::TokenMemory>& tokens,
                        const OpenRecords& records, const RenewedCertificates& certificates);
std::string history_json(const Session& session, const std::vector<renewal::Record>& records,
                         const RenewedCertificates& certificates);
/// The doctor's result for one bank; `bank` is empty for one without a name.
struct Diagnosis {
  std::string bank;
  messages::DoctorResult result;
};
/// `desk`: what was seen of the computer and the desktop; its checks follow those of the banks.
std::string doctor_json(const Session& session, const std::vector<Diagnosis>& found,
                        const messages::DoctorResult& desk, bool ok);
/// The same where the examination of the token has ended with a failure: the checks of the desk alone.
std::string half_doctor_json(const Session& session, const Failure& failure,
                             const messages::DoctorResult& desk);

std::string browser_json(const Session& session, const std::vector<desk_check::ProfileChange>& changes,
                         bool ok);
/// `file`: where the bundle with these parts was written.
std::string support_json(const Session& session, const std::filesystem::path& file,
                         const std::vector<ArchiveEntry>& parts);

/// One setting: its key, its value as TOML, where it was set ("" for a default), whether users may set it.
struct ShownSetting {
  std::string key, value, origin;
  bool locked = false;
  std::string bank{};  ///< name of its bank; empty: set outside of banks
};
/// How a bank's authority is reached, as far as is known without asking anybody.
struct ShownWay {
  std::string bank;  ///< empty: the bank without a name
  std::string authority;
  ProxyNaming naming{};
  std::string url_origin, no_proxy_origin;  ///< of proxy.url and proxy.no_proxy; empty: not set
};
/// The results of config check and config show.
struct ShownSettings {
  std::vector<ShownSetting> settings;
  std::vector<SettingsFile> files;
  std::vector<std::string> notes;  ///< problems of settings without mistakes, in English
  std::vector<ShownWay> ways{};    ///< config check: one for each bank that has an authority
};
std::string config_json(const Session& session, const ShownSettings& shown);
/// Wrong settings: the first mistake is the failure, `mistakes` lists all, `files` what was read.
std::string mistakes_json(const Session& session, const SettingsReading& reading);
/// What `config check` does not look at, as identifiers ("module_loads"), in a document of either kind.
std::vector<std::string_view> not_checked_by_config_check();

}  // namespace koshin::cli
