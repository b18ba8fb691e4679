// SPDX-License-Identifier: MIT
// The default browser through the shell. It stays when koshin-ui ends, also where koshin-ui is in a job of
// the agent's: such a job lets go of what its processes start.
#include "browser.hpp"

#include <winsock2.h>
// After winsock2.h, which it would bring in an older version.
#include <windows.h>
// After windows.h, which they need.
#include <objbase.h>
#include <shellapi.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <system_error>
#include <utility>

#include "foundation/log/log.hpp"
#include "foundation/system/detached_thread.hpp"
#include "foundation/system/wide_text_windows.hpp"

namespace koshin::ui {

namespace {

/// How long the end waits for the shell to take an address, which it does before it answers.
constexpr std::chrono::seconds longest_handing_over{10};

/// Hands a file:// or http:// address to the program that the person has chosen for it. False when none takes
/// it. May take as long as that program does.
bool open_by_shell(const std::string& address) {
  const bool entered = SUCCEEDED(CoInitializeEx(nullptr, COINIT_APARTMENTTHREADED | COINIT_DISABLE_OLE1DDE));
  const std::wstring file = wide(address);
  SHELLEXECUTEINFOW order{};
  order.cbSize = sizeof order;
  order.fMask = SEE_MASK_FLAG_NO_UI | SEE_MASK_NOASYNC;  // this thread has no message loop to finish it later
  order.lpVerb = L"open";
  order.lpFile = file.c_str();
  order.nShow = SW_SHOWNORMAL;
  const bool taken = ShellExecuteExW(&order) != FALSE;
  if (!taken)
    log::debug("no program opens it",
               {{"KOSHIN_DETAIL", "ShellExecute: error " + std::to_string(GetLastError())}});
  if (entered) CoUninitialize();
  return taken;
}

/// What the launcher and the threads that ask the shell have in common. The shell may hang: nobody waits for
/// it for ever.
class HandingOver : public std::enable_shared_from_this<HandingOver> {
 public:
  HandingOver(boost::asio::io_context& context, std::function<void()> failed)
      : context_(&context), failed_(std::move(failed)) {}

  /// Asks for the first of these addresses that is not empty and that the shell takes.
  void start(PageAddress page) {
    {
      const std::lock_guard lock(mutex_);
      ++running_;
    }
    try {
      start_detached_thread([self = shared_from_this(), page = std::move(page)] {
        const bool taken = (!page.file.empty() && open_by_shell(page.file)) || open_by_shell(page.url);
        self->ended(taken);
      });
    } catch (const std::system_error& error) {
      log::warning(log::Event::none, "the browser cannot be started", {{"KOSHIN_DETAIL", error.what()}});
      ended(false);
    }
  }

  void wait_for_end() {
    std::unique_lock lock(mutex_);
    has_ended_.wait_for(lock, longest_handing_over, [this] { return running_ == 0; });
    context_ = nullptr;
  }

 private:
  void ended(bool taken) {
    const std::lock_guard lock(mutex_);
    --running_;
    has_ended_.notify_all();
    if (taken || context_ == nullptr || !failed_) return;
    boost::asio::post(*context_, std::exchange(failed_, nullptr));
  }

  std::mutex mutex_;  // over all of these
  std::condition_variable has_ended_;
  boost::asio::io_context* context_;
  std::function<void()> failed_;
  int running_ = 0;
};

class ShellBrowser final : public BrowserLauncher {
 public:
  ShellBrowser() = default;
  ~ShellBrowser() override {
    if (handing_over_) handing_over_->wait_for_end();
  }
  ShellBrowser(const ShellBrowser&) = delete;
  ShellBrowser& operator=(const ShellBrowser&) = delete;

  void open(boost::asio::io_context& context, const PageAddress& page,
            std::function<void()> failed) override {
    handing_over_ = std::make_shared<HandingOver>(context, std::move(failed));
    url_ = page.url;
    handing_over_->start(page);
  }

  void use_url() override {
    if (handing_over_ && !url_.empty()) handing_over_->start({{}, std::exchange(url_, {})});
  }

  void done() override { url_.clear(); }

 private:
  std::shared_ptr<HandingOver> handing_over_;
  std::string url_;  ///< empty once it was used, or is not needed any more
};

}  // namespace

/// Whether there is one shows when the shell is asked.
bool browser_possible() {
  return true;
}

std::unique_ptr<BrowserLauncher> BrowserLauncher::prepare() {
  return std::make_unique<ShellBrowser>();
}

}  // namespace koshin::ui
