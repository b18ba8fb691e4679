// SPDX-License-Identifier: MIT
// What stands in the way of a renewal on this computer, looked for at the person's demand.
#pragma once

#include "flow.hpp"

namespace koshin::ui {

class CheckFlow : public Flow {
 public:
  explicit CheckFlow(const Flow& shared) : Flow(shared) {}

  /// Without a PIN: whatever takes it is said to be open.
  void check_computer();

 private:
  void checked(const messages::Event& event);
};

}  // namespace koshin::ui
