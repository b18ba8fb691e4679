// SPDX-License-Identifier: MIT
// The screens: for each its name, and the function that says what stands on it.
#pragma once

#include <stdexcept>
#include <string_view>

#include "screen_content.hpp"

namespace koshin::ui {

enum class Screen {
  loading,         ///< the token is being inspected
  unlock,          ///< PIN (and the bank's passphrase when the authority asks for one)
  notice,          ///< when it expires; "remind me next time"
  start,           ///< storage location and key type
  renewing,        ///< the steps as they happen
  completed,       ///< the new certificate
  delete_old,      ///< which certificate would be deleted: first question
  delete_confirm,  ///< the second question, with the PIN
  interrupted,     ///< what was done, what was not, what happens next
  reissue,         ///< why an administrator is needed; the field for the code
  pending,         ///< the authority has deferred its decision
  give_up,         ///< asks whether to give an unfinished renewal up, with the consequences
  current,         ///< nothing is due
  put_off,         ///< this token is postponed; there are others
  computer,        ///< what was found of this computer, token and authority
  pin_change,      ///< the PIN and a new one
  pin_reset,       ///< a new PIN, with the PUK or the security officer's PIN
  pin_changed,     ///< the new PIN counts
  proxy_login,     ///< user name and password for the proxy, which asks who is there
  finished,        ///< the last page
};

namespace screens {

struct Scene;  // screens.hpp

// on the way to a new certificate: screens_before.cpp
ScreenContent loading(const Scene& scene);
ScreenContent unlock(const Scene& scene);
ScreenContent notice(const Scene& scene);
ScreenContent start(const Scene& scene);
ScreenContent renewing(const Scene& scene);
ScreenContent reissue(const Scene& scene);
ScreenContent current(const Scene& scene);
ScreenContent proxy_login(const Scene& scene);
// how it went, and what then: screens_after.cpp
ScreenContent completed(const Scene& scene);
ScreenContent delete_old(const Scene& scene);
ScreenContent delete_confirm(const Scene& scene);
ScreenContent interrupted(const Scene& scene);
ScreenContent pending(const Scene& scene);
ScreenContent giving_up(const Scene& scene);
ScreenContent put_off(const Scene& scene);
ScreenContent computer(const Scene& scene);
ScreenContent finished(const Scene& scene);
// a new PIN: screens_pin.cpp
ScreenContent pin_change(const Scene& scene);
ScreenContent pin_reset(const Scene& scene);
ScreenContent pin_changed(const Scene& scene);

}  // namespace screens

struct ScreenRow {
  std::string_view name;  ///< for pages and tests, "delete_old"
  ScreenContent (*content)(const screens::Scene&);
};

/// A screen without a row does not compile.
constexpr ScreenRow row(Screen screen) {
  switch (screen) {
    case Screen::loading:
      return {"loading", screens::loading};
    case Screen::unlock:
      return {"unlock", screens::unlock};
    case Screen::notice:
      return {"notice", screens::notice};
    case Screen::start:
      return {"start", screens::start};
    case Screen::renewing:
      return {"renewing", screens::renewing};
    case Screen::completed:
      return {"completed", screens::completed};
    case Screen::delete_old:
      return {"delete_old", screens::delete_old};
    case Screen::delete_confirm:
      return {"delete_confirm", screens::delete_confirm};
    case Screen::interrupted:
      return {"interrupted", screens::interrupted};
    case Screen::reissue:
      return {"reissue", screens::reissue};
    case Screen::pending:
      return {"pending", screens::pending};
    case Screen::give_up:
      return {"give_up", screens::giving_up};
    case Screen::current:
      return {"current", screens::current};
    case Screen::put_off:
      return {"put_off", screens::put_off};
    case Screen::computer:
      return {"computer", screens::computer};
    case Screen::pin_change:
      return {"pin_change", screens::pin_change};
    case Screen::pin_reset:
      return {"pin_reset", screens::pin_reset};
    case Screen::pin_changed:
      return {"pin_changed", screens::pin_changed};
    case Screen::proxy_login:
      return {"proxy_login", screens::proxy_login};
    case Screen::finished:
      return {"finished", screens::finished};
  }
  throw std::invalid_argument("a number that is no screen");
}

constexpr std::string_view to_string(Screen screen) {
  return row(screen).name;
}

}  // namespace koshin::ui
