// SPDX-License-Identifier: MIT
// An archive of small texts, in memory: POSIX ustar (IEEE Std 1003.1) in gzip's frame (RFC 1952) with stored
// blocks (RFC 1951 section 3.2.4). Not compressed, so that neither a library nor a temporary file is needed
// (docs/decisions/0023-support-archive.md).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "foundation/base/calendar.hpp"

namespace koshin::cli {

struct ArchiveEntry {
  std::string name;  ///< at most 99 bytes, ASCII
  std::string content;
};

/// The archive with all entries as private files below `folder`. Throws std::length_error for names that are
/// too long.
std::string tar_gz(std::string_view folder, const std::vector<ArchiveEntry>& entries, TimePoint time);

}  // namespace koshin::cli
