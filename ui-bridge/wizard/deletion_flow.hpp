// SPDX-License-Identifier: MIT
// The old certificate's deletion, which the person is asked about twice.
#pragma once

#include "flow.hpp"

namespace koshin::ui {

/// Of the model deletable and deleted belong to this once the wizard is open.
class DeletionFlow : public Flow {
 public:
  explicit DeletionFlow(const Flow& shared) : Flow(shared) {}

  /// After a renewal: among several renewed certificates, the one that the new certificate replaces.
  void offer_after(const messages::RenewResult& result);
  void offer();
  void confirm();
  void keep_old();
  void delete_on_reader();
  /// With the PIN at hand.
  void delete_old();

 private:
  void deleted(const messages::Event& event);
};

}  // namespace koshin::ui
