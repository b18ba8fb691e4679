// SPDX-License-Identifier: MIT
// A proxy script that is a file of this computer ("pac+file:///…" of proxy.url). Whoever can write it chooses
// the proxy: it is read as what settings name is (Guard::write), by whoever runs or checks it.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string_view>

namespace koshin {

/// Of any proxy script.
inline constexpr std::size_t longest_proxy_script = std::size_t{1024} * 1024;

/// The file of a script's URL (ProxyNaming::script), "file:///…", decoded (RFC 8089); empty for
/// any other URL and for one that names no absolute path.
std::optional<std::filesystem::path> proxy_script_file(std::string_view url);

}  // namespace koshin
