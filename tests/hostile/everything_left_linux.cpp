// SPDX-License-Identifier: MIT
// Files and /proc/PID/mem.
#include "everything_left.hpp"

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <sstream>
#include <string_view>

namespace koshin::test {
namespace {

std::string in_digits(const std::string& secret, const std::string& before_each, const std::string& between,
                      std::string_view digits = "0123456789abcdef") {
  std::string text;
  for (const char c : secret) {
    const auto byte = static_cast<unsigned char>(c);
    text += (text.empty() ? "" : between) + before_each + digits[byte >> 4] + digits[byte & 0x0F];
  }
  return text;
}

std::string text_of(const std::filesystem::path& file) {
  std::ostringstream content;
  content << std::ifstream(file, std::ios::binary).rdbuf();
  return content.str();
}

struct Mapping {
  std::string line;
  std::uintptr_t begin = 0, end = 0;
  bool readable = false, left_out_of_dumps = false;
};

/// /proc/PID/smaps: a line with addresses, then its properties, VmFlags among them ("dd": not dumped).
std::vector<Mapping> mappings_of(pid_t process) {
  std::vector<Mapping> mappings;
  std::ifstream file("/proc/" + std::to_string(process) + "/smaps");
  for (std::string line; std::getline(file, line);) {
    unsigned long begin = 0, end = 0;
    char rights[8] = {};
    if (std::sscanf(line.c_str(), "%lx-%lx %4s", &begin, &end, rights) == 3) {
      mappings.push_back({line, begin, end, rights[0] == 'r', false});
    } else if (line.starts_with("VmFlags:") && !mappings.empty()) {
      mappings.back().left_out_of_dumps = line.find(" dd") != std::string::npos;
    }
  }
  return mappings;
}

}  // namespace

std::vector<std::string> forms_of(const std::string& secret) {
  std::string wide;
  for (const char c : secret) wide += std::string{c, '\0'};
  std::vector<std::string> forms{secret, wide.substr(0, wide.size() - 1)};
  for (const std::string between : {"", " ", ":", "-", ", ", "  "}) {
    forms.push_back(in_digits(secret, "", between));
    forms.push_back(in_digits(secret, "", between, "0123456789ABCDEF"));
  }
  forms.push_back(in_digits(secret, "0x", ", "));
  forms.push_back(in_digits(secret, "\\x", ""));
  return forms;
}

std::string found_in(const std::string& text, const std::string& secret) {
  for (const std::string& form : forms_of(secret)) {
    const auto at = text.find(form);
    if (at != std::string::npos) return "byte " + std::to_string(at) + ", as " + form;
  }
  return {};
}

std::vector<std::string> files_with(const std::filesystem::path& folder, const std::string& secret) {
  std::vector<std::string> found;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (!found_in(entry.path().string(), secret).empty()) found.push_back(entry.path().string());
    if (!entry.is_regular_file()) continue;
    const std::string where = found_in(text_of(entry.path()), secret);
    if (!where.empty()) found.push_back(entry.path().string() + ": " + where);
  }
  return found;
}

std::vector<std::string> memory_with(pid_t process, const std::string& secret) {
  std::vector<std::string> found;
  std::ifstream memory("/proc/" + std::to_string(process) + "/mem", std::ios::binary);
  for (const Mapping& mapping : mappings_of(process)) {
    if (!mapping.readable || mapping.left_out_of_dumps || mapping.line.find("[v") != std::string::npos)
      continue;
    std::string content(mapping.end - mapping.begin, '\0');
    memory.clear();
    memory.seekg(static_cast<std::streamoff>(mapping.begin));
    memory.read(content.data(), static_cast<std::streamsize>(content.size()));
    if (content.find(secret) != std::string::npos) found.push_back(mapping.line);
  }
  return found;
}

}  // namespace koshin::test
