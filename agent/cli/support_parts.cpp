// SPDX-License-Identifier: MIT
#include "cli/support_parts.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include "cli/support_redaction.hpp"
#include "foundation/base/text.hpp"
#include "foundation/system/child_process.hpp"
#include "foundation/system/paths.hpp"

namespace koshin::cli {
namespace {

namespace fs = std::filesystem;
using std::chrono::seconds;
using std::chrono::steady_clock;

constexpr std::size_t largest_part = 512UL * 1024, largest_log = 256UL * 1024;
constexpr seconds for_system{15};
/// The doctor's worker and koshin-desk-check have limits of their own, which are shorter.
constexpr seconds margin{150};

/// What a program writes to stdout, at most largest_part; why there is nothing, else.
std::string output_of(const Session& session, const fs::path& program,
                      const std::vector<std::string>& arguments, seconds limit) {
  std::string output;
  try {
    const auto child = ChildProcess::start(program, arguments, {.keep_errors = true});
    child->close_stdin();
    const auto until = steady_clock::now() + limit;
    std::string line;
    for (auto read = ChildProcess::Read::line; read != ChildProcess::Read::end;) {
      session.interrupt.check();
      read = child->read_line(line, std::min(until, steady_clock::now() + std::chrono::milliseconds{200}),
                              largest_part);
      if (read == ChildProcess::Read::line) output += line + "\n";
      if (output.size() > largest_part) return output.substr(0, largest_part) + "\n(cut off)\n";
      if (read == ChildProcess::Read::timeout && steady_clock::now() >= until)
        return output + "(no end within " + std::to_string(limit.count()) + " s)\n";
    }
    (void)child->wait_until(until);
    if (output.empty()) output = "(nothing: " + child->errors() + ")\n";
  } catch (const FailureError& error) {
    if (error.failure().reason == Reason::interrupted) throw;
    output += "(" + error.failure().detail + ")\n";
  }
  return output;
}

/// koshin's own answer, as a script gets it.
ArchiveEntry answer(const Session& session, const std::string& name, std::vector<std::string> words) {
  std::vector<std::string> arguments{"--json"};
  if (!session.arguments.settings_file.empty())
    arguments.insert(arguments.end(), {"--settings", session.arguments.settings_file});
  arguments.insert(arguments.end(), std::make_move_iterator(words.begin()),
                   std::make_move_iterator(words.end()));
  const auto limit = session.settings.renewal.job_deadline + margin;
  return {name, output_of(session, paths::self(), arguments, limit)};
}

std::string file_or_reason(const fs::path& file, std::size_t limit) {
  std::ifstream stream(file, std::ios::binary | std::ios::ate);
  if (!stream) return "(there is no " + file.string() + ")\n";
  const auto size = static_cast<std::size_t>(std::max<std::streamoff>(stream.tellg(), 0));
  const std::size_t begin = size > limit ? size - limit : 0;
  stream.seekg(static_cast<std::streamoff>(begin));
  return std::string(std::istreambuf_iterator<char>(stream), {});
}

/// The kernel's answer: such a file has no size and no end to seek to.
std::string system_answer(const fs::path& file, std::size_t limit) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream) return "(there is no " + file.string() + ")\n";
  std::string text(limit, '\0');
  stream.read(text.data(), static_cast<std::streamsize>(limit));
  text.resize(static_cast<std::size_t>(stream.gcount()));
  return text;
}

std::string versions(const Session& session) {
  std::string text = "koshin " KOSHIN_VERSION "\nprogram " + paths::self().string() + "\n";
  for (const char* name : {"XDG_CURRENT_DESKTOP", "XDG_SESSION_TYPE", "LANG", "LC_ALL"}) {
    const char* value = std::getenv(name);
    text += std::string(name) + " " + (value == nullptr ? "(not set)" : printable(value, 100)) + "\n";
  }
  text += "\n/etc/os-release:\n" + file_or_reason("/etc/os-release", 16UL * 1024) + "\n/proc/version:\n" +
          system_answer("/proc/version", 1024);
  text += "\npackages:\n" + output_of(session, "/usr/bin/dpkg-query",
                                      {"--show", "koshin*", "pcscd", "libccid", "libpcsclite1", "opensc",
                                       "ykcs11", "softhsm2", "p11-kit", "libp11-kit0", "libssl3", "libcurl4",
                                       "firefox-esr", "chromium", "systemd", "xdg-utils"},
                                      for_system);
  return text;
}

std::string system_log(const Session& session) {
  std::vector<std::string> arguments{"--user", "--no-pager", "--quiet", "--lines=1000", "--output=short-iso"};
  for (const char* program : {"koshin", "koshin-agent", "koshin-ui", "koshin-worker", "koshin-mail",
                              "koshin-desk-check", "koshin-hooks", "koshin-slot-watch"})
    arguments.emplace_back(std::string("--identifier=") + program);
  return output_of(session, "/usr/bin/journalctl", arguments, for_system);
}

}  // namespace

std::vector<ArchiveEntry> support_parts(const Session& session) {
  std::vector<ArchiveEntry> parts;
  parts.push_back({"versions.txt", versions(session)});
  parts.push_back(answer(session, "settings.json", {"config", "check"}));
  parts.push_back(answer(session, "doctor.json", {"doctor"}));
  parts.push_back(answer(session, "tokens.json", {"inspect"}));
  parts.push_back(answer(session, "status.json", {"status"}));
  parts.push_back(answer(session, "history.json", {"history", "--limit", "100"}));
  parts.push_back({"koshin.log", file_or_reason(paths::state_directory() / "koshin.log", largest_log)});
  parts.push_back({"system-log.txt", system_log(session)});
  for (ArchiveEntry& part : parts) part.content = without_secrets(part.content);
  return parts;
}

}  // namespace koshin::cli
