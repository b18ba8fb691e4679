// SPDX-License-Identifier: MIT
// One renewal as it happens: its steps, what is said beside them, and whether it can still be cancelled.
#pragma once

#include "foundation/jobs/messages.hpp"
#include "model.hpp"

namespace koshin::ui {

class RenewalProgress {
 public:
  /// `shown`: the model, of which steps, notices, old_as_read, can_cancel, on_reader and touch belong to
  /// this; outlives it.
  explicit RenewalProgress(Model& shown) : shown_(shown) {}

  /// All steps wait. `on_reader`: the PIN is typed on the reader.
  void begin(bool on_reader);
  /// An event of the job that runs, which may be another one: steps count once the renewal has begun, notices
  /// and touches always. Whether the screen has to show it.
  bool on_event(const messages::Event& event);
  /// It has ended well: whatever it did not tell of was done too.
  void completed();

 private:
  void on_step(const messages::StepEvent& event);
  /// Kept once for each code, eight of them at most. What was read of the old certificate is kept apart.
  void on_notice(const messages::NoticeEvent& event);
  /// The job has ended, however.
  void end();

  Model& shown_;
  bool runs_ = false;
};

}  // namespace koshin::ui
