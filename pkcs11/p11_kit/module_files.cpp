// SPDX-License-Identifier: MIT
#include "p11_kit/module_files.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <string_view>
#include <system_error>

namespace koshin::pkcs11 {
namespace {

constexpr std::size_t longest_file = std::size_t{64} * 1024;

std::string trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return {};
  return std::string(text.substr(first, text.find_last_not_of(" \t\r") - first + 1));
}

}  // namespace

void read_values(const std::filesystem::path& file, FileValues& values) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(file, error)) return;  // a FIFO would keep the reader waiting
  std::ifstream stream(file);
  std::string text(longest_file, '\0');
  stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(std::max<std::streamsize>(stream.gcount(), 0)));
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    const auto colon = line.find(':');
    if (trimmed(line).starts_with('#') || colon == std::string::npos) continue;
    const std::string_view whole = line;
    values.emplace(trimmed(whole.substr(0, colon)), trimmed(whole.substr(colon + 1)));
  }
}

std::string value_of(const FileValues& values, const std::string& key) {
  const auto found = values.find(key);
  return found == values.end() ? std::string() : found->second;
}

}  // namespace koshin::pkcs11
