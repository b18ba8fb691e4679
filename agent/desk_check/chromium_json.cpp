// SPDX-License-Identifier: MIT
#include "desk_check/chromium_json.hpp"

#include <algorithm>
#include <cstddef>
#include <stdexcept>

namespace koshin::desk_check {
namespace {

constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
constexpr std::size_t deepest = 200;

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

class Reader {
 public:
  Reader(std::string_view text, ChromiumJson kind) : text_(text), extended_(kind == ChromiumJson::file) {
    if (text_.starts_with(byte_order_mark)) text_.remove_prefix(byte_order_mark.size());
    // The parser behind this would pass over another one.
    if (text_.starts_with(byte_order_mark)) throw std::invalid_argument("it has two byte order marks");
  }

  std::string strict() {
    while (at_ < text_.size()) {
      if (begins_comment()) {
        pass_comment();
      } else if (text_[at_] == '"') {
        copy_string();
      } else {
        copy_mark();
      }
    }
    return std::move(result_);
  }

 private:
  bool begins_comment() const {
    const std::string_view two = text_.substr(at_, 2);
    return extended_ && (two == "//" || two == "/*");
  }

  void pass_comment() {
    const bool block = text_[at_ + 1] == '*';
    const auto end = block ? text_.find("*/", at_ + 2) : text_.find('\n', at_);
    if (block && end == std::string_view::npos) throw std::invalid_argument("a comment has no end (*/)");
    at_ = end == std::string_view::npos ? text_.size() : end + (block ? 2 : 1);
  }

  void copy_string() {
    result_ += text_[at_++];
    while (at_ < text_.size()) {
      const char c = text_[at_++];
      if (extended_ && (c == '\n' || c == '\r')) {
        result_ += c == '\n' ? "\\n" : "\\r";
      } else if (c == '\\' && at_ < text_.size()) {
        const char escaped = text_[at_++];
        result_ += extended_ && escaped == 'x' ? "\\u00" : std::string{c, escaped};  // the two digits follow
      } else {
        result_ += c;
        if (c == '"') return;
      }
    }
  }

  /// A comma waits for what comes behind it: one before a closing bracket is left out.
  void copy_mark() {
    const char c = text_[at_++];
    if (c == '[' || c == '{') {
      if (++depth_ > deepest) throw std::invalid_argument("it is nested too deeply");
    } else if ((c == ']' || c == '}') && depth_ > 0) {
      --depth_;
      drop_last_comma();
    }
    result_ += c;
  }

  void drop_last_comma() {
    auto last = result_.size();
    while (last > 0 && is_blank(result_[last - 1])) --last;
    if (last < 2 || result_[last - 1] != ',') return;
    auto before = last - 1;
    while (before > 0 && is_blank(result_[before - 1])) --before;
    // A comma that nothing stands before is refused.
    if (before == 0 || std::string_view(",[{").find(result_[before - 1]) != std::string_view::npos) return;
    result_.erase(last - 1, 1);
  }

  std::string_view text_;
  const bool extended_;
  std::size_t at_ = 0, depth_ = 0;
  std::string result_;
};

}  // namespace

std::string strict_from_chromium(std::string_view text, ChromiumJson kind) {
  return Reader(text, kind).strict();
}

}  // namespace koshin::desk_check
