// SPDX-License-Identifier: MIT
#include "desk_check/collect.hpp"

#include <chrono>

#include "foundation/base/text.hpp"
#include "foundation/system/child_process.hpp"
#include "foundation/system/paths.hpp"
#include "renewal/policy/desk_words.hpp"
#include "renewal/policy/doctor_words.hpp"

namespace koshin::desk_check {
namespace {

using std::chrono::steady_clock;

/// koshin-desk-check has a limit for each service; this is for one that does not end.
constexpr std::chrono::seconds longest_examination{120};
constexpr std::chrono::milliseconds between_looks_at_stop{200};

void add_what_is_missing(messages::DoctorResult& result, const std::string& why) {
  messages::DoctorResult::Check check;
  check.id = to_string(renewal::DeskSubject::desk);
  check.finding = to_string(renewal::DeskFinding::desk_not_examined);
  check.status = "skipped";
  check.values = {printable(why, 400)};
  check.name = renewal::name_in_words(check, Language::en);
  check.text = renewal::text_in_words(check, Language::en);
  result.checks.push_back(std::move(check));
}

/// The next line; `timeout` when `until` has passed. A stop request is noticed meanwhile.
ChildProcess::Read next_line(const std::function<void()>& look_for_stop, ChildProcess& child,
                             std::string& line, steady_clock::time_point until) {
  auto read = ChildProcess::Read::timeout;
  while (read == ChildProcess::Read::timeout && steady_clock::now() < until) {
    look_for_stop();
    read = child.read_line(line, std::min(until, steady_clock::now() + between_looks_at_stop));
  }
  return read;
}

void take(messages::DoctorResult& result, const std::string& line) {
  auto event = messages::parse_event(line);
  auto* const told = std::get_if<messages::DoctorResult>(&event);
  if (told == nullptr) return;
  for (auto& check : told->checks) result.checks.push_back(std::move(check));
}

void collect(const Options& options, const std::function<void()>& look_for_stop,
             messages::DoctorResult& result) {
  std::vector<std::string> arguments;
  if (!options.settings_file.empty())
    arguments.insert(arguments.end(), {"--settings", options.settings_file});
  if (options.send_test_mail) arguments.emplace_back("--send-test-mail");
  const auto child =
      ChildProcess::start(paths::program("koshin-desk-check"), arguments, {.keep_errors = true});
  child->close_stdin();
  const auto until = steady_clock::now() + longest_examination;
  auto read = ChildProcess::Read::line;
  for (std::string line; (read = next_line(look_for_stop, *child, line, until)) == ChildProcess::Read::line;)
    take(result, line);
  if (read == ChildProcess::Read::timeout)
    return add_what_is_missing(result, "no end within " + std::to_string(longest_examination.count()) + " s");
  const auto status = child->wait_until(until);
  if (!status || status->crashed || status->code != 0)
    add_what_is_missing(result, child->errors().empty() ? "koshin-desk-check has failed" : child->errors());
}

}  // namespace

messages::DoctorResult examine(const Options& options, const std::function<void()>& look_for_stop) {
  messages::DoctorResult result;
  try {
    collect(options, look_for_stop, result);
  } catch (const FailureError& error) {
    if (error.failure().reason == Reason::interrupted) throw;
    add_what_is_missing(result, error.failure().detail);
  }
  return result;
}

}  // namespace koshin::desk_check
