// SPDX-License-Identifier: MIT
// Shell_NotifyIcon, as of version 4 of its messages.
#include "desktop/tray_icon_windows.hpp"

#include <shellapi.h>

#include <algorithm>
#include <span>

#include "desktop/message_text.hpp"
#include "foundation/base/text.hpp"
#include "foundation/system/wide_text_windows.hpp"

namespace koshin::desktop {
namespace {

constexpr std::string_view click = "default";

/// At most what the place takes, with a "…" where there is more, and its end.
void put_text(std::span<wchar_t> place, const std::string& text) {
  std::wstring whole = wide(text);
  if (whole.size() >= place.size()) {
    std::size_t size = place.size() - 2;
    if (IS_HIGH_SURROGATE(whole[size - 1])) --size;
    whole.resize(size);
    whole += L'…';
  }
  *std::copy(whole.begin(), whole.end(), place.begin()) = L'\0';
}

/// Whether the person is there and lets programs show something. A session that is locked, a presentation, a
/// program that fills the screen: no.
bool person_is_free() {
  QUERY_USER_NOTIFICATION_STATE state{};
  if (FAILED(SHQueryUserNotificationState(&state))) return true;
  return state == QUNS_ACCEPTS_NOTIFICATIONS || state == QUNS_APP;
}

DWORD picture_of(Urgency urgency) {
  return urgency == Urgency::critical ? NIIF_WARNING : NIIF_INFO;
}

bool has_default(const Message& message) {
  return std::any_of(message.actions.begin(), message.actions.end(),
                     [](const auto& action) { return action.first == click; });
}

NOTIFYICONDATAW numbered(HWND window, UINT number) {
  NOTIFYICONDATAW data{};
  data.cbSize = sizeof data;
  data.hWnd = window;
  data.uID = number;
  return data;
}

}  // namespace

TrayIcons::~TrayIcons() {
  while (!icons_.empty()) leave(icons_.begin());
}

bool TrayIcons::show(const std::string& tag, const Message& message) {
  const auto open = find(tag);
  if (open != icons_.end()) {
    open->second.message = message;
    return put(open->first, open->second, NIM_MODIFY);
  }
  const auto icon = icons_.emplace(++last_number_, Icon{tag, message}).first;
  if (put(icon->first, icon->second, NIM_ADD)) return true;
  icons_.erase(icon);
  return false;
}

void TrayIcons::withdraw(const std::string& tag) {
  if (const auto icon = find(tag); icon != icons_.end()) leave(icon);
}

bool TrayIcons::put(UINT number, Icon& icon, DWORD how) const {
  NOTIFYICONDATAW data = numbered(window_, number);
  data.uFlags = NIF_MESSAGE | NIF_ICON | NIF_TIP | NIF_SHOWTIP;
  data.uCallbackMessage = icon_message;
  data.hIcon = LoadIconW(nullptr, IDI_SHIELD);
  const std::string title = printable(icon.message.title, longest_title);
  put_text(data.szTip, title);
  icon.balloon_missed = !person_is_free();
  if (!icon.balloon_missed) {
    data.uFlags |= NIF_INFO;
    data.dwInfoFlags = picture_of(icon.message.urgency) | NIIF_RESPECT_QUIET_TIME;
    put_text(data.szInfoTitle, title);
    put_text(data.szInfo, harmless(icon.message.body, longest_body));
  }
  if (Shell_NotifyIconW(how, &data) == FALSE) return false;
  data.uVersion = NOTIFYICON_VERSION_4;
  if (how == NIM_ADD) Shell_NotifyIconW(NIM_SETVERSION, &data);
  return true;
}

TrayIcons::Icons::iterator TrayIcons::find(const std::string& tag) {
  return std::find_if(icons_.begin(), icons_.end(),
                      [&](const auto& entry) { return entry.second.tag == tag; });
}

TrayIcons::Answer TrayIcons::leave(Icons::iterator icon) {
  NOTIFYICONDATAW data = numbered(window_, icon->first);
  Shell_NotifyIconW(NIM_DELETE, &data);
  Answer answer{.tag = icon->second.tag, .action = {}, .gone = true};
  icons_.erase(icon);
  return answer;
}

std::optional<TrayIcons::Answer> TrayIcons::on_icon(LPARAM what) {
  const auto icon = icons_.find(HIWORD(what));
  if (icon == icons_.end()) return std::nullopt;
  switch (LOWORD(what)) {
    case NIN_BALLOONUSERCLICK:
    case NIN_SELECT:
    case NIN_KEYSELECT:
      return clicked(icon);
    case WM_CONTEXTMENU:
      return ask(icon);
    case NIN_BALLOONTIMEOUT:  // or closed: the icon stays for what is to stay
      return icon->second.message.stays ? std::nullopt : std::optional(leave(icon));
    default:
      return std::nullopt;
  }
}

/// A message that only informs has been read then.
std::optional<TrayIcons::Answer> TrayIcons::clicked(Icons::iterator icon) {
  if (icon->second.message.actions.empty()) return leave(icon);
  if (!has_default(icon->second.message)) return ask(icon);
  return Answer{.tag = icon->second.tag, .action = std::string(click)};
}

/// The actions as a menu. Empty when none was chosen.
std::optional<TrayIcons::Answer> TrayIcons::ask(Icons::iterator icon) {
  const auto actions = icon->second.message.actions;
  const std::string tag = icon->second.tag;
  const HMENU menu = CreatePopupMenu();
  for (std::size_t i = 0; i < actions.size(); ++i)
    if (actions[i].first != click) AppendMenuW(menu, MF_STRING, i + 1, wide(actions[i].second).c_str());
  POINT place{};
  GetCursorPos(&place);
  SetForegroundWindow(window_);  // or the menu would not close when the person clicks elsewhere
  const auto chosen = static_cast<std::size_t>(
      TrackPopupMenu(menu, TPM_RETURNCMD | TPM_NONOTIFY, place.x, place.y, 0, window_, nullptr));
  PostMessageW(window_, WM_NULL, 0, 0);
  DestroyMenu(menu);
  // It may have been withdrawn while the menu was open.
  if (chosen == 0 || chosen > actions.size() || find(tag) == icons_.end()) return std::nullopt;
  return Answer{.tag = tag, .action = actions[chosen - 1].first};
}

void TrayIcons::show_all_again() {
  for (auto& [number, icon] : icons_) put(number, icon, NIM_ADD);
}

void TrayIcons::show_missed_balloons() {
  for (auto& [number, icon] : icons_)
    if (icon.balloon_missed) put(number, icon, NIM_MODIFY);
}

}  // namespace koshin::desktop
