// SPDX-License-Identifier: MIT
// A short Assuan client. ChildProcess is not used: it keeps what a child writes in ordinary memory, and here
// that is the PIN.
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <string_view>

#include "cli/pinentry.hpp"
#include "foundation/failure.hpp"
#include "foundation/messages.hpp"

extern char** environ;

namespace koshin::cli {
namespace {

constexpr std::size_t max_assuan_line = 1000;  // of the protocol, without the newline

[[noreturn]] void cannot_use(const std::string& what) {
  fail(Reason::pin_required, "pinentry: " + what);
}

/// Text as Assuan sends it: percent-escaped, in one line.
std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '%')
      out += "%25";
    else if (c == '\n')
      out += "%0A";
    else if (c == '\r')
      out += "%0D";
    else
      out += c;
  }
  return out;
}

/// The child, with one socket as its stdin and stdout (a closed socket is an error code, a closed pipe a
/// signal).
class Dialogue {
 public:
  Dialogue(const std::string& program, const Interrupt& interrupt) : interrupt_(interrupt) {
    std::array<int, 2> ends{-1, -1};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) cannot_use("no socket");
    socket_ = ends[0];
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    std::string name = program;
    std::array<char*, 2> argv{name.data(), nullptr};
    const int error = ::posix_spawnp(&child_, program.c_str(), &actions, nullptr, argv.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    ::close(ends[1]);
    if (error != 0) {
      ::close(socket_);
      cannot_use("'" + program + "' cannot be started: " + std::string(std::strerror(error)));
    }
  }
  ~Dialogue() {
    ::close(socket_);
    ::kill(child_, SIGTERM);
    while (::waitpid(child_, nullptr, 0) < 0 && errno == EINTR) {
    }
  }
  Dialogue(const Dialogue&) = delete;
  Dialogue& operator=(const Dialogue&) = delete;

  void send(std::string line) {
    line += '\n';
    std::string_view rest = line;
    while (!rest.empty()) {
      const auto count = ::send(socket_, rest.data(), rest.size(), MSG_NOSIGNAL);
      if (count < 0 && errno == EINTR) continue;
      if (count <= 0) cannot_use("it ended early");
      rest.remove_prefix(static_cast<std::size_t>(count));
    }
  }

  /// The next line; comments and status lines are passed over.
  SecureBuffer receive() {
    for (;;) {
      SecureBuffer line(max_assuan_line);
      char byte = 0;
      while (next(byte) && byte != '\n') {
        if (line.size() == line.capacity()) cannot_use("it sent too long a line");
        line.push_back(byte);
      }
      wipe({&byte, 1});
      const std::string_view text(line.view().data(), line.size());
      if (!text.starts_with('#') && !text.starts_with("S ")) return line;
    }
  }

  /// Sends a command and waits for its OK. `required` false: a refusal is passed over.
  void command(const std::string& line, bool required) {
    send(line);
    const SecureBuffer answer = receive();
    if (required && !std::string_view(answer.view().data(), answer.size()).starts_with("OK"))
      cannot_use("it refused " + line.substr(0, line.find(' ')));
  }

 private:
  bool next(char& byte) {
    for (;;) {
      std::array<pollfd, 2> entries{pollfd{.fd = socket_, .events = POLLIN, .revents = 0},
                                    pollfd{.fd = interrupt_.descriptor(), .events = POLLIN, .revents = 0}};
      if (::poll(entries.data(), entries.size(), -1) < 0 && errno != EINTR) cannot_use("poll failed");
      interrupt_.check();
      if (entries[0].revents == 0) continue;
      const auto count = ::read(socket_, &byte, 1);
      if (count < 0 && errno == EINTR) continue;
      if (count <= 0) cannot_use("it ended early");
      return true;
    }
  }

  const Interrupt& interrupt_;
  int socket_ = -1;
  pid_t child_ = -1;
};

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

/// What follows "D ", unescaped.
SecureBuffer data_of(std::span<const char> line) {
  SecureBuffer secret;
  for (std::size_t i = 2; i < line.size(); ++i) {
    char c = line[i];
    if (c == '%' && i + 2 < line.size() && hex_digit(line[i + 1]) >= 0 && hex_digit(line[i + 2]) >= 0) {
      c = static_cast<char>(hex_digit(line[i + 1]) * 16 + hex_digit(line[i + 2]));
      i += 2;
    }
    if (secret.size() == messages::max_secret)
      fail(Reason::pin_length_invalid, "more than 255 bytes were typed");
    secret.push_back(c);
  }
  return secret;
}

/// The terminal pinentry draws on, when it has no display.
void send_surroundings(Dialogue& dialogue, bool japanese) {
  std::array<char, 256> name{};
  if (::ttyname_r(STDIN_FILENO, name.data(), name.size()) == 0)
    dialogue.command(std::string("OPTION ttyname=") + name.data(), false);
  if (const char* type = std::getenv("TERM"); type != nullptr)
    dialogue.command("OPTION ttytype=" + escaped(type), false);
  dialogue.command(std::string("OPTION lc-ctype=") + (japanese ? "ja_JP.UTF-8" : "C.UTF-8"), false);
}

}  // namespace

SecureBuffer ask_pinentry(const PinentryDialog& dialog, const Interrupt& interrupt) {
  Dialogue dialogue(dialog.program, interrupt);
  {
    const SecureBuffer greeting = dialogue.receive();
    if (!std::string_view(greeting.view().data(), greeting.size()).starts_with("OK"))
      cannot_use("it sent no greeting");
  }
  send_surroundings(dialogue, dialog.japanese);
  dialogue.command("SETTITLE " + escaped(dialog.title), false);
  dialogue.command("SETDESC " + escaped(dialog.description), true);
  dialogue.command("SETPROMPT " + escaped(dialog.prompt), true);
  if (!dialog.warning.empty()) dialogue.command("SETERROR " + escaped(dialog.warning), false);
  dialogue.send("GETPIN");
  const SecureBuffer answer = dialogue.receive();
  const std::string_view text(answer.view().data(), answer.size());
  if (text.starts_with("ERR")) fail(Reason::pin_cancelled, "pinentry: " + printable(text, 200));
  if (!text.starts_with("D ")) fail(Reason::pin_cancelled, "pinentry: nothing was entered");
  SecureBuffer secret = data_of(answer.view());
  if (secret.empty()) fail(Reason::pin_cancelled, "pinentry: nothing was entered");
  return secret;
}

}  // namespace koshin::cli
