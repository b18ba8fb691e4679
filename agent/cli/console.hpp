// SPDX-License-Identifier: MIT
// Output: results to stdout, errors to stderr, one document with --json.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "cli/arguments.hpp"
#include "cli/colors.hpp"
#include "cli/texts.hpp"
#include "foundation/base/name_by_language.hpp"

namespace koshin::cli {

class Console {
 public:
  /// `is_terminal`: whether stdout, where progress is drawn, is a terminal.
  Console(const Arguments& arguments, bool is_terminal, bool utf8, Colors colors = {});

  Language language() const { return language_; }
  bool json() const { return json_; }
  bool shows_progress() const { return progress_; }
  /// Whether lines may be redrawn after a carriage return.
  bool can_redraw() const { return progress_ && terminal_; }
  bool utf8() const { return utf8_; }

  /// The text in the person's language, with its values.
  std::string say(const Text& text, std::initializer_list<std::string_view> values = {}) const;
  /// The bank's word for the PIN in this language, empty for "PIN": of the bank that the command has turned
  /// to last, so that whoever reports the command's end says it too.
  void call_pin(const NameByLanguage& name) const { pin_name_ = name.in(language_); }
  const std::string& pin_name() const { return pin_name_; }
  /// The text in a colour, wherever it is written to that takes colours; for parts of lines that are printed.
  std::string paint(Shade shade, std::string_view text) const;
  /// A line on stdout; nothing with --json or --quiet.
  void print(std::string_view line) const;
  void print(const Text& text, std::initializer_list<std::string_view> values = {}) const;
  /// A line on stdout that says that something is wrong; with --quiet on stderr.
  void print_wrong(std::string_view line) const { quiet_ ? trouble(line) : print(line); }
  /// "  Label      value", aligned; nothing when the value is empty.
  void field(const Text& label, std::string_view value, std::size_t indent = 2) const;
  /// Part of a line on stdout, shown at once.
  void draw(std::string_view part) const;
  /// A line on stderr; nothing with --json.
  void trouble(std::string_view line) const;
  /// The JSON document; nothing without --json.
  void document(std::string_view json) const;
  /// Keeps the document until end_document(), since it is to tell of what follows the command.
  void hold_document() const { holding_ = true; }
  /// Adds members (",\"name\":1") to the document, be it kept or still to come, and writes one that was kept.
  void end_document(std::string_view members) const;

 private:
  Language language_;
  bool json_, quiet_, progress_, terminal_, utf8_;
  Colors colors_;
  mutable std::string pin_name_;
  mutable bool holding_ = false;
  mutable std::string held_, added_members_;
};

}  // namespace koshin::cli
