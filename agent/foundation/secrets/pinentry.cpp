// SPDX-License-Identifier: MIT
// Asking for a secret through pinentry: starting it, and explaining what went wrong with it.
#include <memory>

#include "foundation/secrets/pinentry_dialogue.hpp"

namespace koshin {
namespace {

constexpr std::size_t max_kept_words = 300;  // of what it wrote to standard error

/// In the parent's process group: the curses form reads the terminal, which a background group may not.
std::unique_ptr<ChildProcess> start_pinentry(const std::filesystem::path& program) {
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
