// SPDX-License-Identifier: MIT
// Several certificates renewed with one PIN, one after the other, and the screen after the last one.
#pragma once

#include "deletion_flow.hpp"
#include "flow.hpp"
#include "sitting_progress.hpp"

namespace koshin::ui {

class SittingFlow : public Flow {
 public:
  /// `deletion` outlives this.
  SittingFlow(const Flow& shared, DeletionFlow& deletion) : Flow(shared), deletion_(deletion) {}

  /// Lists what is due on the token as it shows now; nothing where there is no choice to be made.
  void plan();
  /// The renewal of Model::certificate begins.
  void begin_one();
  /// Writes down how the renewal of Model::certificate has ended.
  void note(const messages::Event& end);
  /// Makes the next certificate Model::certificate; false where there is none, or what has happened concerns
  /// all of them.
  bool takes_next(const messages::Event& end);
  /// Shows what became of each: false where nothing did, and the screen of the failure says it all.
  bool shows_results();

 private:
  DeletionFlow& deletion_;
  SittingProgress progress_{model_.sitting, settings_};
};

}  // namespace koshin::ui
