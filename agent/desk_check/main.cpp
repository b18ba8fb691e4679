// SPDX-License-Identifier: MIT
// koshin-desk-check: looks at the computer and the desktop around koshin, tells each result in a line, and
// ends.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "desk_check/run.hpp"
#include "foundation/base/option_name.hpp"
#include "foundation/failures/failure.hpp"
#include "foundation/failures/usage_exit.hpp"
#include "foundation/jobs/messages.hpp"
#include "foundation/log/log.hpp"
#include "foundation/secrets/process_hardening.hpp"
#include "foundation/system/standard_streams.hpp"

namespace {

using namespace koshin;

void tell(const renewal::DoctorCheck& check) {
  messages::DoctorResult result;
  result.checks.push_back(check);
  std::puts(messages::to_json(messages::Event(std::move(result))).c_str());
  std::fflush(stdout);
}

int examine(const desk_check::Options& options) {
  try {
    desk_check::Report report(tell);
    desk_check::run(report, options);
    return 0;
  } catch (const FailureError& error) {
    std::fprintf(stderr, "koshin-desk-check: %s: %s\n", std::string(info(error.failure().reason).id).c_str(),
                 error.failure().detail.c_str());
    return error.failure().exit_code();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "koshin-desk-check: %s\n", error.what());
    return info(Reason::internal_error).exit_code;
  }
}

}  // namespace

int main(int argc, char** argv) {
  begin_program();
  hardening::protect_process();
  log::configure("koshin-desk-check", LogLevel::warning);
  CLI::App app("Looks at the computer and the desktop around koshin, for koshin doctor.",
               "koshin-desk-check");
  desk_check::Options options;
  app.add_option("--settings", options.settings_file,
                 "Use this settings file in place of your own (root's: alone)")
      ->check(refuse_empty_value);
  app.add_flag("--send-test-mail", options.send_test_mail, "Send one mail that says that it is a test");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return usage_exit_code(app.exit(error));
  }
  const int code = examine(options);
  std::fflush(nullptr);
  std::_Exit(code);  // a thread may still be waiting for a service that hangs
}
