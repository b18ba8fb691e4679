// SPDX-License-Identifier: MIT
// The documents that are held to the tables of the program.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace koshin::test {

/// docs/NAME. Fails the test when it cannot be read.
std::string document(std::string_view name);
/// The rows of every Markdown table of a document, cells trimmed, heads and rules left out ("| a | b |" →
/// {"a", "b"}).
std::vector<std::vector<std::string>> table_rows(const std::string& text);
/// The contents of every fenced block of a language.
std::vector<std::string> code_blocks(const std::string& text, std::string_view language);
/// Without the backticks around it, if it has any.
std::string without_backticks(std::string text);

}  // namespace koshin::test
