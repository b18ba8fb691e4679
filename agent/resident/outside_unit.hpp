// SPDX-License-Identifier: MIT
// Programs that the agent starts for the person or the administrator, which must not inherit the confinement
// of the agent's unit.
#pragma once

#include <string>
#include <vector>

namespace koshin::resident {

/// The words that stand before a program and its arguments so that it becomes a unit of its own that ends
/// with the agent's, and this process waits for it; empty where the agent is no unit. `properties`: further
/// ones ("KillMode=process").
std::vector<std::string> outside_unit(const std::string& description,
                                      const std::vector<std::string>& properties = {});

}  // namespace koshin::resident
