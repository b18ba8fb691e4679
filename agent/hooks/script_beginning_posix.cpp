// SPDX-License-Identifier: MIT
#include <unistd.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <string_view>

#include "foundation/base/text.hpp"
#include "hooks/script_beginning.hpp"

namespace koshin::hooks {
namespace {

bool is_text(std::string_view beginning) {
  return std::ranges::all_of(beginning, [](char c) {
    return static_cast<unsigned char>(c) >= 0x20 || c == '\t' || c == '\n' || c == '\r';
  });
}

/// The program that a script's first line names.
std::string interpreter_of(std::string_view line) {
  line.remove_prefix(std::min(line.find_first_not_of(" \t", 2), line.size()));
  return std::string(line.substr(0, line.find_first_of(" \t")));
}

}  // namespace

std::string why_not_started(const std::filesystem::path& file) {
  std::array<char, 256> buffer{};  // the system reads no more of it
  std::ifstream script(file, std::ios::binary);
  if (!script) return {};  // one that may be run and not read
  script.read(buffer.data(), buffer.size());
  const std::string_view beginning(buffer.data(), static_cast<std::size_t>(script.gcount()));
  if (beginning.empty()) return "it is empty";
  if (beginning.starts_with("\xef\xbb\xbf#!"))
    return "it begins with a byte order mark, behind which the system does not see its #!: save it as UTF-8 "
           "without one";
  if (!beginning.starts_with("#!"))
    return is_text(beginning) ? "it is a script, whose first line must say with what it is run: #!/bin/sh"
                              : "";
  const std::string_view line = beginning.substr(0, beginning.find('\n'));
  if (line.ends_with('\r'))
    return "its first line ends with a carriage return, as on Windows: save it with line feeds alone";
  const std::string program = interpreter_of(line);
  if (::access(program.c_str(), X_OK) == 0) return {};
  return "its first line names a program that is not there: " + printable(program, 200);
}

}  // namespace koshin::hooks
