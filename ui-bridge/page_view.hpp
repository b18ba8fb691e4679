// SPDX-License-Identifier: MIT
// The window that is a page in the user's browser, on a port of the loopback interface that exists as long as
// the wizard is open.
#pragma once

#include <memory>

#include "browser.hpp"
#include "foundation/settings/settings.hpp"
#include "view.hpp"

namespace koshin::ui {

struct PageViewOptions {
  const Settings& settings;
  std::unique_ptr<BrowserLauncher> browser;  ///< null: no browser can be started
  bool print_url = false;                    ///< the address is printed, and no browser is started
};

/// `wizard` gets what the person does on the page, `listener` the rest; both outlive the window.
std::unique_ptr<View> make_page_view(boost::asio::io_context& context, Wizard& wizard, ViewListener& listener,
                                     PageViewOptions options);

}  // namespace koshin::ui
