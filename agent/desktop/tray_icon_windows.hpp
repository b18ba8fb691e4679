// SPDX-License-Identifier: MIT
// Icons in the notification area, one for each message, with its balloon and its menu. All of it belongs to
// the thread that owns the window.
#pragma once

#include <windows.h>

#include <map>
#include <optional>
#include <string>

#include "desktop/notifications.hpp"

namespace koshin::desktop {

class TrayIcons {
 public:
  /// What became of a message: an action of it, or that it is gone.
  struct Answer {
    std::string tag, action;
    bool gone = false;
  };
  /// What the icons' window is sent for them.
  static constexpr UINT icon_message = WM_APP + 1;

  explicit TrayIcons(HWND window) : window_(window) {}
  ~TrayIcons();
  TrayIcons(const TrayIcons&) = delete;
  TrayIcons& operator=(const TrayIcons&) = delete;

  /// False where this session has no notification area.
  bool show(const std::string& tag, const Message& message);
  void withdraw(const std::string& tag);
  /// For icon_message.
  std::optional<Answer> on_icon(LPARAM what);
  /// The notification area is a new one: Explorer was started again.
  void show_all_again();
  /// The person is there: balloons that could not be shown are shown now.
  void show_missed_balloons();

 private:
  struct Icon {
    std::string tag;
    Message message;
    bool balloon_missed = false;
  };
  using Icons = std::map<UINT, Icon>;

  bool put(UINT number, Icon& icon, DWORD how) const;
  Icons::iterator find(const std::string& tag);
  Answer leave(Icons::iterator icon);
  std::optional<Answer> clicked(Icons::iterator icon);
  std::optional<Answer> ask(Icons::iterator icon);

  HWND window_;
  Icons icons_;
  UINT last_number_ = 0;
};

}  // namespace koshin::desktop
