// SPDX-License-Identifier: MIT
// Whether this user can write the file with the metrics. Nothing is written to find out.
#include "desk_check/checks.hpp"
#include "desk_check/folder_rights.hpp"
#include "foundation/base/calendar.hpp"

namespace koshin::desk_check {

void check_metrics(Report& report, const Settings& settings) {
  const std::filesystem::path& file = settings.metrics.textfile;
  if (file.empty()) return report.add(DeskSubject::metrics, Status::ok, DeskFinding::metrics_off);
  if (const std::string why = why_not_writable(file.parent_path()); !why.empty())
    return report.add(DeskSubject::metrics, Status::failed, DeskFinding::metrics_not_writable,
                      {file.string(), file.parent_path().string() + ": " + why});
  std::error_code error;
  const auto written = std::filesystem::last_write_time(file, error);
  if (error)
    return report.add(DeskSubject::metrics, Status::ok, DeskFinding::metrics_not_yet, {file.string()});
  const TimePoint time = std::chrono::floor<std::chrono::seconds>(std::chrono::file_clock::to_sys(written));
  report.add(DeskSubject::metrics, Status::ok, DeskFinding::metrics_written,
             {file.string(), to_rfc3339(time)});
}

}  // namespace koshin::desk_check
