// SPDX-License-Identifier: MIT
#include "documents.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

namespace koshin::test {
namespace {

std::string trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return std::string(text.substr(first, text.find_last_not_of(" \t") - first + 1));
}

/// Splits at "|" but not at "\|".
std::vector<std::string> cells(std::string_view line) {
  std::vector<std::string> result;
  std::string cell;
  for (std::size_t i = 1; i < line.size(); ++i) {
    if (line[i] == '\\' && i + 1 < line.size() && line[i + 1] == '|') {
      cell += line[++i];
    } else if (line[i] == '|') {
      result.push_back(trimmed(cell));
      cell.clear();
    } else {
      cell += line[i];
    }
  }
  return result;
}

}  // namespace

std::string document(std::string_view name) {
  std::ifstream file(std::string(DOCUMENTS) + '/' + std::string(name));
  std::ostringstream text;
  text << file.rdbuf();
  EXPECT_FALSE(text.str().empty()) << name;
  return text.str();
}

std::vector<std::vector<std::string>> table_rows(const std::string& text) {
  std::vector<std::vector<std::string>> rows;
  std::istringstream lines(text);
  bool in_body = false;
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with('|')) {
      in_body = false;
    } else if (line.find_first_not_of("|-: ") == std::string::npos) {
      in_body = true;  // the rule below the head
    } else if (in_body) {
      rows.push_back(cells(line));
    }
  }
  return rows;
}

std::vector<std::string> code_blocks(const std::string& text, std::string_view language) {
  std::vector<std::string> blocks;
  const std::string fence = "```" + std::string(language) + "\n";
  for (auto begin = text.find(fence); begin != std::string::npos; begin = text.find(fence, begin)) {
    begin += fence.size();
    blocks.push_back(text.substr(begin, text.find("```", begin) - begin));
  }
  return blocks;
}

std::string without_backticks(std::string text) {
  if (text.size() >= 2 && text.front() == '`' && text.back() == '`') return text.substr(1, text.size() - 2);
  return text;
}

}  // namespace koshin::test
