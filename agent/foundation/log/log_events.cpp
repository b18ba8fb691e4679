// SPDX-License-Identifier: MIT
// The kinds of log entries with their MESSAGE_IDs.
#include "foundation/log/log_events.hpp"

#include <algorithm>

namespace koshin::log {
namespace {

constexpr EventInfo table[] = {
    {Event::started, "started", "b62da6b58200ca2fcf06359bf3c1373c"},
    {Event::stopped, "stopped", "d7be9896dc1ad0dca7a5a7809fc28237"},
    {Event::token_inserted, "token_inserted", "a6797938a5844656f7c25b2198c5ff58"},
    {Event::token_removed, "token_removed", "0b935f60f0386f883e169cc44186eca2"},
    {Event::inspected, "inspected", "98ced9d5d300df2ed9c5cade1fba06a4"},
    {Event::decided, "decided", "4fe48ffd27fbf53323d73dcd068a506f"},
    {Event::notified, "notified", "206c9cfdb3b30635164dda66bdbd73c4"},
    {Event::renewal_started, "renewal_started", "770526d310589b5e362068223f8aafac"},
    {Event::step_finished, "step_finished", "fc2f3420b8a8d997ae3d04b62d4ddc67"},
    {Event::renewal_completed, "renewal_completed", "ea4c6d05219566e64604e1e48e3acebb"},
    {Event::renewal_pending, "renewal_pending", "69d4d4d0c2dfae541f0b2a74ee72ff7d"},
    {Event::renewal_failed, "renewal_failed", "7036347b72b1adacdc6e6f462b57ecad"},
    {Event::module_failed, "module_failed", "4d057c44fde670191b933fc47ba3a046"},
    {Event::settings_rejected, "settings_rejected", "4c48cf9e335a9a04b71b3e0f7b0db9c6"},
    {Event::mail_sent, "mail_sent", "413f49ad8d69159a46654a7bcca65a3f"},
    {Event::mail_failed, "mail_failed", "79f9fc7ddc8d408d43ce7db49f523bfe"},
    {Event::page_opened, "page_opened", "7d0ba90facaf71b2c74babb0c8d9913f"},
    {Event::page_closed, "page_closed", "aafdf01dd02d1cb9f1fc926f0cf6322d"},
    {Event::enrolled, "enrolled", "8171c19c3248d0c5bc19a6337f8209db"},
    {Event::pruned, "pruned", "9c7764d0c24d127003596d87b47a14a9"},
    {Event::service_lost, "service_lost", "199024a15236441188ee2570fb78f041"},
    {Event::clock_changed, "clock_changed", "9246cef6fb114e3a9e5076dc6e795d89"},
    {Event::snoozed, "snoozed", "d8e17890d95e42aa9f4da669e530aae6"},
    {Event::hook_finished, "hook_finished", "7a8ae84e78624a41b38302e9901e2099"},
    {Event::hook_failed, "hook_failed", "0ebe6a088a1142d2adbf3e676a5b26d4"},
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

std::string_view message_id(Event event) {
  const EventInfo* const row = find(event);
  return row == nullptr ? std::string_view{} : row->message_id;
}

}  // namespace koshin::log
