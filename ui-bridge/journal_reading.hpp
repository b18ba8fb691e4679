// SPDX-License-Identifier: MIT
// Reading the journal for what is shown: a journal that cannot be read must not end what tells of it.
#pragma once

#include "foundation/failures/failure.hpp"
#include "foundation/log/log.hpp"
#include "renewal/journal/journal.hpp"

namespace koshin::ui {

/// What `read` makes of the journal; nothing without one, and nothing but a line in the log where it cannot
/// be read.
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
