// SPDX-License-Identifier: MIT
#include "cli/support_parts.hpp"

#include <iterator>
#include <utility>

#include "cli/support_answers.hpp"
#include "cli/support_redaction.hpp"
#include "cli/support_system.hpp"
#include "foundation/system/paths.hpp"

namespace koshin::cli {
namespace {

constexpr std::size_t largest_log = 256UL * 1024;
/// The doctor's worker and koshin-desk-check have limits of their own, which are shorter.
constexpr std::chrono::seconds margin{150};

/// koshin's own answer, as a script gets it.
ArchiveEntry answer(const Session& session, const std::string& name, std::vector<std::string> words) {
  std::vector<std::string> arguments{"--json"};
  if (!session.arguments.settings_file.empty())
    arguments.insert(arguments.end(), {"--settings", session.arguments.settings_file});
  arguments.insert(arguments.end(), std::make_move_iterator(words.begin()),
                   std::make_move_iterator(words.end()));
  const auto limit = session.settings.renewal.job_deadline + margin;
  return {name, output_of(session.interrupt, paths::self(), arguments, limit)};
}

}  // namespace

std::vector<ArchiveEntry> support_parts(const Session& session) {
  std::vector<ArchiveEntry> parts;
  parts.push_back({"versions.txt", "koshin " KOSHIN_VERSION "\nprogram " + paths::self().string() + "\n" +
                                       system_versions(session)});
  parts.push_back(answer(session, "settings.json", {"config", "check"}));
  parts.push_back(answer(session, "doctor.json", {"doctor"}));
  parts.push_back(answer(session, "tokens.json", {"inspect"}));
  parts.push_back(answer(session, "status.json", {"status"}));
  parts.push_back(answer(session, "history.json", {"history", "--limit", "100"}));
  parts.push_back({"koshin.log", file_or_reason(paths::state_directory() / "koshin.log", largest_log)});
  for (ArchiveEntry& part : system_parts(session)) parts.push_back(std::move(part));
  for (ArchiveEntry& part : parts) part.content = without_secrets(part.content);
  return parts;
}

}  // namespace koshin::cli
