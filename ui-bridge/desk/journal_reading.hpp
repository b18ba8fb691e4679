// SPDX-License-Identifier: MIT
// Reads the journal for display: an unreadable journal must not end the program that reports it.
#pragma once

#include "foundation/failures/failure.hpp"
#include "foundation/log/log.hpp"
#include "renewal/journal/journal.hpp"

namespace koshin::ui {

/// The result of `read`; empty without a journal, or when it cannot be read, which is logged.
template <typename Read>
auto read_journal(renewal::Journal* journal, Read read) -> decltype(read(*journal)) {
  if (journal == nullptr) return {};
  try {
    return read(*journal);
  } catch (const FailureError& error) {
    log::warning(log::Event::none, "the journal cannot be read", {{"KOSHIN_DETAIL", error.failure().detail}});
    return {};
  }
}

}  // namespace koshin::ui
