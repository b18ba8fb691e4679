// SPDX-License-Identifier: MIT
// What the desktop shows messages and opens pages and links with.
#include <unistd.h>

#include <cstdlib>
#include <sstream>

#include "desk_check/checks.hpp"
#include "desk_check/user_bus.hpp"
#include "desktop/default_application.hpp"
#include "foundation/system/peer_owner.hpp"

namespace koshin::desk_check {
namespace {

/// Where a program of that name lies in $PATH; empty when nowhere.
std::string in_path(const std::string& name) {
  const char* const path = std::getenv("PATH");
  std::istringstream folders(path == nullptr ? "/usr/bin:/bin" : path);
  for (std::string folder; std::getline(folders, folder, ':');) {
    std::string program = folder;
    program.append("/").append(name);
    if (!folder.empty() && access(program.c_str(), X_OK) == 0) return program;
  }
  return {};
}

/// What xdg-open takes for a page, by its own order: the desktop's choice, $BROWSER, Debian's alternative.
std::string what_opens_pages() {
  const auto folders = desktop::DesktopFolders::of_environment();
  for (const char* type : {"x-scheme-handler/http", "text/html"})
    if (const auto entry = desktop::opener_of(type, folders)) return desktop::command_of_entry(*entry);
  if (const char* named = std::getenv("BROWSER"); named != nullptr && *named != '\0') return named;
  return in_path("x-www-browser");
}

/// Where the system does not tell whose a connection is, koshin-ui opens no page, and a link leads to none:
/// what would open them is not looked for then.
bool no_page_is_possible(Report& report, DeskSubject subject) {
  if (peers_can_be_told()) return false;
  report.add(subject, Status::skipped, DeskFinding::page_unsupported);
  return true;
}

}  // namespace

void check_notifications(Report& report) {
  const auto server = within<BusAnswer>(service_limit, notification_server);
  if (server && !server->text.empty())
    return report.add(DeskSubject::notifications, Status::ok, DeskFinding::messages_shown, {server->text});
  if (server && !server->asked)
    return report.add(DeskSubject::notifications, Status::skipped, DeskFinding::messages_unsupported);
  report.add(DeskSubject::notifications, Status::warning, DeskFinding::messages_not_shown,
             {server ? server->error : "no answer"});
}

void check_browser(Report& report) {
  if (no_page_is_possible(report, DeskSubject::browser)) return;
  if (in_path("xdg-open").empty())
    return report.add(DeskSubject::browser, Status::warning, DeskFinding::browser_no_xdg_open);
  const std::string opener = what_opens_pages();
  if (opener.empty()) return report.add(DeskSubject::browser, Status::warning, DeskFinding::browser_none);
  report.add(DeskSubject::browser, Status::ok, DeskFinding::browser_found, {opener});
}

void check_link_handler(Report& report) {
  if (no_page_is_possible(report, DeskSubject::link_handler)) return;
  const auto entry = desktop::opener_of("x-scheme-handler/koshin", desktop::DesktopFolders::of_environment());
  if (!entry) return report.add(DeskSubject::link_handler, Status::warning, DeskFinding::link_opens_nothing);
  const std::string command = desktop::command_of_entry(*entry);
  const bool ours = command.find("koshin-ui") != std::string::npos;
  report.add(DeskSubject::link_handler, ours ? Status::ok : Status::warning,
             ours ? DeskFinding::link_opens : DeskFinding::link_opens_another, {command});
}

}  // namespace koshin::desk_check
