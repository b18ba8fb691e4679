// SPDX-License-Identifier: MIT
// The documents that the command line is held to.
#pragma once

#include <fstream>
#include <regex>
#include <set>
#include <sstream>
#include <string>

namespace koshin::test {

/// `path` is relative to the top of the source tree.
inline std::string read_file(const std::string& path) {
  std::ifstream in(std::string(KOSHIN_SOURCE_DIR) + "/" + path);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

/// The --options that a help text, a man page or a completion names.
inline std::set<std::string> long_options(std::string text) {
  text = std::regex_replace(text, std::regex(R"(\\-)"), "-");
  std::set<std::string> found;
  const std::regex option("--[a-z][a-z-]+");
  for (auto it = std::sregex_iterator(text.begin(), text.end(), option); it != std::sregex_iterator(); ++it)
    found.insert(it->str());
  return found;
}

}  // namespace koshin::test
