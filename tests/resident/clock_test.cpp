// SPDX-License-Identifier: MIT
// The clock is set, and the machine wakes up. Everything on this machine that follows the clock hears of it,
// so these tests run while no other does.
#include <gmock/gmock.h>
#include <signal.h>
#include <time.h>

#include "agent_scene.hpp"
#include "foundation/system/alarm.hpp"
#include "pcsc_connection.hpp"

namespace koshin::test {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;

/// Setting the clock to the time it shows is a change of the clock to everyone who asked to hear of one, and
/// changes nothing else. A suspended machine that resumes is told of in the same way.
bool jump_clock() {
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  return clock_settime(CLOCK_REALTIME, &now) == 0;
}

class Clock : public AgentScene {
 protected:
  /// A token that was not due has become so by the time that the agent looks again.
  void make_due() {
    provision(*hsm, "Bank token", *bank, pkcs11::KeyAlgorithm::ec_p256, 12, "12345678901234 user0002");
  }
};

TEST_F(Clock, AChangeIsAReasonToLookAgain) {
  provide_certificate(200);
  Desktop desktop(directory.path());
  start();
  plug_card();
  agent->expect("KOSHIN_DECISION=\"not_due\"");
  make_due();
  if (!jump_clock()) GTEST_SKIP() << "SKIPPED: this environment does not let root set the clock";
  agent->expect("The clock was set");
  agent->expect("KOSHIN_DECISION=\"due\"");
  desktop.expect("\"call\": \"notify\"");
}

TEST_F(Clock, ATokenSwappedDuringASuspendIsSeenAsAnotherOne) {
  hsm->init_token("Other token");
  provide_certificate(200);
  provision(*hsm, "Other token", *bank, pkcs11::KeyAlgorithm::ec_p256, 12, "12345678901234 user0002");
  hsm->remove_token("Other token");
  start();
  plug_card();
  agent->expect("KOSHIN_DECISION=\"not_due\"");
  // Nothing of the agent runs; when it does again, the clock has jumped and another card is in.
  const auto process = static_cast<pid_t>(agent->child().pid());
  ASSERT_EQ(::kill(process, SIGSTOP), 0);
  hsm->remove_token("Bank token");
  hsm->reinsert_token("Other token");
  const PcscConnection own;
  const unsigned changes = own.changes();
  card->pull();
  own.wait_for_changes(changes + 1);
  card->plug();
  own.wait_for_changes(changes + 2);
  const bool jumped = jump_clock();
  ASSERT_EQ(::kill(process, SIGCONT), 0);
  EXPECT_NE(agent->expect("was removed.").find("“Bank token”"), std::string::npos);
  EXPECT_NE(agent->expect("KOSHIN_DECISION=\"due\"").find("“Other token”"), std::string::npos);
  if (!jumped) GTEST_SKIP() << "SKIPPED the clock's part: this environment does not let root set it";
}

TEST(AlarmClock, ASetClockIsToldEvenWithoutAnAlarm) {
  EventLoop loop;
  std::vector<Alarm::Why> rung;
  const Alarm alarm(loop, [&](Alarm::Why why) { rung.push_back(why); });
  if (!jump_clock()) GTEST_SKIP() << "SKIPPED: setting the clock is not allowed here";
  loop.run_once();
  EXPECT_THAT(rung, ElementsAre(Alarm::Why::clock_set));
}

TEST(AlarmClock, AClockThatIsSetJustBeforeTheAlarmIsSetAnewIsToldAllTheSame) {
  EventLoop loop;
  std::vector<Alarm::Why> rung;
  Alarm alarm(loop, [&](Alarm::Why why) { rung.push_back(why); });
  if (!jump_clock()) GTEST_SKIP() << "SKIPPED: setting the clock is not allowed here";
  alarm.set(current_time() + 1h);
  loop.run_once();
  EXPECT_THAT(rung, ElementsAre(Alarm::Why::clock_set));
  alarm.set(current_time() - 1s);
  loop.run_once();
  EXPECT_THAT(rung, ElementsAre(Alarm::Why::clock_set, Alarm::Why::time));
}

TEST(AlarmClock, AJumpAfterTimeAsleepIsAWakeUp) {
  EventLoop loop;
  std::vector<Alarm::Why> rung;
  std::chrono::nanoseconds asleep = 5s;
  const Alarm alarm(
      loop, [&](Alarm::Why why) { rung.push_back(why); }, [&] { return asleep; });
  asleep += 2h;
  for (int i = 0; i < 2; ++i) {
    if (!jump_clock()) GTEST_SKIP() << "SKIPPED: setting the clock is not allowed here";
    loop.run_once();
  }
  EXPECT_THAT(rung, ElementsAre(Alarm::Why::woke, Alarm::Why::clock_set));
}

}  // namespace
}  // namespace koshin::test
