// SPDX-License-Identifier: MIT
// The default browser through xdg-open, started by a child that was forked before this process restricted
// itself.
#include "browser.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>  // SIGXFSZ is not in <csignal>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <cerrno>
#include <cstdlib>
#include <optional>
#include <string>
#include <system_error>
#include <utility>

#include "foundation/system/process_end_posix.hpp"

namespace koshin::ui {

namespace {

constexpr std::size_t longest_order = 8192;

bool set(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr && *value != '\0';
}

void silence(int descriptor) {
  const int nowhere = open("/dev/null", O_RDWR);
  if (nowhere >= 0) dup2(nowhere, descriptor);
}

/// Reads two lines: the file's address, possibly empty, and the page's own. Empty at the end of the parent.
std::optional<PageAddress> read_order(int input) {
  std::string text;
  std::array<char, longest_order> piece{};
  while (std::count(text.begin(), text.end(), '\n') < 2) {
    const ssize_t got = read(input, piece.data(), piece.size());
    if (got <= 0 || text.size() > longest_order) return std::nullopt;
    text.append(piece.data(), static_cast<std::size_t>(got));
  }
  const auto end = text.find('\n');
  return PageAddress{text.substr(0, end), text.substr(end + 1, text.find('\n', end + 1) - end - 1)};
}

[[noreturn]] void become_xdg_open(const std::string& address) {
  (void)signal(SIGXFSZ, SIG_DFL);  // as before begin_program()
  execlp("xdg-open", "xdg-open", address.c_str(), static_cast<char*>(nullptr));
  _exit(127);
}

/// The end of a child, to be waited for; empty where the system has no room for that.
Handle end_of(pid_t child) noexcept {
  try {
    return watch_process_end(child);
  } catch (const std::system_error&) {
    return {};
  }
}

/// Waits for xdg-open, which may run as long as the browser. True when the other address is to be tried:
/// xdg-open has failed, or the parent asks for it; false when the parent has finished.
bool is_in_vain(pid_t opener, int input) {
  const Handle exit = end_of(opener);
  pollfd waiting[] = {{input, POLLIN, 0}, {exit.get(), POLLIN, 0}};
  while (poll(waiting, 2, -1) >= 0 || errno == EINTR) {
    char word = 0;
    if (waiting[0].revents != 0) return read(input, &word, 1) == 1;
    int status = 0;
    if (waiting[1].revents == 0 || waitpid(opener, &status, WNOHANG) != opener) continue;
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) return true;
    waiting[1].fd = -1;  // xdg-open has handed the file over; whether the browser can read it is unknown
  }
  return false;
}

/// The child: waits for its order, or the end of its parent, then becomes xdg-open.
[[noreturn]] void await_order(int input) {
  const auto page = read_order(input);
  if (!page) _exit(0);
  setsid();
  for (const int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) silence(descriptor);
  if (!page->file.empty()) {
    const pid_t opener = fork();
    if (opener == 0) become_xdg_open(page->file);
    if (opener > 0 && !is_in_vain(opener, input)) _exit(0);
  }
  become_xdg_open(page->url);
}

class XdgOpen final : public BrowserLauncher {
 public:
  XdgOpen(pid_t child, int output) : child_(child), output_(output) {}
  ~XdgOpen() override {
    done();
    if (exit_) exit_->release();  // ended_ closes it
  }
  XdgOpen(const XdgOpen&) = delete;
  XdgOpen& operator=(const XdgOpen&) = delete;

  void open(boost::asio::io_context& context, const PageAddress& page,
            std::function<void()> failed) override {
    const std::string order = page.file + "\n" + page.url + "\n";
    if (send(output_, order.data(), order.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(order.size())) {
      boost::asio::post(context, std::move(failed));
      return;
    }
    ended_ = end_of(child_);
    if (!ended_) return;
    exit_.emplace(context, ended_.get());
    exit_->async_wait(boost::asio::posix::stream_descriptor::wait_read,
                      [this, failed = std::move(failed)](const boost::system::error_code& error) {
                        int status = 0;
                        if (error || waitpid(child_, &status, WNOHANG) != child_) return;
                        if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) failed();
                      });
  }

  void use_url() override {
    // A child that has ended receives nothing more; open() has received its result.
    if (output_ >= 0 && send(output_, "u", 1, MSG_NOSIGNAL) != 1) done();
  }

  /// The child's end is waited for all the same: the page's address may be refused later, and a child that
  /// nobody reaps stays in the system's list.
  void done() override {
    if (output_ >= 0) close(std::exchange(output_, -1));
  }

 private:
  pid_t child_;
  int output_;
  Handle ended_;
  std::optional<boost::asio::posix::stream_descriptor> exit_;
};

}  // namespace

bool browser_possible() {
  return set("DISPLAY") || set("WAYLAND_DISPLAY") || set("BROWSER");
}

std::unique_ptr<BrowserLauncher> BrowserLauncher::prepare() {
  std::array<int, 2> ends{};
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) return nullptr;
  const pid_t child = fork();
  if (child == 0) {
    close(ends[1]);
    await_order(ends[0]);
  }
  close(ends[0]);
  if (child > 0) return std::make_unique<XdgOpen>(child, ends[1]);
  close(ends[1]);
  return nullptr;
}

}  // namespace koshin::ui
