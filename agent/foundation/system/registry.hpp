// SPDX-License-Identifier: MIT
// A part of the machine's registry, read at once: what an administrator has set by policy or at installation.
// Systems without a registry have nothing there.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace koshin {

/// Limits of what is read; what is larger stands in the tree as UnreadableData, or ends the reading.
inline constexpr std::size_t largest_registry_value = 64UL * 1024;  ///< bytes of data
inline constexpr std::size_t most_registry_entries = 4096;          ///< keys and values in all
inline constexpr int deepest_registry_key = 8;

/// Data of a type, a size or an encoding that is not read.
struct UnreadableData {
  std::string why;  ///< "is of the type REG_BINARY", …
  bool operator==(const UnreadableData&) const = default;
};

struct RegistryValue {
  std::string name;  ///< UTF-8; empty: the key's default value
  /// REG_DWORD, REG_SZ or REG_MULTI_SZ; texts in UTF-8.
  std::variant<std::uint32_t, std::string, std::vector<std::string>, UnreadableData> data;
  bool operator==(const RegistryValue&) const = default;
};

struct RegistryKey {
  std::string name;
  std::vector<RegistryValue> values;
  std::vector<RegistryKey> keys;
  bool operator==(const RegistryKey&) const = default;
};

/// Whether this system has a registry.
bool has_registry() noexcept;

/// HKEY_LOCAL_MACHINE\path with all that is below it, in the 64-bit view; an empty key when it is not there.
/// Throws std::system_error when it is there and cannot be read, std::length_error when it holds more than
/// the limits.
RegistryKey read_machine_registry(std::string_view path);

}  // namespace koshin
