// SPDX-License-Identifier: MIT
// Files as URIs.
#pragma once

#include <filesystem>
#include <string>

namespace koshin {

/// "file:///run/…", "file:///C:/Users/…" (RFC 8089): an absolute path in UTF-8, percent-encoded.
std::string file_uri(const std::filesystem::path& path);

}  // namespace koshin
