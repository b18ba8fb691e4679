// SPDX-License-Identifier: MIT
// Windows shows messages by itself: that is not listed.
#include "desk_check/checks.hpp"
#include "desktop/opening_program_windows.hpp"

namespace koshin::desk_check {

void check_browser(Report& report) {
  const auto program = desktop::opening_program(desktop::Opened::addresses, L"http");
  if (program.empty())
    return report.add(DeskSubject::browser, Status::warning, DeskFinding::windows_browser_none);
  report.add(DeskSubject::browser, Status::ok, DeskFinding::browser_found, {program.string()});
}

void check_link_handler(Report& report) {
  const auto program = desktop::opening_program(desktop::Opened::addresses, L"koshin");
  if (program.empty())
    return report.add(DeskSubject::link_handler, Status::warning, DeskFinding::windows_link_opens_nothing);
  const bool ours = program.filename() == "koshin-ui.exe";
  report.add(DeskSubject::link_handler, ours ? Status::ok : Status::warning,
             ours ? DeskFinding::link_opens : DeskFinding::windows_link_opens_another, {program.string()});
}

void check_system(Report& report) {
  Readers readers = Readers::not_seen;
  report.run(DeskSubject::card_service, [&] { readers = check_card_service(report); });
  report.run(DeskSubject::agent, [&] { check_agent(report, readers); });
  report.run(DeskSubject::agent_unit, [&] { check_agent_unit(report); });
  report.run(DeskSubject::reminder, [&] { check_reminder(report); });
  report.run(DeskSubject::browser, [&] { check_browser(report); });
  report.run(DeskSubject::link_handler, [&] { check_link_handler(report); });
  report.run(DeskSubject::certificate_store, [&] { check_certificate_store(report, readers); });
}

}  // namespace koshin::desk_check
