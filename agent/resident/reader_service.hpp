// SPDX-License-Identifier: MIT
// PC/SC as the system has it: the readers, and the wait until something happens to them.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "resident/reader_changes.hpp"

namespace koshin::resident {

class ReaderService {
 public:
  struct Snapshot {
    std::vector<ReaderState> readers;  ///< how things stand now
    bool restarted = false;            ///< the service had been away: the counts of `readers` begin anew
  };

  virtual ~ReaderService() = default;
  ReaderService(const ReaderService&) = delete;
  ReaderService& operator=(const ReaderService&) = delete;

  /// Returns at once the first time, with what is there; after that when something has changed. Asks nobody
  /// at intervals. Trouble with the service is not an exception but waited out: until the service appears,
  /// or, when it is there and refuses, in growing pauses of at most a minute. A service that hangs is waited
  /// for as long as it does. Empty once cancel() was called.
  virtual std::optional<Snapshot> wait() = 0;
  /// Ends the wait() that another thread is in. A call that comes just before the service knows of that wait
  /// is lost, so it is repeated until wait() has returned. Hangs as long as the service does.
  virtual void cancel() = 0;

 protected:
  ReaderService() = default;
};

/// The system's own. Throws std::system_error.
std::unique_ptr<ReaderService> open_reader_service();

}  // namespace koshin::resident
