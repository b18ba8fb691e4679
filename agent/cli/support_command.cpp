// SPDX-License-Identifier: MIT
// koshin support-bundle: one archive for whoever is asked for help.
#include <algorithm>
#include <filesystem>
#include <system_error>

#include "cli/commands.hpp"
#include "cli/json_output.hpp"
#include "cli/report.hpp"
#include "cli/support_parts.hpp"
#include "cli/tar_gz.hpp"
#include "cli/terminal.hpp"
#include "foundation/base/text.hpp"
#include "foundation/system/atomic_file.hpp"
#include "foundation/texts/cli.hpp"

namespace koshin::cli {
namespace {

namespace fs = std::filesystem;

/// "koshin-support-20261128T120000Z"
std::string name_of_bundle(TimePoint now) {
  std::string time = to_rfc3339(now);
  std::erase_if(time, [](char c) { return c == '-' || c == ':'; });
  return "koshin-support-" + time;
}

/// Before minutes are spent on what goes into it.
void refuse_what_exists(const fs::path& file) {
  std::error_code error;
  const fs::file_type above = fs::status(file.parent_path(), error).type();
  if (above != fs::file_type::directory) {
    const bool is_known = above != fs::file_type::none && above != fs::file_type::unknown;
    fail(Reason::usage_error, printable(file.parent_path().string(), 300) + ": " +
                                  (is_known ? "there is no such folder" : error.message()) +
                                  "; name another file with --output");
  }
  if (fs::symlink_status(file, error).type() != fs::file_type::not_found)
    fail(Reason::usage_error, printable(file.string(), 300) + " exists; name another file with --output");
}

void write(const fs::path& file, const std::string& archive) {
  try {
    write_file_atomically(file, archive);
  } catch (const std::system_error& error) {
    fail(error.code() == std::errc::no_space_on_device ? Reason::disk_full : Reason::usage_error,
         printable(error.what(), 400) + "; name another file with --output");
  }
}

void list_parts(const Session& session, const std::vector<ArchiveEntry>& parts) {
  session.console.print(texts::cli_support_contents);
  for (const ArchiveEntry& part : parts)
    session.console.print("  " + padded(part.name, 16) + " " + std::to_string(part.content.size()));
  session.console.print(texts::cli_support_left_out);
}

/// Only a person's yes, or --yes, has it written.
void ask(const Session& session, const fs::path& file) {
  if (session.arguments.yes) return;
  const auto terminal = Terminal::open();
  if (terminal == nullptr) fail(Reason::usage_error, "standard input is no terminal: use --yes");
  const std::string question = session.console.say(texts::cli_support_question, {file.string()});
  if (terminal->ask(question, session.interrupt) != "yes")
    throw Declined("the bundle was not wanted", texts::cli_support_not_written);
}

}  // namespace

int run_support_bundle(const Session& session) {
  const std::string name = name_of_bundle(session.now);
  const fs::path file =
      fs::absolute(session.arguments.output.empty() ? name + ".tar.gz" : session.arguments.output);
  refuse_what_exists(file);
  const auto parts = support_parts(session);
  list_parts(session, parts);
  ask(session, file);
  refuse_what_exists(file);  // a person takes time
  write(file, tar_gz(name, parts, session.now));
  session.console.document(support_json(session, file, parts));
  session.console.print(texts::cli_support_written, {file.string()});
  return 0;
}

}  // namespace koshin::cli
