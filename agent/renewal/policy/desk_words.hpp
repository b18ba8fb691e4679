// SPDX-License-Identifier: MIT
// What koshin-desk-check looks at beside the token and the authority, and what it may find there: the second
// half of the doctor's words. doctor_words.hpp gives the texts of either half by the identifiers.
#pragma once

#include <cstddef>
#include <string_view>

namespace koshin::renewal {

enum class DeskSubject {
  card_service,
  reader,
  readers,
  agent,
  agent_unit,
  notifications,
  browser,
  link_handler,
  named_files,
  named_file,
  unattended,
  metrics,
  mail,
  firefox,
  chromium,
  firefox_choice,
  browser_policy,
  certificate_store,
  desk,
};
inline constexpr std::size_t desk_subject_count = static_cast<std::size_t>(DeskSubject::desk) + 1;

enum class DeskFinding {
  card_service_answers,
  card_service_absent,
  card_service_stopped,
  card_service_refuses,
  card_service_hangs,
  readers_none,
  reader_unknown_to_service,
  reader_with_card,
  reader_empty,
  reader_mute,
  reader_held,
  agent_runs,
  agent_outdated,
  agent_absent,
  agent_waits,
  unit_enabled,
  unit_not_enabled,
  unit_unknown,
  messages_shown,
  messages_not_shown,
  browser_found,
  browser_none,
  browser_no_xdg_open,
  link_opens,
  link_opens_another,
  link_opens_nothing,
  files_usable,
  file_unusable,
  unattended_off,
  unattended_ready,
  unattended_without_pin,
  metrics_off,
  metrics_written,
  metrics_not_yet,
  metrics_not_writable,
  mail_off,
  mail_accepts,
  mail_accepts_user,
  mail_sent,
  mail_refused,
  mail_not_tried,
  mail_copy_refused,
  mail_person_unknown,
  browser_has_module,
  browser_lacks_module,
  browser_has_it_by_policy,
  browser_has_it_by_proxy,
  browser_has_it_twice,
  browser_proxy_lacks_it,
  browser_unused,
  browser_confined,
  choice_remembered,
  policy_unreadable,
  policy_chooses,
  policy_sets_choice,
  policy_removes_module,
  windows_service_answers,
  windows_service_waits,
  windows_service_disabled,
  windows_service_refuses,
  windows_service_hangs,
  windows_readers_none,
  windows_agent_absent,
  windows_browser_none,
  windows_link_opens_another,
  windows_link_opens_nothing,
  store_nothing_renewed,
  store_has_it,
  store_lacks_it,
  store_keyless,
  store_token_absent,
  store_expired_twin,
  desk_not_examined,
};
inline constexpr std::size_t desk_finding_count =
    static_cast<std::size_t>(DeskFinding::desk_not_examined) + 1;

std::string_view to_string(DeskSubject subject);  ///< "card_service"
std::string_view to_string(DeskFinding finding);  ///< "card_service_stopped"

}  // namespace koshin::renewal
