// SPDX-License-Identifier: MIT
// The default browser through xdg-open, started by a child that was forked before this process confined
// itself.
#include "browser.hpp"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <cstdlib>
#include <optional>
#include <utility>

extern "C" {
#include <sys/pidfd.h>  // glibc 2.36 forgot the extern "C" in it
}

namespace koshin::ui {

namespace {

constexpr std::size_t longest_url = 256;

bool set(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr && *value != '\0';
}

void silence(int descriptor) {
  const int nowhere = open("/dev/null", O_RDWR);
  if (nowhere >= 0) dup2(nowhere, descriptor);
}

/// The child: waits for one address (or the end of its parent), then becomes xdg-open.
[[noreturn]] void await_url(int input) {
  std::array<char, longest_url + 1> url{};
  std::size_t size = 0;
  while (size < longest_url) {
    const ssize_t got = read(input, url.data() + size, longest_url - size);
    if (got <= 0) break;
    size += static_cast<std::size_t>(got);
  }
  if (size == 0) _exit(0);
  setsid();
  for (const int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) silence(descriptor);
  execlp("xdg-open", "xdg-open", url.data(), static_cast<char*>(nullptr));
  _exit(127);
}

class XdgOpen final : public BrowserLauncher {
 public:
  XdgOpen(pid_t child, int output) : child_(child), output_(output) {}
  ~XdgOpen() override {
    if (output_ >= 0) close(output_);
  }
  XdgOpen(const XdgOpen&) = delete;
  XdgOpen& operator=(const XdgOpen&) = delete;

  void open(boost::asio::io_context& context, const std::string& url, std::function<void()> failed) override {
    const bool sent = write(output_, url.data(), url.size()) == static_cast<ssize_t>(url.size());
    close(std::exchange(output_, -1));
    if (!sent) {
      boost::asio::post(context, std::move(failed));
      return;
    }
    const int descriptor = pidfd_open(child_, 0);
    if (descriptor < 0) return;
    exit_.emplace(context, descriptor);
    exit_->async_wait(boost::asio::posix::stream_descriptor::wait_read,
                      [this, failed = std::move(failed)](const boost::system::error_code& error) {
                        int status = 0;
                        if (error || waitpid(child_, &status, WNOHANG) != child_) return;
                        if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) failed();
                      });
  }

 private:
  pid_t child_;
  int output_;
  std::optional<boost::asio::posix::stream_descriptor> exit_;
};

}  // namespace

bool browser_possible() {
  return set("DISPLAY") || set("WAYLAND_DISPLAY") || set("BROWSER");
}

std::unique_ptr<BrowserLauncher> BrowserLauncher::prepare() {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) return nullptr;
  const pid_t child = fork();
  if (child == 0) {
    close(ends[1]);
    await_url(ends[0]);
  }
  close(ends[0]);
  if (child > 0) return std::make_unique<XdgOpen>(child, ends[1]);
  close(ends[1]);
  return nullptr;
}

}  // namespace koshin::ui
