// SPDX-License-Identifier: MIT
// The keys of the page's texts, checked while the program is compiled: what a screen names and the catalogues
// do not have is an error of the compiler's.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

#include "foundation/texts/calendar.hpp"
#include "foundation/texts/old.hpp"
#include "foundation/texts/page.hpp"

namespace koshin::ui {

/// Whether the page's catalogues have that text: page.* without "page.", calendar.*
/// and old.*.
constexpr bool is_page_text(std::string_view key, std::string_view rest = {}) {
  constexpr std::string_view calendar = "calendar.", old = "old.";
  if (key.starts_with(calendar))
    return !texts::find(texts::all_calendar, key.substr(calendar.size()), rest).empty();
  if (key.starts_with(old)) return !texts::find(texts::all_old, key.substr(old.size()), rest).empty();
  return !texts::find(texts::all_page, key, rest).empty();
}

/// The key of one of the page's texts.
class PageKey {
 public:
  /// Does not compile for a key that the catalogues do not have.
  consteval PageKey(const char* key) : key_(key) {
    if (!is_page_text(key_)) throw std::invalid_argument("the catalogues lack page.<key>");
  }
  constexpr std::string_view text() const { return key_; }

 private:
  std::string_view key_;
};

/// The key of a text that a re-issue has words of its own for, under the same key and "_enroll".
class TaskKey {
 public:
  /// Does not compile unless the catalogues have both.
  consteval TaskKey(const char* key) : key_(key) {
    if (!is_page_text(key_.text(), "_enroll"))
      throw std::invalid_argument("the catalogues lack page.<key>_enroll");
  }
  std::string of(bool enrolling) const { return std::string(key_.text()) + (enrolling ? "_enroll" : ""); }

 private:
  PageKey key_;
};

}  // namespace koshin::ui
