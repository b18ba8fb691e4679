// SPDX-License-Identifier: MIT
// What a program that has to go on does without settings that can be read.
#pragma once

#include "foundation/settings/settings.hpp"

namespace koshin {

/// Nothing set: no module, no authority, and the one bank that has no name.
inline Deployment default_deployment() {
  Deployment deployment;
  deployment.banks.emplace_back();
  return deployment;
}

}  // namespace koshin
