// SPDX-License-Identifier: MIT
// The kinds of log entries with their MESSAGE_IDs.
#include "foundation/log/log_events.hpp"

#include <algorithm>

namespace koshin::log {
namespace {

constexpr EventInfo table[] = {
    {Event::started, "started", "b62da6b58200ca2fcf06359bf3c1373c", 1001},
    {Event::stopped, "stopped", "d7be9896dc1ad0dca7a5a7809fc28237", 1002},
    {Event::token_inserted, "token_inserted", "a6797938a5844656f7c25b2198c5ff58", 1003},
    {Event::token_removed, "token_removed", "0b935f60f0386f883e169cc44186eca2", 1004},
    {Event::inspected, "inspected", "98ced9d5d300df2ed9c5cade1fba06a4", 1005},
    {Event::decided, "decided", "4fe48ffd27fbf53323d73dcd068a506f", 1006},
    {Event::notified, "notified", "206c9cfdb3b30635164dda66bdbd73c4", 1007},
    {Event::renewal_started, "renewal_started", "770526d310589b5e362068223f8aafac", 1008},
    {Event::step_finished, "step_finished", "fc2f3420b8a8d997ae3d04b62d4ddc67", 1009},
    {Event::renewal_completed, "renewal_completed", "ea4c6d05219566e64604e1e48e3acebb", 1010},
    {Event::renewal_pending, "renewal_pending", "69d4d4d0c2dfae541f0b2a74ee72ff7d", 1011},
    {Event::renewal_failed, "renewal_failed", "7036347b72b1adacdc6e6f462b57ecad", 1012},
    {Event::module_failed, "module_failed", "4d057c44fde670191b933fc47ba3a046", 1013},
    {Event::settings_rejected, "settings_rejected", "4c48cf9e335a9a04b71b3e0f7b0db9c6", 1014},
    {Event::mail_sent, "mail_sent", "413f49ad8d69159a46654a7bcca65a3f", 1015},
    {Event::mail_failed, "mail_failed", "79f9fc7ddc8d408d43ce7db49f523bfe", 1016},
    {Event::page_opened, "page_opened", "7d0ba90facaf71b2c74babb0c8d9913f", 1017},
    {Event::page_closed, "page_closed", "aafdf01dd02d1cb9f1fc926f0cf6322d", 1018},
    {Event::enrolled, "enrolled", "8171c19c3248d0c5bc19a6337f8209db", 1019},
    {Event::pruned, "pruned", "9c7764d0c24d127003596d87b47a14a9", 1023},
    {Event::service_lost, "service_lost", "199024a15236441188ee2570fb78f041", 1020},
    {Event::clock_changed, "clock_changed", "9246cef6fb114e3a9e5076dc6e795d89", 1021},
    {Event::snoozed, "snoozed", "d8e17890d95e42aa9f4da669e530aae6", 1022},
    {Event::hook_finished, "hook_finished", "7a8ae84e78624a41b38302e9901e2099", 1024},
    {Event::hook_failed, "hook_failed", "0ebe6a088a1142d2adbf3e676a5b26d4", 1025},
};

const EventInfo* find(Event event) {
  const auto* const found = std::find_if(std::begin(table), std::end(table),
                                         [&](const EventInfo& row) { return row.event == event; });
  return found == std::end(table) ? nullptr : found;
}

}  // namespace

std::span<const EventInfo> event_table() {
  return table;
}

std::string_view event_name(Event event) {
  const EventInfo* const row = find(event);
  return row == nullptr ? std::string_view{} : row->name;
}

std::uint16_t event_number(std::string_view name) {
  const auto* const found = std::find_if(std::begin(table), std::end(table),
                                         [&](const EventInfo& row) { return row.name == name; });
  return found == std::end(table) ? number_without_event : found->number;
}

std::string_view message_id(Event event) {
  const EventInfo* const row = find(event);
  return row == nullptr ? std::string_view{} : row->message_id;
}

}  // namespace koshin::log
