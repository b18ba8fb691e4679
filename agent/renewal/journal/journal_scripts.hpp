// SPDX-License-Identifier: MIT
// The scripts of the journal's schema, which migrate a file from each version to the next.
#pragma once

#include <array>
#include <string>

namespace koshin::renewal::schema {

/// Script number N (from 0) takes a file of version N to version N + 1; an empty file has version 0. Each is
/// run within a transaction.
std::array<std::string, 11> scripts();

}  // namespace koshin::renewal::schema
