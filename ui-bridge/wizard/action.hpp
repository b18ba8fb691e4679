// SPDX-License-Identifier: MIT
// A person's action.
#pragma once

#include <string>

namespace koshin::ui {

/// The button's name and the choices made, if any.
struct Action {
  std::string name;
  std::string token_uri, key;  ///< "execute"
  std::string user;      ///< "start_enrollment" on a token that does not identify its user; "use_proxy_login"
  bool checked = false;  ///< "next" on the notice: remind me next time; "confirm_final_try"
};

}  // namespace koshin::ui
