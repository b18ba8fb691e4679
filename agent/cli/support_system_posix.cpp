// SPDX-License-Identifier: MIT
// os-release, the kernel, dpkg and systemd's journal; what a system lacks of it is said to be missing.
#include <sys/utsname.h>

#include <cstdlib>
#include <fstream>
#include <string>
#include <utility>

#include "cli/support_answers.hpp"
#include "cli/support_system.hpp"
#include "foundation/base/text.hpp"

namespace koshin::cli {
namespace {

/// The kernel's answer: such a file has no size and no end to seek to.
std::string system_answer(const std::filesystem::path& file, std::size_t limit) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream) return {};
  std::string text(limit, '\0');
  stream.read(text.data(), static_cast<std::streamsize>(limit));
  text.resize(static_cast<std::size_t>(stream.gcount()));
  return text;
}

/// In the words of its own file, as on Linux, or else of uname().
std::string kernel() {
  if (std::string told = system_answer("/proc/version", 1024); !told.empty())
    return "/proc/version:\n" + std::move(told);
  utsname names{};
  if (::uname(&names) < 0) return "(the kernel does not tell its version)\n";
  std::string line;
  for (const char* name : {names.sysname, names.release, names.version, names.machine})
    line += (line.empty() ? "" : " ") + std::string(name);
  return "uname:\n" + line + "\n";
}

std::string system_log(const Session& session) {
  std::vector<std::string> arguments{"--user", "--no-pager", "--quiet", "--lines=1000", "--output=short-iso"};
  for (const char* program : {"koshin", "koshin-agent", "koshin-ui", "koshin-worker", "koshin-mail",
                              "koshin-desk-check", "koshin-hooks", "koshin-slot-watch"})
    arguments.emplace_back(std::string("--identifier=") + program);
  return output_of(session.interrupt, "/usr/bin/journalctl", arguments, for_system);
}

}  // namespace

std::string system_versions(const Session& session) {
  std::string text;
  for (const char* name : {"XDG_CURRENT_DESKTOP", "XDG_SESSION_TYPE", "LANG", "LC_ALL"}) {
    const char* value = std::getenv(name);
    text += std::string(name) + " " + (value == nullptr ? "(not set)" : printable(value, 100)) + "\n";
  }
  text += "\n/etc/os-release:\n" + file_or_reason("/etc/os-release", 16UL * 1024) + "\n" + kernel();
  text += "\npackages:\n" + output_of(session.interrupt, "/usr/bin/dpkg-query",
                                      {"--show", "koshin*", "pcscd", "libccid", "libpcsclite1", "opensc",
                                       "ykcs11", "softhsm2", "p11-kit", "libp11-kit0", "libssl3", "libcurl4",
                                       "firefox-esr", "chromium", "systemd", "xdg-utils"},
                                      for_system);
  return text;
}

std::vector<ArchiveEntry> system_parts(const Session& session) {
  return {{"system-log.txt", system_log(session)}};
}

}  // namespace koshin::cli
