// SPDX-License-Identifier: MIT
#include "desk_check/checks.hpp"

namespace koshin::desk_check {

void check_system(Report& report) {
  Readers readers = Readers::not_seen;
  report.run(DeskSubject::card_service, [&] { readers = check_card_service(report); });
  report.run(DeskSubject::agent, [&] { check_agent(report, readers); });
  report.run(DeskSubject::agent_unit, [&] { check_agent_unit(report); });
  report.run(DeskSubject::reminder, [&] { check_reminder(report); });
  report.run(DeskSubject::notifications, [&] { check_notifications(report); });
  report.run(DeskSubject::browser, [&] { check_browser(report); });
  report.run(DeskSubject::link_handler, [&] { check_link_handler(report); });
}

}  // namespace koshin::desk_check
