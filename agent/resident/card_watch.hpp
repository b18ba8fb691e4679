// SPDX-License-Identifier: MIT
// Watches the readers of this machine. Blocks; asks nobody at intervals.
#pragma once

#include <memory>
#include <vector>

#include "resident/reader_changes.hpp"

namespace koshin::resident {

class CardWatch {
 public:
  enum class Outcome {
    changed,       ///< `readers` tells how things stand now
    interrupted,   ///< the descriptor given to open_card_watch() became readable
    service_lost,  ///< PC/SC went away; the next wait() waits for it to come back
  };
  struct Telling {
    Outcome outcome = Outcome::interrupted;
    std::vector<ReaderState> readers;
    bool restarted = false;  ///< the service had been away: the counts of `readers` begin anew
  };

  virtual ~CardWatch() = default;
  CardWatch(const CardWatch&) = delete;
  CardWatch& operator=(const CardWatch&) = delete;

  /// Returns at once the first time, with what is there. Trouble with the service is not an exception but
  /// waited out: until its socket appears, or, when it is there and refuses, in growing pauses of at most a
  /// minute.
  virtual Telling wait() = 0;

 protected:
  CardWatch() = default;
};

/// `wake_descriptor` (an epoll descriptor is fine) ends a wait() when readable; it is not read.
std::unique_ptr<CardWatch> open_card_watch(int wake_descriptor);

}  // namespace koshin::resident
