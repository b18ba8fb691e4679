// SPDX-License-Identifier: MIT
// syslog(3), for a program whose standard error leads nowhere, as that of one which the desktop has started
// may: its entries would be lost. All others write to standard error.
#include <sys/stat.h>
#include <syslog.h>

#include <charconv>
#include <string>
#include <string_view>

#include "foundation/log/log_sink.hpp"

namespace koshin::log {
namespace {

bool leads_nowhere(NativeHandle handle) {
  struct stat status {};
  struct stat nowhere {};
  if (::fstat(handle, &status) != 0) return true;
  return S_ISCHR(status.st_mode) && ::stat("/dev/null", &nowhere) == 0 && status.st_rdev == nowhere.st_rdev;
}

/// The message, then NAME="value" for each further field.
std::string line_of(std::span<const std::string> fields, int& priority) {
  std::string message, program, more;
  for (const std::string_view field : fields) {
    const auto equals = field.find('=');
    const std::string_view name = field.substr(0, equals), value = field.substr(equals + 1);
    if (name == "MESSAGE") {
      message = value;
    } else if (name == "SYSLOG_IDENTIFIER") {
      program = value;
    } else if (name == "PRIORITY") {
      std::from_chars(value.data(), value.data() + value.size(), priority);
    } else {
      more += text_line({}, {{name, value}});
    }
  }
  return program + ": " + message + more;
}

}  // namespace

bool send_to_system_log(std::span<const std::string> fields) {
  if (!leads_nowhere(log_handle())) return false;
  int priority = LOG_INFO;
  const std::string line = line_of(fields, priority);
  ::syslog(LOG_USER | priority, "%s", line.c_str());
  return true;
}

}  // namespace koshin::log
