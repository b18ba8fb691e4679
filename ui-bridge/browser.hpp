// SPDX-License-Identifier: MIT
// Opening a page in the user's default browser.
#pragma once

#include <functional>
#include <memory>
#include <string>

namespace boost::asio {
class io_context;
}

namespace koshin::ui {

/// True when this session has a screen a browser could appear on (or $BROWSER names one).
bool browser_possible();

/// Prepared before the process gives up its privileges and its umask, since a browser that we start must not
/// inherit that: its own sandbox needs what ours forbids.
class BrowserLauncher {
 public:
  /// Call it first of all, while the process has one thread. Null when no child could be made.
  static std::unique_ptr<BrowserLauncher> prepare();
  virtual ~BrowserLauncher() = default;
  /// Hands `url` to the desktop, once, and does not wait for the browser. `failed` is called, at most once,
  /// from `context` when the desktop says that it could not.
  virtual void open(boost::asio::io_context& context, const std::string& url,
                    std::function<void()> failed) = 0;
};

}  // namespace koshin::ui
