// SPDX-License-Identifier: MIT
// stdio is used because iostreams cost start-up time and nothing here needs them.
#include "cli/output.hpp"

#include <cerrno>
#include <cstdio>
#include <system_error>

namespace koshin::cli {
namespace {

/// errno of the first failed write to standard output.
int first_error = 0;

}  // namespace

void write_output(std::string_view text) noexcept {
  errno = 0;
  const bool whole = std::fwrite(text.data(), 1, text.size(), stdout) == text.size();
  if ((std::fflush(stdout) != 0 || !whole) && first_error == 0) first_error = errno == 0 ? EIO : errno;
}

Output output_so_far() noexcept {
  if (first_error == 0) return Output::written;
  return first_error == EPIPE ? Output::unread : Output::lost;
}

std::string why_output_was_lost() {
  return first_error == 0 ? std::string() : std::generic_category().message(first_error);
}

}  // namespace koshin::cli
