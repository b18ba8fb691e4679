// SPDX-License-Identifier: MIT
// A card that another program holds for itself alone, as GnuPG's scdaemon does, behind real pcscd and ykcs11:
// the module shows an empty reader, and a person is told what it is.
#include "resident/pcsc_connection.hpp"
#include "second_leg_fixture.hpp"

namespace koshin::cards {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* reader = "Yubico YubiKey 00 00";

class HeldCard : public SecondLegTest {
 protected:
  test::RunResult renew_at_the_terminal() { return koshin({"renew", "--pin-stdin", "--so-pin-stdin"}); }
};

TEST_F(HeldCard, is_told_as_what_it_is_and_renewed_once_it_is_let_go) {
  const test::PcscConnection other(reader);
  const auto held = other.hold();
  const auto job = stage->renew();
  EXPECT_EQ(job.failure(), Reason::card_held) << job.in_words();
  EXPECT_THAT(std::get<Failure>(job.last).detail, HasSubstr(reader));
  for (const std::string command : {"renew", "prune"}) {
    std::vector<std::string> arguments{command, "--pin-stdin", "--so-pin-stdin"};
    const auto run = koshin(std::move(arguments));
    EXPECT_EQ(run.exit_code, info(Reason::card_held).exit_code) << command << run.out << run.err;
    EXPECT_THAT(run.err, HasSubstr("another program holds a card in a reader")) << command;
    EXPECT_THAT(run.err, HasSubstr(reader)) << command;
  }
  const auto inspected = koshin({"inspect"});
  EXPECT_THAT(inspected.out + inspected.err, HasSubstr("another program holds a card in a reader"));
  const auto examined = koshin({"doctor"});
  EXPECT_THAT(examined.out, HasSubstr("another program holds a card in a reader"));
  EXPECT_THAT(examined.out, HasSubstr("a program holds it for itself alone"));
  EXPECT_EQ(stage->card().state().pin.tries_left, 3U);
  other.let_go(held);
  const auto run = renew_at_the_terminal();
  EXPECT_EQ(run.exit_code, 0) << run.out << run.err;
  EXPECT_THAT(koshin({"doctor"}).out, Not(HasSubstr("for itself alone")));
}

/// One that is connected to in shared mode is looked at as ever, and an empty reader is empty.
TEST_F(HeldCard, is_not_one_that_others_share_or_that_is_not_there) {
  const test::PcscConnection other(reader);
  other.wait_for_power();
  EXPECT_THAT(koshin({"inspect"}).out, Not(HasSubstr("holds a card")));
  stage->pull();
  const auto run = renew_at_the_terminal();
  EXPECT_EQ(run.exit_code, info(Reason::token_not_found).exit_code) << run.out << run.err;
}

}  // namespace
}  // namespace koshin::cards
