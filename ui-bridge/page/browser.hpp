// SPDX-License-Identifier: MIT
// Opening a page in the user's default browser.
#pragma once

#include <functional>
#include <memory>

#include "ui-bridge/wizard/page_address.hpp"

namespace boost::asio {
class io_context;
}

namespace koshin::ui {

/// Whether this session has a display for a browser (or $BROWSER names one).
bool browser_possible();

/// Starts the browser from a child that is prepared before this process restricts its privileges and its
/// umask: a browser must not inherit these restrictions, which its own sandbox cannot work with.
class BrowserLauncher {
 public:
  /// To be called first, while the process has a single thread. Null when no child could be started.
  static std::unique_ptr<BrowserLauncher> prepare();
  virtual ~BrowserLauncher() = default;
  /// Hands the page to the desktop, once, by its file if there is one, without waiting for the browser.
  /// `failed` is called at most once, from `context`, when the desktop reports a failure. `context` outlives
  /// the launcher.
  virtual void open(boost::asio::io_context& context, const PageAddress& page,
                    std::function<void()> failed) = 0;
  /// The page did not load: hands the page's own address to the desktop, since a browser may be unable to
  /// read files.
  virtual void use_url() = 0;
  /// The page has loaded, or is not needed any more.
  virtual void done() = 0;
};

}  // namespace koshin::ui
