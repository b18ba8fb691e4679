// SPDX-License-Identifier: MIT
// Asking for a secret through pinentry: starting it, and explaining what went wrong with it.
#include <memory>
#include <system_error>

#include "foundation/secrets/pinentry_dialogue.hpp"
#include "foundation/system/file_access.hpp"

namespace koshin {
namespace {

constexpr std::size_t max_kept_words = 300;  // of what it wrote to standard error

/// A program that is told what to ask for, and handed what is typed, must be nobody else's.
void check_program(const std::filesystem::path& program) {
  try {
    check_nobody_else_writes(program);
  } catch (const UnsafeFile& error) {
    fail(Reason::pinentry_failed, std::string(error.what()) + ": install a pinentry, or name another one");
  } catch (const std::system_error&) {  // starting it says what is wrong
  }
}

/// In the parent's process group: the curses form reads the terminal, which a background group may not.
std::unique_ptr<ChildProcess> start_pinentry(const std::filesystem::path& program) {
  check_program(program);
  try {
    return ChildProcess::start(program, {}, {.own_group = false, .keep_errors = true});
  } catch (const FailureError& error) {
    fail(Reason::pinentry_failed, error.failure().detail + ": install a pinentry, or name another one");
  }
}

/// A pipe that broke is no news of its own, and what pinentry wrote to stderr may be all that it has said.
[[noreturn]] void explain(Failure failure, const ChildProcess& pinentry, bool stopped) {
  if (failure.reason == Reason::worker_failed)
    failure.reason = stopped ? Reason::interrupted : Reason::pinentry_failed;
  const std::string errors = printable(pinentry.errors(), max_kept_words);
  if (failure.reason == Reason::pinentry_failed && !errors.empty())
    failure.detail += "; on standard error: " + errors;
  throw FailureError(std::move(failure));
}

}  // namespace

SecureBuffer ask_pinentry(const PinentryTexts& texts, const std::stop_token& stop, std::chrono::seconds limit,
                          const std::filesystem::path& program) {
  const auto child = start_pinentry(program);
  const std::stop_callback on_stop(stop, [&] { child->kill(); });
  try {
    return converse_with_pinentry(*child, texts, std::chrono::steady_clock::now() + limit, stop);
  } catch (const FailureError& error) {
    explain(error.failure(), *child, stop.stop_requested());
  }
}

}  // namespace koshin
