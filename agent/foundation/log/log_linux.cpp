// SPDX-License-Identifier: MIT
// The systemd journal. Entries go there with their fields when stderr is connected to it (systemd.exec(5),
// JOURNAL_STREAM); with a redirected stderr they go to stderr.

// Otherwise the macros of sd-journal.h add the source location to each entry.
#define SD_JOURNAL_SUPPRESS_LOCATION
#include <sys/stat.h>
#include <sys/uio.h>
#include <systemd/sd-journal.h>
#include <unistd.h>

#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "foundation/log/log_sink.hpp"

namespace koshin::log {
namespace {

/// JOURNAL_STREAM is "device:inode" of the socket that systemd connected to stderr. The variable is
/// inherited, so it counts only if stderr is still that socket.
bool stderr_is_journal() {
  const char* const stream = std::getenv("JOURNAL_STREAM");
  struct stat status {};
  if (stream == nullptr || fstat(log_handle(), &status) != 0) return false;
  return std::to_string(status.st_dev) + ':' + std::to_string(status.st_ino) == std::string_view(stream);
}

}  // namespace

bool send_to_system_log(std::span<const std::string> fields) {
  if (!stderr_is_journal()) return false;
  std::vector<iovec> vectors;
  vectors.reserve(fields.size());
  for (const std::string& field : fields)
    vectors.push_back({.iov_base = const_cast<char*>(field.data()), .iov_len = field.size()});
  return sd_journal_sendv(vectors.data(), static_cast<int>(vectors.size())) == 0;
}

}  // namespace koshin::log
