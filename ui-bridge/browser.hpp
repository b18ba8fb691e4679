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

/// Two ways to one page.
struct PageAddress {
  std::string file;  ///< a file that leads to it; empty when the browser could not read one
  std::string url;   ///< its own address, which stands in a process list once it is used
};

/// Prepared before the process gives up its privileges and its umask, since a browser that we start must not
/// inherit that: its own sandbox needs what ours forbids.
class BrowserLauncher {
 public:
  /// Call it first of all, while the process has one thread. Null when no child could be made.
  static std::unique_ptr<BrowserLauncher> prepare();
  virtual ~BrowserLauncher() = default;
  /// Hands the page to the desktop, once, by its file where there is one, and does not wait for the browser.
  /// `failed` is called, at most once, from `context` when the desktop says that it could not.
  virtual void open(boost::asio::io_context& context, const PageAddress& page,
                    std::function<void()> failed) = 0;
  /// The page has not come: the desktop is given its own address, as a browser may not be able to read files.
  virtual void use_url() = 0;
  /// The page has come, or is wanted no more.
  virtual void done() = 0;
};

}  // namespace koshin::ui
