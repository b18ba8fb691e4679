// SPDX-License-Identifier: MIT
// Metrics for Prometheus' textfile collector (node_exporter): one file, replaced in one piece.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "renewal/policy/record.hpp"
#include "resident/world.hpp"

namespace koshin::resident {

/// The file's text. `history` is newest first; `memories` tells of tokens that are not in. docs/agent.md
/// lists the names.
std::string metrics_text(const std::vector<Standing>& standings,
                         const std::vector<renewal::TokenMemory>& memories,
                         const std::vector<renewal::Record>& history);

}  // namespace koshin::resident
