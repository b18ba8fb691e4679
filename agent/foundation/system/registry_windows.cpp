// SPDX-License-Identifier: MIT
// The registry of this machine (RegOpenKeyExW, RegEnumValueW, RegEnumKeyExW).
#include <windows.h>

#include <array>
#include <stdexcept>
#include <utility>

#include "foundation/system/registry.hpp"
#include "foundation/system/wide_text_windows.hpp"

namespace koshin {
namespace {

constexpr DWORD longest_value_name = 16383;  // in UTF-16 units, as the registry allows

class OpenKey {
 public:
  OpenKey() = default;
  OpenKey(OpenKey&& other) noexcept : key_(std::exchange(other.key_, nullptr)) {}
  OpenKey(const OpenKey&) = delete;
  OpenKey& operator=(const OpenKey&) = delete;
  OpenKey& operator=(OpenKey&&) = delete;
  ~OpenKey() {
    if (key_ != nullptr) RegCloseKey(key_);
  }
  HKEY get() const { return key_; }
  HKEY* out() { return &key_; }

 private:
  HKEY key_ = nullptr;
};

void check(LSTATUS status, const std::string& path) {
  if (status != ERROR_SUCCESS) throw_error(static_cast<unsigned long>(status), path);
}

/// False for what is no UTF-16.
bool to_utf8(std::wstring_view text, std::string& result) {
  result.clear();
  if (text.empty()) return true;
  const int units = static_cast<int>(text.size());
  result.resize(text.size() * 3);  // no unit takes more
  const int bytes = WideCharToMultiByte(CP_UTF8, WC_ERR_INVALID_CHARS, text.data(), units, result.data(),
                                        static_cast<int>(result.size()), nullptr, nullptr);
  result.resize(static_cast<std::size_t>(bytes));
  return bytes > 0;
}

std::string type_name(DWORD type) {
  constexpr std::array names{"REG_NONE",   "REG_SZ",      "REG_EXPAND_SZ",
                             "REG_BINARY", "REG_DWORD",   "REG_DWORD_BIG_ENDIAN",
                             "REG_LINK",   "REG_MULTI_SZ"};
  if (type == REG_QWORD) return "REG_QWORD";
  return type < names.size() ? names.at(type) : "type " + std::to_string(type);
}

/// Up to the first zero: data without one at its end is allowed, and ends there.
std::wstring_view up_to_zero(std::wstring_view text) {
  return text.substr(0, text.find(L'\0'));
}

using Data = decltype(RegistryValue::data);

Data text_data(std::wstring_view units) {
  std::string text;
  if (!to_utf8(up_to_zero(units), text)) return UnreadableData{"is no text in UTF-16"};
  return text;
}

Data list_data(std::wstring_view units) {
  std::vector<std::string> list;
  while (!units.empty() && units.front() != L'\0') {
    const std::wstring_view one = up_to_zero(units);
    if (!to_utf8(one, list.emplace_back())) return UnreadableData{"is no text in UTF-16"};
    units.remove_prefix(one.size() < units.size() ? one.size() + 1 : one.size());
  }
  return list;
}

/// `units`: the data, whose last byte of an odd number was left out.
Data to_data(DWORD type, DWORD bytes, const std::vector<wchar_t>& units) {
  const std::wstring_view text(units.data(), bytes / sizeof(wchar_t));
  if (type == REG_SZ) return text_data(text);
  if (type == REG_MULTI_SZ) return list_data(text);
  if (type == REG_DWORD && bytes == sizeof(std::uint32_t))
    return static_cast<std::uint32_t>(text[0]) | static_cast<std::uint32_t>(text[1]) << 16U;
  return UnreadableData{"is of the type " + type_name(type)};
}

/// Reads a key and what is below it, and counts what it reads.
class Reader {
 public:
  RegistryKey read(const OpenKey& key, std::string name, const std::string& path, int depth) {
    if (depth > deepest_registry_key) throw std::length_error(path + ": nested too deep");
    RegistryKey result{.name = std::move(name), .values = {}, .keys = {}};
    for (DWORD index = 0; read_value(key, index, path, result.values); ++index) count(path);
    for (DWORD index = 0; read_key(key, index, path, depth, result.keys); ++index) count(path);
    return result;
  }

 private:
  void count(const std::string& path) {
    if (++entries_ > most_registry_entries)
      throw std::length_error(path + ": more than " + std::to_string(most_registry_entries) + " entries");
  }

  /// False after the last one.
  bool read_value(const OpenKey& key, DWORD index, const std::string& path,
                  std::vector<RegistryValue>& values) {
    DWORD units = longest_value_name + 1, type = 0;
    DWORD bytes = static_cast<DWORD>(data_.size() * sizeof(wchar_t));
    const LSTATUS status = RegEnumValueW(key.get(), index, name_.data(), &units, nullptr, &type,
                                         reinterpret_cast<BYTE*>(data_.data()), &bytes);
    if (status == ERROR_NO_MORE_ITEMS) return false;
    if (status != ERROR_MORE_DATA) check(status, path);
    RegistryValue& value = values.emplace_back();
    if (!to_utf8({name_.data(), units}, value.name)) value.name = "?";
    value.data =
        status == ERROR_MORE_DATA || bytes > largest_registry_value
            ? Data(UnreadableData{"is larger than " + std::to_string(largest_registry_value) + " bytes"})
            : to_data(type, bytes, data_);
    return true;
  }

  bool read_key(const OpenKey& key, DWORD index, const std::string& path, int depth,
                std::vector<RegistryKey>& keys) {
    DWORD units = longest_value_name + 1;
    const LSTATUS status =
        RegEnumKeyExW(key.get(), index, name_.data(), &units, nullptr, nullptr, nullptr, nullptr);
    if (status == ERROR_NO_MORE_ITEMS) return false;
    check(status, path);
    const std::wstring wide_name(name_.data(), units);
    std::string name;
    if (!to_utf8(wide_name, name)) name = "?";
    const std::string below = path + '\\' + name;
    OpenKey opened;
    const LSTATUS opening =
        RegOpenKeyExW(key.get(), wide_name.c_str(), 0, KEY_READ | KEY_WOW64_64KEY, opened.out());
    if (opening == ERROR_FILE_NOT_FOUND) return true;  // deleted meanwhile
    check(opening, below);
    keys.push_back(read(opened, name, below, depth + 1));
    return true;
  }

  std::size_t entries_ = 0;
  std::vector<wchar_t> name_ = std::vector<wchar_t>(longest_value_name + 1);
  std::vector<wchar_t> data_ = std::vector<wchar_t>(largest_registry_value / sizeof(wchar_t) + 1);
};

}  // namespace

bool has_registry() noexcept {
  return true;
}

RegistryKey read_machine_registry(std::string_view path) {
  const std::string shown = "HKLM\\" + std::string(path);
  OpenKey key;
  const LSTATUS status =
      RegOpenKeyExW(HKEY_LOCAL_MACHINE, wide(path).c_str(), 0, KEY_READ | KEY_WOW64_64KEY, key.out());
  if (status == ERROR_FILE_NOT_FOUND || status == ERROR_PATH_NOT_FOUND) return {};
  check(status, shown);
  return Reader().read(key, {}, shown, 0);
}

}  // namespace koshin
