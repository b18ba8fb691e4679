// SPDX-License-Identifier: MIT
// Questions on /dev/tty.
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "cli/terminal.hpp"
#include "foundation/system/handle_io.hpp"

namespace koshin::cli {
namespace {

constexpr std::size_t longest_answer = 1000;

void wait_readable(int descriptor, const Interrupt& interrupt) {
  std::array<pollfd, 2> entries{pollfd{.fd = descriptor, .events = POLLIN, .revents = 0},
                                pollfd{.fd = interrupt.handle(), .events = POLLIN, .revents = 0}};
  while (::poll(entries.data(), entries.size(), -1) < 0 && errno == EINTR) {
  }
  interrupt.check();
}

}  // namespace

bool stdout_is_terminal() {
  return ::isatty(STDOUT_FILENO) == 1;
}

bool stdin_is_terminal() {
  return ::isatty(STDIN_FILENO) == 1;
}

bool takes_colors(StandardStream stream) {
  return ::isatty(standard_handle(stream)) == 1;
}

const bool terminals_have_names = true;

void wait_for_stdin(const Interrupt& interrupt) {
  wait_readable(STDIN_FILENO, interrupt);
}

std::unique_ptr<Terminal> Terminal::open() {
  if (!stdin_is_terminal()) return nullptr;
  Handle terminal(::open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY));
  if (!terminal) return nullptr;
  return std::unique_ptr<Terminal>(new Terminal(std::move(terminal)));
}

void Terminal::show(std::string_view text) {
  write_all(handle_.get(), {text.data(), text.size()});
}

std::string Terminal::ask(std::string_view prompt, const Interrupt& interrupt) {
  show(prompt);
  std::string line;
  for (char byte = 0; byte != '\n';) {
    wait_readable(handle_.get(), interrupt);
    if (::read(handle_.get(), &byte, 1) != 1) break;
    if (line.size() < longest_answer) line.push_back(byte);
  }
  const auto first = line.find_first_not_of(" \t\r\n");
  return first == std::string::npos ? std::string()
                                    : line.substr(first, line.find_last_not_of(" \t\r\n") - first + 1);
}

}  // namespace koshin::cli
