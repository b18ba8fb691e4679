// SPDX-License-Identifier: MIT
// koshin-agent: one for each user, resident, without privileges and without secrets.
#include <cstdio>
#include <exception>
#include <string>
#include <variant>
#include <vector>

#include "foundation/log/log.hpp"
#include "foundation/system/file_lock.hpp"
#include "foundation/system/session_lock.hpp"
#include "foundation/system/standard_streams.hpp"
#include "resident/arguments.hpp"
#include "resident/host.hpp"

namespace {

/// EX_TEMPFAIL of sysexits.h: the unit starts the agent again at this code (RestartForceExitStatus=).
constexpr int exit_code_for_restart = 75;

int run(const std::vector<std::string>& words) {
  using namespace koshin;
  const resident::AgentArguments arguments = resident::parse_agent_arguments(words);
  if (arguments.information) {
    std::fputs(arguments.information->c_str(), stdout);
    return 0;
  }
  log::configure("koshin-agent", LogLevel::info);
  const auto lock = FileLock::acquire(paths::session_lock_file());
  if (const auto* const holder = std::get_if<FileLock::Holder>(&lock)) {
    log::info(log::Event::none, "Another koshin-agent (process " + std::to_string(holder->process) +
                                    ") watches already; leaving.");
    return 0;
  }
  const auto end = resident::Host(arguments).run();
  return end == resident::Host::End::replaced ? exit_code_for_restart : 0;
}

}  // namespace

int main(int argc, char** argv) {
  koshin::begin_program();
  try {
    return run({argv + 1, argv + argc});
  } catch (const koshin::FailureError& error) {
    const auto& failure = error.failure();
    koshin::log::error(koshin::log::Event::none,
                       std::string(info(failure.reason).in(koshin::Language::en).cause),
                       {{"KOSHIN_REASON", info(failure.reason).id}, {"KOSHIN_DETAIL", failure.detail}});
    return failure.exit_code();
  } catch (const std::exception& error) {
    koshin::log::error(koshin::log::Event::none, "The agent cannot run.", {{"KOSHIN_DETAIL", error.what()}});
    return koshin::info(koshin::Reason::internal_error).exit_code;
  }
}
