// SPDX-License-Identifier: MIT
// koshin where standard input, output or error is closed, or takes nothing.
#include "cli_fixture.hpp"
#include "foundation/failures/failure.hpp"

namespace koshin::test {
namespace {

class Streams : public CliFixture {
 protected:
  Streams() { provision_certificate(12); }
  /// A command with `redirections` of the shell after it, and the PIN on stdin where that is left open.
  RunResult run(const std::string& command, const std::string& redirections) const {
    return run_in_shell(
        "exec $koshin " + command + " --settings '" + settings_.string() + "' " + redirections,
        std::string(right_pin) + "\n");
  }
};

TEST_F(Streams, any_of_them_may_be_closed_while_a_token_is_looked_at) {
  for (const char* closed : {"2>&-", "<&- 2>&-", "<&-"})
    EXPECT_EQ(run("inspect", closed).exit_code, 0) << closed;
  for (const char* closed : {">&-", ">&- 2>&-", "<&- >&- 2>&-"})
    EXPECT_EQ(run("inspect", closed).exit_code, info(Reason::output_lost).exit_code) << closed;
}

TEST_F(Streams, a_renewal_needs_no_standard_error) {
  EXPECT_EQ(run("renew --dry-run --pin-stdin", "2>&-").exit_code, 0);
  EXPECT_EQ(run("renew --pin-stdin", "2>&-").exit_code, 0);
  EXPECT_EQ(inspected_token()["certificates"].size(), 2U);
}

TEST_F(Streams, a_renewal_whose_document_is_lost_is_no_failed_renewal) {
  const RunResult renewed = run("renew --pin-stdin --json", ">/dev/full");
  EXPECT_EQ(renewed.exit_code, info(Reason::output_lost).exit_code);
  EXPECT_THAT(renewed.err, HasSubstr("koshin history"));
  EXPECT_EQ(koshin_json({"history"})["records"][0]["state"], "completed");
  EXPECT_EQ(run("renew --pin-stdin --json", ">/dev/full").exit_code, info(Reason::not_due).exit_code);
}

}  // namespace
}  // namespace koshin::test
