// SPDX-License-Identifier: MIT
// What a harness says of an input: taken, refused as documented, or wrong. A harness is
// LLVMFuzzerTestOneInput() over one parser of input that others wrote; it is linked with libFuzzer (clang,
// KOSHIN_FUZZ) or with mutation_driver_posix.cpp.
#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <initializer_list>
#include <string>
#include <string_view>

#include "foundation/failures/failure.hpp"

namespace koshin::fuzz {

struct Tally {
  unsigned long accepted = 0, refused = 0;
  bool refuses_nothing = false;  ///< said by a harness over what takes any text
};
inline Tally tally;

inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

/// The next line of an input that has several parts.
inline std::string take_line(std::string_view& rest) {
  const auto end = rest.find('\n');
  const auto line = rest.substr(0, end);
  rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  return std::string(line);
}

/// What must hold whatever the input is.
inline void require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "fuzz: does not hold: %s\n", what);
  std::abort();
}

/// Counts an input for which `parse` throws `Refusal`. Any other exception ends the program.
template <class Refusal, class Parse>
void taken_or_refused(Parse parse) {
  try {
    parse();
    ++tally.accepted;
  } catch (const Refusal&) {
    ++tally.refused;
  }
}

/// The same for a FailureError, which must be of one of these reasons.
template <class Parse>
void taken_or_refused(std::initializer_list<Reason> documented, Parse parse) {
  try {
    parse();
    ++tally.accepted;
  } catch (const FailureError& error) {
    ++tally.refused;
    bool known = false;
    for (const Reason reason : documented) known = known || error.failure().reason == reason;
    require(known, "the reason of the refusal is the documented one");
    require(error.failure().detail.size() <= Failure::max_detail, "the detail is bounded");
    require(printable(error.failure().detail) == error.failure().detail, "the detail is printable");
  }
}

}  // namespace koshin::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
