// SPDX-License-Identifier: MIT
// koshin-agent: one for each user, resident, without privileges and without secrets.
#include <malloc.h>

#include <cstdio>
#include <exception>
#include <string>
#include <vector>

#include "foundation/log/log.hpp"
#include "foundation/system/paths.hpp"
#include "foundation/system/standard_streams.hpp"
#include "resident/arguments.hpp"
#include "resident/host_linux.hpp"
#include "resident/instance_lock.hpp"

namespace {

int run(const std::vector<std::string>& words) {
  using namespace koshin;
  const resident::AgentArguments arguments = resident::parse_agent_arguments(words);
  if (arguments.information) {
    std::fputs(arguments.information->c_str(), stdout);
    return 0;
  }
  log::configure("koshin-agent", LogLevel::info);
  long holder = 0;
  const auto lock = resident::InstanceLock::acquire(paths::runtime_directory() / "agent.lock", holder);
  if (!lock) {
    log::info(log::Event::none,
              "Another koshin-agent (process " + std::to_string(holder) + ") watches already; leaving.");
    return 0;
  }
  resident::Host(arguments).run();
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  koshin::begin_program();
  // One arena: a thread that lives for one job must not leave a heap of its own behind.
  mallopt(M_ARENA_MAX, 1);
  try {
    return run({argv + 1, argv + argc});
  } catch (const koshin::FailureError& error) {
    const auto& failure = error.failure();
    koshin::log::error(koshin::log::Event::none, std::string(info(failure.reason).english.cause),
                       {{"KOSHIN_REASON", info(failure.reason).id}, {"KOSHIN_DETAIL", failure.detail}});
    return failure.exit_code();
  } catch (const std::exception& error) {
    koshin::log::error(koshin::log::Event::none, "The agent cannot run.", {{"KOSHIN_DETAIL", error.what()}});
    return koshin::info(koshin::Reason::internal_error).exit_code;
  }
}
