// SPDX-License-Identifier: MIT
// The texts of desk_words.hpp. Part of doctor_words.cpp.
#pragma once

#include <array>
#include <string_view>

#include "foundation/texts/computer.hpp"
#include "renewal/policy/desk_words.hpp"

namespace koshin::renewal {

struct DeskSubjectRow {
  DeskSubject subject;
  std::string_view id;
  Text name;
};

inline constexpr std::array<DeskSubjectRow, desk_subject_count> desk_subject_rows{{
    {DeskSubject::card_service, "card_service", texts::computer_examined_card_service},
    {DeskSubject::reader, "reader", texts::computer_examined_reader},
    {DeskSubject::readers, "readers", texts::computer_examined_readers},
    {DeskSubject::agent, "agent", texts::computer_examined_agent},
    {DeskSubject::agent_unit, "agent_unit", texts::computer_examined_agent_unit},
    {DeskSubject::notifications, "notifications", texts::computer_examined_notifications},
    {DeskSubject::browser, "browser", texts::computer_examined_browser},
    {DeskSubject::link_handler, "link_handler", texts::computer_examined_link_handler},
    {DeskSubject::named_files, "named_files", texts::computer_examined_named_files},
    {DeskSubject::named_file, "named_file", texts::computer_examined_named_file},
    {DeskSubject::unattended, "unattended", texts::computer_examined_unattended},
    {DeskSubject::metrics, "metrics", texts::computer_examined_metrics},
    {DeskSubject::mail, "mail", texts::computer_examined_mail},
    {DeskSubject::firefox, "firefox", texts::computer_examined_firefox},
    {DeskSubject::chromium, "chromium", texts::computer_examined_chromium},
    {DeskSubject::firefox_choice, "firefox_choice", texts::computer_examined_firefox_choice},
    {DeskSubject::certificate_store, "certificate_store", texts::computer_examined_certificate_store},
    {DeskSubject::desk, "desk", texts::computer_examined_desk},
}};

struct DeskFindingRow {
  DeskFinding finding;
  std::string_view id;
  Text text;
  Text advice;  ///< empty: there is nothing to do
};

inline constexpr std::array<DeskFindingRow, desk_finding_count> desk_finding_rows{{
    {DeskFinding::card_service_answers,
     "card_service_answers",
     texts::computer_finding_card_service_answers,
     {}},
    {DeskFinding::card_service_absent, "card_service_absent", texts::computer_finding_card_service_absent,
     texts::computer_advice_card_service_absent},
    {DeskFinding::card_service_stopped, "card_service_stopped", texts::computer_finding_card_service_stopped,
     texts::computer_advice_card_service_stopped},
    {DeskFinding::card_service_refuses, "card_service_refuses", texts::computer_finding_card_service_refuses,
     texts::computer_advice_card_service_refuses},
    {DeskFinding::card_service_hangs, "card_service_hangs", texts::computer_finding_card_service_hangs,
     texts::computer_advice_card_service_hangs},
    {DeskFinding::readers_none, "readers_none", texts::computer_finding_readers_none,
     texts::computer_advice_readers_none},
    {DeskFinding::reader_unknown_to_service, "reader_unknown_to_service",
     texts::computer_finding_reader_unknown_to_service, texts::computer_advice_reader_unknown_to_service},
    {DeskFinding::reader_with_card, "reader_with_card", texts::computer_finding_reader_with_card, {}},
    {DeskFinding::reader_empty, "reader_empty", texts::computer_finding_reader_empty, {}},
    {DeskFinding::reader_mute, "reader_mute", texts::computer_finding_reader_mute,
     texts::computer_advice_reader_mute},
    {DeskFinding::reader_held, "reader_held", texts::computer_finding_reader_held,
     texts::computer_advice_reader_held},
    {DeskFinding::agent_runs, "agent_runs", texts::computer_finding_agent_runs, {}},
    {DeskFinding::agent_outdated, "agent_outdated", texts::computer_finding_agent_outdated,
     texts::computer_advice_agent_outdated},
    {DeskFinding::agent_absent, "agent_absent", texts::computer_finding_agent_absent,
     texts::computer_advice_agent_absent},
    {DeskFinding::agent_waits, "agent_waits", texts::computer_finding_agent_waits, {}},
    {DeskFinding::unit_enabled, "unit_enabled", texts::computer_finding_unit_enabled, {}},
    {DeskFinding::unit_not_enabled, "unit_not_enabled", texts::computer_finding_unit_not_enabled,
     texts::computer_advice_unit_not_enabled},
    {DeskFinding::unit_unknown, "unit_unknown", texts::computer_finding_unit_unknown, {}},
    {DeskFinding::messages_shown, "messages_shown", texts::computer_finding_messages_shown, {}},
    {DeskFinding::messages_not_shown, "messages_not_shown", texts::computer_finding_messages_not_shown,
     texts::computer_advice_messages_not_shown},
    {DeskFinding::browser_found, "browser_found", texts::computer_finding_browser_found, {}},
    {DeskFinding::browser_none, "browser_none", texts::computer_finding_browser_none,
     texts::computer_advice_browser_none},
    {DeskFinding::browser_no_xdg_open, "browser_no_xdg_open", texts::computer_finding_browser_no_xdg_open,
     texts::computer_advice_browser_no_xdg_open},
    {DeskFinding::link_opens, "link_opens", texts::computer_finding_link_opens, {}},
    {DeskFinding::link_opens_another, "link_opens_another", texts::computer_finding_link_opens_another,
     texts::computer_advice_link_opens_another},
    {DeskFinding::link_opens_nothing, "link_opens_nothing", texts::computer_finding_link_opens_nothing,
     texts::computer_advice_link_opens_nothing},
    {DeskFinding::files_usable, "files_usable", texts::computer_finding_files_usable, {}},
    {DeskFinding::file_unusable, "file_unusable", texts::computer_finding_file_unusable,
     texts::computer_advice_file_unusable},
    {DeskFinding::unattended_off, "unattended_off", texts::computer_finding_unattended_off, {}},
    {DeskFinding::unattended_ready, "unattended_ready", texts::computer_finding_unattended_ready, {}},
    {DeskFinding::unattended_without_pin, "unattended_without_pin",
     texts::computer_finding_unattended_without_pin, texts::computer_advice_unattended_without_pin},
    {DeskFinding::metrics_off, "metrics_off", texts::computer_finding_metrics_off, {}},
    {DeskFinding::metrics_written, "metrics_written", texts::computer_finding_metrics_written, {}},
    {DeskFinding::metrics_not_yet, "metrics_not_yet", texts::computer_finding_metrics_not_yet, {}},
    {DeskFinding::metrics_not_writable, "metrics_not_writable", texts::computer_finding_metrics_not_writable,
     texts::computer_advice_metrics_not_writable},
    {DeskFinding::mail_off, "mail_off", texts::computer_finding_mail_off, {}},
    {DeskFinding::mail_accepts, "mail_accepts", texts::computer_finding_mail_accepts, {}},
    {DeskFinding::mail_accepts_user, "mail_accepts_user", texts::computer_finding_mail_accepts_user, {}},
    {DeskFinding::mail_sent, "mail_sent", texts::computer_finding_mail_sent, {}},
    {DeskFinding::mail_refused, "mail_refused", texts::computer_finding_mail_refused,
     texts::computer_advice_mail_refused},
    {DeskFinding::mail_not_tried, "mail_not_tried", texts::computer_finding_mail_not_tried,
     texts::computer_advice_mail_not_tried},
    {DeskFinding::mail_copy_refused, "mail_copy_refused", texts::computer_finding_mail_copy_refused,
     texts::computer_advice_mail_copy_refused},
    {DeskFinding::mail_person_unknown,
     "mail_person_unknown",
     texts::computer_finding_mail_person_unknown,
     {}},
    {DeskFinding::browser_has_module, "browser_has_module", texts::computer_finding_browser_has_module, {}},
    {DeskFinding::browser_lacks_module, "browser_lacks_module", texts::computer_finding_browser_lacks_module,
     texts::computer_advice_browser_lacks_module},
    {DeskFinding::browser_has_it_by_policy,
     "browser_has_it_by_policy",
     texts::computer_finding_browser_has_it_by_policy,
     {}},
    {DeskFinding::browser_unused, "browser_unused", texts::computer_finding_browser_unused, {}},
    {DeskFinding::browser_confined, "browser_confined", texts::computer_finding_browser_confined, {}},
    {DeskFinding::choice_remembered, "choice_remembered", texts::computer_finding_choice_remembered,
     texts::computer_advice_choice_remembered},
    {DeskFinding::windows_service_answers,
     "windows_service_answers",
     texts::computer_finding_windows_service_answers,
     {}},
    {DeskFinding::windows_service_waits, "windows_service_waits",
     texts::computer_finding_windows_service_waits, texts::computer_advice_windows_service_waits},
    {DeskFinding::windows_service_disabled, "windows_service_disabled",
     texts::computer_finding_windows_service_disabled, texts::computer_advice_windows_service_disabled},
    {DeskFinding::windows_service_refuses, "windows_service_refuses",
     texts::computer_finding_windows_service_refuses, texts::computer_advice_windows_service_refuses},
    {DeskFinding::windows_service_hangs, "windows_service_hangs",
     texts::computer_finding_windows_service_hangs, texts::computer_advice_windows_service_hangs},
    {DeskFinding::windows_readers_none, "windows_readers_none", texts::computer_finding_windows_readers_none,
     texts::computer_advice_readers_none},
    {DeskFinding::windows_agent_absent, "windows_agent_absent", texts::computer_finding_agent_absent,
     texts::computer_advice_windows_agent_absent},
    {DeskFinding::windows_browser_none, "windows_browser_none", texts::computer_finding_browser_none,
     texts::computer_advice_windows_browser_none},
    {DeskFinding::windows_link_opens_another, "windows_link_opens_another",
     texts::computer_finding_link_opens_another, texts::computer_advice_windows_link_opens_another},
    {DeskFinding::windows_link_opens_nothing, "windows_link_opens_nothing",
     texts::computer_finding_link_opens_nothing, texts::computer_advice_windows_link_opens_another},
    {DeskFinding::store_nothing_renewed,
     "store_nothing_renewed",
     texts::computer_finding_store_nothing_renewed,
     {}},
    {DeskFinding::store_has_it, "store_has_it", texts::computer_finding_store_has_it, {}},
    {DeskFinding::store_lacks_it, "store_lacks_it", texts::computer_finding_store_lacks_it,
     texts::computer_advice_store_lacks_it},
    {DeskFinding::store_expired_twin, "store_expired_twin", texts::computer_finding_store_expired_twin,
     texts::computer_advice_store_expired_twin},
    {DeskFinding::desk_not_examined, "desk_not_examined", texts::computer_finding_desk_not_examined, {}},
}};

}  // namespace koshin::renewal
