// SPDX-License-Identifier: MIT
// Encodings by the system's iconv().
#include <iconv.h>

#include <array>
#include <cerrno>
#include <cstdint>

#include "enrollment/http/text_conversion.hpp"

namespace koshin::enrollment {
namespace {

class Converter {
 public:
  explicit Converter(const char* charset) : handle_(iconv_open("UTF-8", charset)) {}
  ~Converter() {
    if (known()) iconv_close(handle_);
  }
  Converter(const Converter&) = delete;
  Converter& operator=(const Converter&) = delete;
  // iconv_open() returns a pointer of -1 on failure.
  bool known() const { return reinterpret_cast<std::intptr_t>(handle_) != -1; }  // NOLINT

  /// Sets `fits` to whether all of `text` is valid in this encoding; the text may end within a character.
  std::string convert(std::string_view text, bool& fits) const {
    fits = true;
    std::string input(text), output;
    char* next = input.data();
    std::size_t left = input.size();
    while (left > 0) {
      std::array<char, 4096> buffer{};
      char* end = buffer.data();
      std::size_t room = buffer.size();
      const bool done = iconv(handle_, &next, &left, &end, &room) != static_cast<std::size_t>(-1);
      output.append(buffer.data(), buffer.size() - room);
      if (done || errno == E2BIG) continue;
      fits = fits && errno == EINVAL;
      output += "\xEF\xBF\xBD";
      ++next;
      --left;
    }
    return output;
  }

 private:
  iconv_t handle_;
};

}  // namespace

std::optional<Converted> convert_to_utf8(std::string_view text, const char* charset) {
  const Converter converter(charset);
  if (!converter.known()) return std::nullopt;
  Converted result;
  result.text = converter.convert(text, result.fits);
  return result;
}

}  // namespace koshin::enrollment
