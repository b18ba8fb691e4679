// SPDX-License-Identifier: MIT
// How the card watch waits for pcscd: by a socket where pcscd would have its own.
#include "resident/service_presence.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <cstring>
#include <future>
#include <thread>

#include "foundation/system/pipe.hpp"
#include "support/environment.hpp"
#include "support/temporary_directory.hpp"

namespace koshin::resident {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds, std::chrono::seconds;

class ServicePresenceTest : public testing::Test {
 protected:
  void start_service() {
    std::filesystem::create_directories(path_.parent_path());
    std::filesystem::remove(path_);
    listening_ = Handle(socket(AF_UNIX, SOCK_STREAM, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, path_.c_str(), sizeof address.sun_path - 1);
    ASSERT_EQ(bind(listening_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  }
  bool wait_for_service(milliseconds pause) { return presence_->wait_for_service(Clock::now() + pause); }
  /// Whether the service is tried without the pause of `waiting`. One that was started before its thread has
  /// looked for the first time, on a machine that is busy, is one that was there: it is started anew.
  bool tried_once_started(std::future<bool> waiting) {
    constexpr int starts = 3;
    for (int i = 0; i < starts; ++i) {
      start_service();
      if (waiting.wait_for(seconds{15}) == std::future_status::ready) return waiting.get();
    }
    wake_.set_off();
    return waiting.get();
  }
  std::future<bool> waiting(milliseconds pause) {
    auto result = std::async(std::launch::async, [this, pause] { return wait_for_service(pause); });
    EXPECT_EQ(result.wait_for(milliseconds{300}), std::future_status::timeout);
    return result;
  }

  test::TemporaryDirectory directory_;
  std::filesystem::path path_ = directory_.path() / "pcscd/pcscd.comm";
  test::ScopedEnvironment place_{{{"PCSCLITE_CSOCK_NAME", path_.string()}}};
  WakeUp wake_;
  std::unique_ptr<ServicePresence> presence_ = ServicePresence::watch(wake_.handle());
  Handle listening_;
};

TEST_F(ServicePresenceTest, AServiceThatIsThereIsTriedAfterThePause) {
  start_service();
  const auto begin = Clock::now();
  EXPECT_TRUE(wait_for_service(milliseconds{400}));
  EXPECT_GE(Clock::now() - begin, milliseconds{400});
  EXPECT_TRUE(wait_for_service(milliseconds{-100}));
}

TEST_F(ServicePresenceTest, AWaitEndsWhenWoken) {
  auto without = waiting(seconds{600});
  wake_.set_off();
  EXPECT_FALSE(without.get());
  wake_.clear();
  start_service();
  auto with = waiting(seconds{600});
  wake_.set_off();
  EXPECT_FALSE(with.get());
}

TEST_F(ServicePresenceTest, AServiceThatAppearsIsTriedWithoutThePause) {
  EXPECT_TRUE(tried_once_started(waiting(seconds{600})));
}

TEST_F(ServicePresenceTest, AServiceThatIsStartedAnewIsTriedWithoutThePause) {
  start_service();
  EXPECT_TRUE(tried_once_started(waiting(seconds{600})));
}

TEST_F(ServicePresenceTest, AServiceThatIsNotThereIsWaitedForLongerThanThePause) {
  auto result = waiting(milliseconds{1});
  wake_.set_off();
  EXPECT_FALSE(result.get());
}

}  // namespace
}  // namespace koshin::resident
