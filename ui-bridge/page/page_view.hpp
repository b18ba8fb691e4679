// SPDX-License-Identifier: MIT
// The window as a page in the user's browser, on a port of the loopback interface that exists while the
// wizard is open.
#pragma once

#include <memory>

#include "browser.hpp"
#include "foundation/settings/settings.hpp"
#include "ui-bridge/wizard/view.hpp"

namespace koshin::ui {

struct PageViewOptions {
  const Settings& settings;
  std::unique_ptr<BrowserLauncher> browser;  ///< null: no browser can be started
  bool print_url = false;                    ///< print the address instead of starting a browser
};

/// Whether a page can be served here to this user alone: koshin can ask the system whose a connection is.
bool page_possible();

/// `wizard` receives the person's actions, `listener` the other events; both must outlive the window.
std::unique_ptr<View> make_page_view(boost::asio::io_context& context, Wizard& wizard, ViewListener& listener,
                                     PageViewOptions options);

}  // namespace koshin::ui
