// SPDX-License-Identifier: MIT
// An unfinished renewal that the person gives up, after the consequences were told.
#pragma once

#include "flow.hpp"

namespace koshin::ui {

class GivingUpFlow : public Flow {
 public:
  explicit GivingUpFlow(const Flow& shared) : Flow(shared) {}

  void offer();
  void give_up();

 private:
  void given_up(const messages::Event& event);
};

}  // namespace koshin::ui
