// SPDX-License-Identifier: MIT
// What counts where nothing is set, and what a program that has to go on does without settings that can be
// read.
#pragma once

#include "foundation/settings/settings.hpp"

namespace koshin {

/// Of the settings table, with nothing set.
Settings default_settings();

/// Nothing set: no module, no authority, and the one bank that has no name.
inline Deployment default_deployment() {
  Deployment deployment;
  deployment.base = default_settings();
  deployment.banks.push_back(deployment.base);
  return deployment;
}

}  // namespace koshin
