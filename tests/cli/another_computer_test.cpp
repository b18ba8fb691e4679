// SPDX-License-Identifier: MIT
// A renewal that was begun on one computer and is finished on another one, with nothing but the token and the
// programs: for each place where it can stop.
#include <fstream>

#include "cli_fixture.hpp"
#include "faults/call_log.hpp"
#include "faults/trial.hpp"
#include "foundation/system/paths.hpp"

namespace koshin::test {
namespace {

namespace fs = std::filesystem;

struct Place {
  const char* name;
  const char* function;
  unsigned at;
  bool after;
  int back_here = 0;  ///< how the first computer ends then: it sees the certificate log in
};
void PrintTo(const Place& place, std::ostream* out) {
  *out << place.name;
}

class AnotherComputer : public CliFixture, public testing::WithParamInterface<Place> {
 protected:
  AnotherComputer() {
    write_settings_with("token.modules = [\"" + faults::fault_module().string() + "\"]\n");
    provision_certificate(12);
    undisturbed();
  }
  /// As a person does it, who is asked for the PIN: then a renewal that makes no sense is refused before.
  RunResult renew(const faults::Plan& plan = {}) {
    play(plan);
    return koshin_on_terminal({"renew"}, {{"PIN of token \"Sakura Corp\"", std::string(right_pin) + "\n"}});
  }
  void play(faults::Plan plan) {
    plan.module = SoftHsm::module();
    plan.log = directory_.path() / "calls.log";
    plan.removed = directory_.path() / "removed";
    fs::remove(plan.log);
    save(plan, directory_.path() / "plan");
  }
  void undisturbed() { play({}); }
  /// Where the PIN is not asked for.
  RunResult renew_unasked() {
    undisturbed();
    return koshin_on_terminal({"renew"}, {});
  }
  RunResult stop_at(const Place& place) {
    faults::Plan plan;
    plan.function = place.function;
    plan.at = place.at;
    plan.after = place.after;
    plan.action = faults::Action::kill;
    return renew(plan);
  }
  faults::CallLog calls() const { return faults::CallLog(directory_.path() / "calls.log"); }
  /// The journal of this computer goes out of sight, and that of the other one comes: empty at first.
  void change_computers() {
    const fs::path here = paths::journal_file(), there = directory_.path() / "there.sqlite",
                   between = directory_.path() / "between.sqlite";
    for (const auto& [from, to] : {std::pair{here, between}, {there, here}, {between, there}}) {
      for (const char* companion : {"", "-wal", "-shm"}) {
        fs::path source = from, target = to;
        std::error_code not_there;
        fs::rename(source += companion, target += companion, not_there);
      }
    }
  }
  void expect_one_new_pair() {
    undisturbed();
    const Json token = koshin_json({"inspect", "--token", "pkcs11:token=Sakura%20Corp", "--pin-stdin"},
                                   right_pin)["tokens"][0];
    EXPECT_EQ(token["certificates"].size(), 2U) << token;
    EXPECT_TRUE(token["keys_without_certificate"].empty()) << token;
  }

 private:
  const ScopedEnvironment playing_{{{faults::plan_variable, (directory_.path() / "plan").string()}}};
};

TEST_P(AnotherComputer, goes_on_where_the_first_one_has_stopped) {
  EXPECT_NE(stop_at(GetParam()).exit_code, 0);
  ASSERT_TRUE(calls().struck()) << "it was never reached";
  change_computers();
  const RunResult there = renew();
  EXPECT_EQ(there.exit_code, 0) << there.out;
  EXPECT_THAT(there.out, HasSubstr("The certificate was renewed."));
  expect_one_new_pair();
  EXPECT_THAT(renew_unasked().out, HasSubstr("(exit code 60)")) << "nothing is due there any more";
  change_computers();
  const RunResult here = renew();
  EXPECT_EQ(here.exit_code, GetParam().back_here) << here.out;
  EXPECT_THAT(renew_unasked().out, HasSubstr("(exit code 60)"));
  expect_one_new_pair();
  EXPECT_LE(bank_.issued(), 2U) << "one more where the answer was lost";
}

INSTANTIATE_TEST_SUITE_P(
    Stopped, AnotherComputer,
    testing::Values(Place{"before_the_pair_is_made", "C_GenerateKeyPair", 1, false},
                    // Of a pair that it has planned it does not ask whether the certificate logs in.
                    Place{"with_the_pair_made", "C_GenerateKeyPair", 1, true, 60},
                    Place{"before_the_request_is_signed", "C_Sign", 2, false},
                    Place{"with_the_request_signed", "C_Sign", 2, true},
                    Place{"with_the_certificate_fetched", "C_CreateObject", 1, false},
                    Place{"with_the_certificate_written", "C_CreateObject", 1, true},
                    Place{"before_it_logs_in", "C_Sign", 3, false},
                    Place{"while_it_logs_in", "C_Sign", 3, true}),
    [](const auto& place) { return std::string(place.param.name); });

TEST_F(AnotherComputer, tries_what_is_in_use_elsewhere_once_and_then_leaves_it_alone) {
  ASSERT_EQ(renew().exit_code, 0);
  change_computers();
  undisturbed();
  EXPECT_EQ(koshin({"renew", "--dry-run", "--pin-stdin"}, right_pin).exit_code, 60);
  const RunResult there = renew();
  EXPECT_EQ(there.exit_code, 0) << there.out;
  EXPECT_EQ(calls().calls("C_GenerateKeyPair"), 0U);
  EXPECT_THAT(renew_unasked().out, HasSubstr("(exit code 60)"));
  EXPECT_EQ(calls().calls("C_Login"), 0U) << "the PIN is not asked for";
  EXPECT_EQ(bank_.issued(), 1U);
}

}  // namespace
}  // namespace koshin::test
