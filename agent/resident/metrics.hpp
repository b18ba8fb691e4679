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
/// lists the names. `user`: whose agent tells this. Several users of a computer may see one token, and the
/// exporter takes nothing at all when two of its files have a sample with the same labels.
std::string metrics_text(const std::vector<Standing>& standings,
                         const std::vector<renewal::TokenMemory>& memories,
                         const std::vector<renewal::Record>& history, const std::string& user);

}  // namespace koshin::resident
