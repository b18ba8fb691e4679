// SPDX-License-Identifier: MIT
// Asking for a secret through pinentry: start and error handling.
#include <memory>
#include <system_error>

#include "foundation/secrets/pinentry_dialogue.hpp"
#include "foundation/system/file_access.hpp"

namespace koshin {
namespace {

constexpr std::size_t max_kept_words = 300;  // of pinentry's standard error

/// Refuses a pinentry program that another user can modify: the program sees the secret.
void check_program(const std::filesystem::path& program) {
  try {
    check_nobody_else_writes(program);
  } catch (const UnsafeFile& error) {
    fail(Reason::pinentry_failed, std::string(error.what()) + ": install a pinentry, or name another one");
  } catch (const std::system_error&) {  // reported by the start
  }
}

/// Started in the parent's process group: curses pinentry reads the terminal, which is forbidden to a
/// background group.
std::unique_ptr<ChildProcess> start_pinentry(const std::filesystem::path& program) {
  check_program(program);
  try {
    return ChildProcess::start(program, {}, {.own_group = false, .keep_errors = true});
  } catch (const FailureError& error) {
    fail(Reason::pinentry_failed, error.failure().detail + ": install a pinentry, or name another one");
  }
}

/// Replaces a broken pipe by pinentry's message on stderr, if any.
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
