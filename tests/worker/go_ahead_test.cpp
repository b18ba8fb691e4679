// SPDX-License-Identifier: MIT
// A renewal that has checked everything waits for the person's yes: the real program on a software token, and
// all that can happen meanwhile.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "foundation/jobs/job_runner.hpp"
#include "foundation/system/child_process.hpp"
#include "foundation/system/paths.hpp"
#include "pkcs11/session.hpp"
#include "renewal/journal/journal.hpp"
#include "support/environment.hpp"
#include "support/provisioning.hpp"
#include "support/temporary_directory.hpp"

namespace koshin::test {
namespace {

using messages::Event;
using messages::RenewResult;

constexpr std::chrono::seconds generous{120};

class GoAhead : public ::testing::Test {
 protected:
  GoAhead() : hsm(directory.path() / "hsm"), bank(directory.path() / "bank") {
    isolate_user(directory.path() / "user");
    hsm.init_token("demo");
    provision(hsm, "demo", bank, pkcs11::KeyAlgorithm::ec_p256, 12);
    settings = write_settings(directory.path(), bank);
  }
  ~GoAhead() override {
    for (const int socket : sockets) ::close(socket);
  }

  using WhenReady = std::function<void(ChildProcess&)>;
  Event run(const WhenReady& when_ready, std::stop_token stop = {}, bool await = true) {
    const auto worker = ChildProcess::start(KOSHIN_WORKER, {});
    messages::Job job;
    job.kind = messages::JobKind::renew;
    job.settings_file = settings;
    job.await_go = await;
    job.secrets = {messages::SecretKind::pin};
    const auto pin = SecureBuffer::copy_of(std::string_view(SoftHsm::default_pin));
    readies = 0;
    Event last = run_job_in(
        *worker, job, {&pin},
        [&](const Event& event) {
          if (!std::holds_alternative<messages::ReadyEvent>(event)) return;
          ++readies;
          when_ready(*worker);
        },
        generous, std::move(stop));
    worker->wait_until(std::chrono::steady_clock::now() + time_after_last_word);
    return last;
  }
  static void go(ChildProcess& worker) { worker.write(std::string(messages::go_line) + "\n"); }

  bool renewed(const Event& last) const {
    if (const auto* failure = std::get_if<Failure>(&last))
      ADD_FAILURE() << info(failure->reason).id << ": " << failure->detail;
    const auto* result = std::get_if<RenewResult>(&last);
    return result != nullptr && !result->dry_run && bank.logins() == 1;
  }
  void expect_nothing_happened() const {
    EXPECT_EQ(bank.issued(), 0U);
    EXPECT_TRUE(renewal::Journal::open(paths::journal_file())->all_unfinished().empty());
  }
  void expect_that_a_renewal_works() {
    EXPECT_TRUE(renewed(run([](ChildProcess&) {}, {}, false)));
    EXPECT_EQ(readies, 0) << "nobody asked it to wait";
  }

  void interrupt_a_renewal() {
    bank.set("status", "503:busy");
    run([](ChildProcess&) {}, {}, false);
    bank.set("status", "0");
  }
  void delete_key(const renewal::Bytes& id) {
    const auto module = pkcs11::Module::load(SoftHsm::module());
    const auto session =
        pkcs11::Session::open(module, module->tokens().front().slot, pkcs11::Access::read_write);
    session->login(pkcs11::User::user, std::string_view(SoftHsm::default_pin));
    for (const auto& object : session->objects_with_id(id)) session->destroy(object);
  }
  static std::vector<renewal::Record> unfinished() {
    return renewal::Journal::open(paths::journal_file())->all_unfinished();
  }
  /// Until the bank has hung up: it ends its oldest connections when there are more than 64, and each that
  /// came before our first one, when that one.
  void push_out_connections() {
    const auto port = static_cast<std::uint16_t>(std::stoi(bank.url().substr(bank.url().rfind(':') + 1)));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const auto hung_up = [&] {
      pollfd first{sockets.front(), POLLIN, 0};
      return ::poll(&first, 1, sockets.size() < 64 ? 0 : 20) > 0;
    };
    do {
      ASSERT_LT(sockets.size(), 600U) << "the bank does not hang up";
      sockets.push_back(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
      ASSERT_EQ(::connect(sockets.back(), reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    } while (!hung_up());
  }

  TemporaryDirectory directory;
  SoftHsm hsm;
  TestBank bank;
  std::string settings;
  int readies = 0;
  std::vector<int> sockets;
};

TEST_F(GoAhead, IsWaitedForOnceAndThenTheRenewalIsDone) {
  EXPECT_TRUE(renewed(run([&](ChildProcess& worker) {
    expect_nothing_happened();
    go(worker);
  })));
  EXPECT_EQ(readies, 1);
  EXPECT_EQ(bank.requests("cacerts"), 1U) << "what was checked is not checked again";
}

TEST_F(GoAhead, WithoutItTheJobIsADryRun) {
  const Event last = run([](ChildProcess& worker) { worker.close_stdin(); });
  ASSERT_TRUE(std::holds_alternative<RenewResult>(last));
  EXPECT_TRUE(std::get<RenewResult>(last).dry_run);
  expect_nothing_happened();
  expect_that_a_renewal_works();
}

TEST_F(GoAhead, TheTokenStaysLoggedInForFifteenMinutesAtMost) {
  EXPECT_LE(messages::time_to_go, std::chrono::minutes{15});
  const ScopedEnvironment fast_clock(std::map<std::string, std::string>{{"LD_PRELOAD", KOSHIN_CLOCK_SHIM}});
  const Event last = run([](ChildProcess&) {});  // nobody says anything: without a limit this never ends
  const auto* result = std::get_if<RenewResult>(&last);
  ASSERT_NE(result, nullptr);
  EXPECT_TRUE(result->dry_run);
  expect_nothing_happened();
}

TEST_F(GoAhead, AStopEndsTheWaiting) {
  std::stop_source stop;
  const Event last = run([&](ChildProcess&) { stop.request_stop(); }, stop.get_token());
  ASSERT_TRUE(std::holds_alternative<RenewResult>(last));
  EXPECT_TRUE(std::get<RenewResult>(last).dry_run);
  expect_nothing_happened();
}

TEST_F(GoAhead, AKilledWorkerLeavesNothingBehind) {
  const Event last = run([](ChildProcess& worker) { worker.kill(); });
  ASSERT_TRUE(std::holds_alternative<Failure>(last));
  EXPECT_EQ(std::get<Failure>(last).reason, Reason::module_crashed);
  expect_nothing_happened();
  expect_that_a_renewal_works();
}

TEST_F(GoAhead, AnotherLineIsRefused) {
  for (const char* line : {"{}\n", "\n",
                           R"({"schema":1,"type":"go","job":"renew"})"
                           "\n",
                           R"({"schema":2,"type":"go"})"
                           "\n"}) {
    const Event last = run([&](ChildProcess& worker) { worker.write(std::string_view(line)); });
    ASSERT_TRUE(std::holds_alternative<Failure>(last)) << line;
    EXPECT_EQ(std::get<Failure>(last).reason, Reason::job_invalid) << line;
  }
  const Event last = run([](ChildProcess& worker) { worker.write(std::string(1000, 'x')); });
  ASSERT_TRUE(std::holds_alternative<Failure>(last));
  EXPECT_EQ(std::get<Failure>(last).reason, Reason::job_invalid);
  expect_nothing_happened();
}

TEST_F(GoAhead, TheTokenIsHeldMeanwhile) {
  EXPECT_TRUE(renewed(run([&](ChildProcess& worker) {
    const Event other = run([](ChildProcess&) {}, {}, false);
    ASSERT_TRUE(std::holds_alternative<Failure>(other));
    EXPECT_EQ(std::get<Failure>(other).reason, Reason::token_busy);
    go(worker);
  })));
}

TEST_F(GoAhead, AnAuthorityThatHungUpMeanwhileIsCalledAgain) {
  EXPECT_TRUE(renewed(run([&](ChildProcess& worker) {
    push_out_connections();
    go(worker);
  })));
}

TEST_F(GoAhead, ARequestIsBoundToTheConnectionThatIsThereAfterTheWait) {
  settings =
      write_settings(directory.path(), bank, "authority.channel_binding = \"on\"\nauthority.attempts = 1\n");
  EXPECT_TRUE(renewed(run([&](ChildProcess& worker) {
    push_out_connections();
    go(worker);
  })));
}

TEST_F(GoAhead, AnEarlierRenewalIsAsItWasUntilItIsToldTo) {
  interrupt_a_renewal();
  const auto before = unfinished();
  ASSERT_EQ(before.size(), 1U);

  run([](ChildProcess& worker) { worker.close_stdin(); });
  bank.set("drop_handshake", "always");
  run([](ChildProcess&) { ADD_FAILURE() << "ready without an authority"; });
  bank.set("drop_handshake", "0");
  const auto after = unfinished();
  ASSERT_EQ(after.size(), 1U);
  EXPECT_EQ(after.front().changed, before.front().changed);
  EXPECT_EQ(after.front().state, before.front().state);
  ASSERT_TRUE(after.front().last_failure);
  EXPECT_EQ(after.front().last_failure->detail, before.front().last_failure->detail);

  EXPECT_TRUE(renewed(run([](ChildProcess& worker) { go(worker); })));
}

TEST_F(GoAhead, AHopelessRenewalIsGivenUpOnlyThen) {
  interrupt_a_renewal();
  ASSERT_EQ(unfinished().size(), 1U);
  const auto number = unfinished().front().number;
  delete_key(unfinished().front().key_id);
  run([](ChildProcess& worker) { worker.close_stdin(); });
  ASSERT_EQ(unfinished().size(), 1U);
  EXPECT_EQ(unfinished().front().number, number);
  EXPECT_TRUE(renewed(run([](ChildProcess& worker) { go(worker); })));
  const auto history = renewal::Journal::open(paths::journal_file())->history(2);
  ASSERT_EQ(history.size(), 2U);
  EXPECT_EQ(history.back().state, renewal::State::abandoned);
}

}  // namespace
}  // namespace koshin::test
