// SPDX-License-Identifier: MIT
// Questions on /dev/tty; standard output whose reader is gone.
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>

#include "cli/output.hpp"
#include "cli/terminal.hpp"
#include "foundation/system/descriptor.hpp"

namespace koshin::cli {
namespace {

constexpr std::size_t longest_answer = 1000;

void wait_readable(int descriptor, const Interrupt& interrupt) {
  std::array<pollfd, 2> entries{pollfd{.fd = descriptor, .events = POLLIN, .revents = 0},
                                pollfd{.fd = interrupt.descriptor(), .events = POLLIN, .revents = 0}};
  while (::poll(entries.data(), entries.size(), -1) < 0 && errno == EINTR) {
  }
  interrupt.check();
}

}  // namespace

void outlive_readers() noexcept {
  (void)std::signal(SIGPIPE, SIG_IGN);
}

bool stdout_is_terminal() {
  return ::isatty(STDOUT_FILENO) == 1;
}

bool stdin_is_terminal() {
  return ::isatty(STDIN_FILENO) == 1;
}

void wait_for_stdin(const Interrupt& interrupt) {
  wait_readable(STDIN_FILENO, interrupt);
}

std::unique_ptr<Terminal> Terminal::open() {
  if (!stdin_is_terminal()) return nullptr;
  const int descriptor = ::open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
  if (descriptor < 0) return nullptr;
  return std::unique_ptr<Terminal>(new Terminal(descriptor));
}

Terminal::~Terminal() {
  ::close(descriptor_);
}

void Terminal::show(std::string_view text) {
  write_all(descriptor_, {text.data(), text.size()});
}

std::string Terminal::ask(std::string_view prompt, const Interrupt& interrupt) {
  show(prompt);
  std::string line;
  for (char byte = 0; byte != '\n';) {
    wait_readable(descriptor_, interrupt);
    if (::read(descriptor_, &byte, 1) != 1) break;
    if (line.size() < longest_answer) line.push_back(byte);
  }
  const auto first = line.find_first_not_of(" \t\r\n");
  return first == std::string::npos ? std::string()
                                    : line.substr(first, line.find_last_not_of(" \t\r\n") - first + 1);
}

}  // namespace koshin::cli
