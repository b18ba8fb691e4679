// SPDX-License-Identifier: MIT
// The checks. Each adds what it has seen to the report, waits for no service longer than service_limit, and
// changes nothing but what its comment says.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "desk_check/report.hpp"
#include "foundation/settings/settings.hpp"

namespace koshin::desk_check {

/// How long one service may take to answer. The mail server has a limit of its own (koshin-mail).
inline constexpr std::chrono::seconds service_limit{5};

/// Those of the following checks that this system has something for, in their order; the others are not
/// defined there.
void check_system(Report& report);

/// The smart card service and its readers. Returns whether a reader is there; `with_card`, which Windows'
/// check alone tells apart: one of them has a card.
enum class Readers { none, some, with_card, not_seen };
Readers check_card_service(Report& report);
/// What USB says about readers: the names of devices with an interface of the class "smart card" (0b). Empty
/// without a list where the system shows no devices as Linux does. `buses`: /sys/bus.
std::optional<std::vector<std::string>> usb_readers(const std::filesystem::path& buses);

/// The agent of this user, whether it is started by itself, and whether the reminders of tokens that are not
/// inserted are.
void check_agent(Report& report, Readers readers);
void check_agent_unit(Report& report);
void check_reminder(Report& report);

/// What shows messages, opens pages, and takes the links koshin:.
void check_notifications(Report& report);
void check_browser(Report& report);
void check_link_handler(Report& report);

/// Whether the system's store, which browsers read there, has the certificates that koshin has renewed for
/// this user, by the journal. Both are only read. `readers`: where none of them has a card, a certificate
/// that is missing may be missing because of that.
void check_certificate_store(Report& report, Readers readers);

/// Of each bank, what they have in common once: the files that the settings name, the PIN without a person,
/// the metrics.
void check_named_files(Report& report, const Deployment& deployment);
void check_unattended(Report& report, const Deployment& deployment);
void check_metrics(Report& report, const Settings& settings);

/// What koshin-mail says of the mail server: nothing is sent, or with `send` one mail that says what it is.
struct MailCheck {
  std::string settings_file;
  bool send = false;
};
void check_mail(Report& report, const Deployment& deployment, const MailCheck& how);

/// Whether the browsers of this user have the modules that the settings name.
void check_browsers(Report& report, const Settings& settings);

}  // namespace koshin::desk_check
