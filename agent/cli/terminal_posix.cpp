// SPDX-License-Identifier: MIT
// Prompts on /dev/tty, and secrets from standard input.
#include <fcntl.h>
#include <poll.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "cli/terminal.hpp"
#include "foundation/failure.hpp"
#include "foundation/messages.hpp"

namespace koshin::cli {
namespace {

/// Echo off while it exists. A descriptor that is no terminal is left alone.
class EchoOff {
 public:
  explicit EchoOff(int descriptor) : descriptor_(descriptor) {
    if (::tcgetattr(descriptor, &before_) != 0) return;
    termios silent = before_;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO | ECHOE | ECHOK | ECHONL);
    active_ = ::tcsetattr(descriptor, TCSAFLUSH, &silent) == 0;
  }
  ~EchoOff() {
    if (active_) ::tcsetattr(descriptor_, TCSAFLUSH, &before_);
  }
  EchoOff(const EchoOff&) = delete;
  EchoOff& operator=(const EchoOff&) = delete;

 private:
  int descriptor_;
  bool active_ = false;
  termios before_ = {};
};

/// The next byte; false at the end of the input. Throws FailureError{interrupted}.
bool next_byte(int descriptor, const Interrupt& interrupt, char& byte) {
  for (;;) {
    std::array<pollfd, 2> entries{pollfd{.fd = descriptor, .events = POLLIN, .revents = 0},
                                  pollfd{.fd = interrupt.descriptor(), .events = POLLIN, .revents = 0}};
    if (::poll(entries.data(), entries.size(), -1) < 0 && errno != EINTR) return false;
    interrupt.check();
    if (entries[0].revents == 0) continue;
    const auto count = ::read(descriptor, &byte, 1);
    if (count < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    return count == 1;
  }
}

/// Up to the end of the line; what does not fit is read away, and told by the return value.
bool read_line_into(int descriptor, const Interrupt& interrupt, SecureBuffer& line) {
  bool fits = true;
  char byte = 0;
  while (next_byte(descriptor, interrupt, byte) && byte != '\n') {
    if (line.size() == messages::max_secret)
      fits = false;
    else
      line.push_back(byte);
  }
  wipe({&byte, 1});
  if (!line.empty() && line.view().back() == '\r') line.pop_back();
  return fits;
}

void write_all(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const auto count = ::write(descriptor, text.data(), text.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return;
    text.remove_prefix(static_cast<std::size_t>(count));
  }
}

}  // namespace

bool stdout_is_terminal() {
  return ::isatty(STDOUT_FILENO) == 1;
}

std::unique_ptr<Terminal> Terminal::open() {
  if (::isatty(STDIN_FILENO) != 1) return nullptr;
  const int descriptor = ::open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
  if (descriptor < 0) return nullptr;
  return std::unique_ptr<Terminal>(new Terminal(descriptor));
}

Terminal::~Terminal() {
  ::close(descriptor_);
}

void Terminal::show(std::string_view text) {
  write_all(descriptor_, text);
}

SecureBuffer Terminal::ask_secret(std::string_view prompt, const Interrupt& interrupt) {
  SecureBuffer secret;
  bool fits = true;
  {
    const EchoOff echo_off(descriptor_);
    show(prompt);
    try {
      fits = read_line_into(descriptor_, interrupt, secret);
    } catch (...) {
      show("\n");
      throw;
    }
    show("\n");
  }
  if (!fits) fail(Reason::pin_length_invalid, "more than 255 bytes were typed");
  return secret;
}

std::string Terminal::ask(std::string_view prompt, const Interrupt& interrupt) {
  show(prompt);
  std::string line;
  char byte = 0;
  while (next_byte(descriptor_, interrupt, byte) && byte != '\n') {
    if (line.size() < 1000) line.push_back(byte);
  }
  const auto first = line.find_first_not_of(" \t\r");
  return first == std::string::npos ? std::string()
                                    : line.substr(first, line.find_last_not_of(" \t\r") - first + 1);
}

SecureBuffer read_secret_line(std::string_view what, const Interrupt& interrupt) {
  const EchoOff echo_off(STDIN_FILENO);
  SecureBuffer secret;
  if (!read_line_into(STDIN_FILENO, interrupt, secret))
    fail(Reason::pin_length_invalid, std::string(what) + " on standard input is longer than 255 bytes");
  if (secret.empty()) fail(Reason::pin_required, "standard input held no line for " + std::string(what));
  return secret;
}

}  // namespace koshin::cli
