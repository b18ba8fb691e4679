// SPDX-License-Identifier: MIT
// The files that settings name: those that are read, that with the PIN, and that with the metrics.
#include <chrono>
#include <set>

#include "desk_check/checks.hpp"
#include "desk_check/named_files.hpp"
#include "foundation/base/clock.hpp"
#include "foundation/failures/failure.hpp"
#include "foundation/secrets/secret_input.hpp"
#include "foundation/settings/settings_reading.hpp"

namespace koshin::desk_check {
namespace {

namespace fs = std::filesystem;

TimePoint changed_at(const fs::path& file) {
  return std::chrono::floor<std::chrono::seconds>(std::chrono::file_clock::to_sys(fs::last_write_time(file)));
}

/// The name of a key, with the bank's name where it has one.
std::string key_of(const Settings& bank, const std::string& key) {
  return bank.bank().empty() ? key : key + ", bank " + bank.bank();
}

void check_pin_of(Report& report, const Settings& bank) {
  const auto source = pin_source_of(bank.token.uri);
  if (!source)
    return report.add(DeskSubject::unattended, Status::failed, DeskFinding::unattended_without_pin);
  const fs::path file = pin_source_file(*source);
  try {
    (void)pin_source_stamp(*source);
    const auto days = std::chrono::duration_cast<std::chrono::days>(current_time() - changed_at(file));
    report.add(DeskSubject::unattended, Status::ok, DeskFinding::unattended_ready,
               {file.string(), std::to_string(days.count())});
  } catch (const FailureError& error) {
    report.add(DeskSubject::unattended, Status::failed, DeskFinding::file_unusable, {error.failure().detail});
  }
}

}  // namespace

void check_named_files(Report& report, const Deployment& deployment) {
  std::set<std::string> told, opened;
  for (const Settings& bank : deployment.banks) {
    const NamedFiles files = look_at_named_files(bank);
    opened.insert(files.opened.begin(), files.opened.end());
    for (const UnusableFile& file : files.unusable) {
      if (told.insert(file.why).second)
        report.add(DeskSubject::named_file, Status::failed, DeskFinding::file_unusable, {file.why},
                   key_of(bank, file.key));
    }
  }
  if (told.empty())
    report.add(DeskSubject::named_files, Status::ok, DeskFinding::files_usable,
               {std::to_string(opened.size())});
}

void check_unattended(Report& report, const Deployment& deployment) {
  bool any = false;
  for (const Settings& bank : deployment.banks) {
    if (!bank.unattended.enabled) continue;
    any = true;
    check_pin_of(report, bank);
  }
  if (!any) report.add(DeskSubject::unattended, Status::ok, DeskFinding::unattended_off);
}

}  // namespace koshin::desk_check
