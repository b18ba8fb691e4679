// SPDX-License-Identifier: MIT
// The readers by WinSCard: cards that come and go, and a service that stops and starts. The winscard.dll is
// the tests' own.
#include <windows.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <future>

#include "card_service/pcsc_error.hpp"
#include "resident/reader_service.hpp"
#include "support/environment.hpp"
#include "support/temporary_directory.hpp"

namespace koshin::resident {
namespace {

using namespace std::chrono_literals;
using Told = std::optional<ReaderService::Snapshot>;

constexpr auto soon = 5s;

class ReaderServiceTest : public testing::Test {
 protected:
  ReaderServiceTest() : surroundings_({{"KOSHIN_FAKE_READERS", file().string()}}) {}
  ~ReaderServiceTest() override {
    while (next_.valid() && next_.wait_for(10ms) != std::future_status::ready) service_->cancel();
  }

  std::filesystem::path file() const { return folder_.path() / "readers"; }
  /// Whole at once: the other side may look at any time.
  void set(const std::string& text) const {
    const auto fresh = folder_.path() / "readers.new";
    std::ofstream(fresh) << text;
    for (int tries = 0; tries < 200; ++tries) {
      if (MoveFileExW(fresh.c_str(), file().c_str(), MOVEFILE_REPLACE_EXISTING) != FALSE) return;
      Sleep(5);  // the other side is looking at this moment
    }
    FAIL() << "the readers cannot be changed";
  }
  void ask() {
    next_ = std::async(std::launch::async, [this] { return service_->wait(); });
  }
  bool is_told_within(std::chrono::milliseconds time) const {
    return next_.wait_for(time) == std::future_status::ready;
  }
  ReaderService::Snapshot told() {
    if (!next_.valid()) ask();
    if (!is_told_within(soon)) throw std::runtime_error("nothing was told");
    return next_.get().value();
  }

  test::TemporaryDirectory folder_;
  test::ScopedEnvironment surroundings_;
  std::unique_ptr<ReaderService> service_ = open_reader_service();
  std::future<Told> next_;
};

TEST_F(ReaderServiceTest, TellsOfACardThatComesAndGoes) {
  set("service 1\nreader empty 0 Fake Reader 0\n");
  ReaderService::Snapshot snapshot = told();
  ASSERT_EQ(snapshot.readers.size(), 1U);
  EXPECT_EQ(snapshot.readers[0].name, "Fake Reader 0");
  EXPECT_FALSE(snapshot.readers[0].card);
  EXPECT_FALSE(snapshot.restarted);
  ask();
  EXPECT_FALSE(is_told_within(200ms));
  set("service 1\nreader card 1 Fake Reader 0\n");
  snapshot = told();
  EXPECT_TRUE(snapshot.readers[0].card);
  EXPECT_EQ(snapshot.readers[0].atr, "3b808001");
  EXPECT_EQ(snapshot.readers[0].events, 1U);
  set("service 1\nreader empty 2 Fake Reader 0\n");
  EXPECT_FALSE(told().readers[0].card);
}

TEST_F(ReaderServiceTest, TellsOfReadersThatComeAndGo) {
  set("service 1\n");
  EXPECT_TRUE(told().readers.empty());
  ask();
  set("service 1\nreader card 1 Fake Reader 0\n");
  EXPECT_EQ(told().readers.size(), 1U);
  ask();
  set("service 1\n");
  EXPECT_TRUE(told().readers.empty());
}

TEST_F(ReaderServiceTest, SaysWhenACardIsHeldOrDead) {
  set("service 1\nreader held 1 Fake Reader 0\nreader mute 1 Fake Reader 1\n");
  const ReaderService::Snapshot snapshot = told();
  ASSERT_EQ(snapshot.readers.size(), 2U);
  EXPECT_TRUE(snapshot.readers[0].card);
  EXPECT_TRUE(snapshot.readers[0].exclusive);
  EXPECT_FALSE(snapshot.readers[1].card);
  EXPECT_TRUE(snapshot.readers[1].mute);
}

TEST_F(ReaderServiceTest, WaitsForAServiceThatIsNotThere) {
  set("service 0\n");
  ask();
  EXPECT_FALSE(is_told_within(300ms));
  set("service 1\nreader card 1 Fake Reader 0\n");
  const ReaderService::Snapshot snapshot = told();
  EXPECT_TRUE(snapshot.readers.at(0).card);
  EXPECT_FALSE(snapshot.restarted);
}

TEST_F(ReaderServiceTest, SaysThatTheServiceWasAway) {
  set("service 1\nreader card 1 Fake Reader 0\n");
  told();
  ask();
  set("service 0\n");
  EXPECT_FALSE(is_told_within(300ms));
  set("service 2\nreader card 0 Fake Reader 0\n");
  const ReaderService::Snapshot snapshot = told();
  EXPECT_TRUE(snapshot.restarted);
  EXPECT_TRUE(snapshot.readers.at(0).card);
}

TEST_F(ReaderServiceTest, IsCancelledWhileItWaitsForACardOrForTheService) {
  for (const char* const world : {"service 1\nreader empty 0 Fake Reader 0\n", "service 0\n"}) {
    set(world);
    service_ = open_reader_service();
    if (world[8] == '1') told();
    ask();
    EXPECT_FALSE(is_told_within(100ms));
    for (int i = 0; i < 100 && !is_told_within(20ms); ++i) service_->cancel();
    ASSERT_TRUE(is_told_within(0ms)) << world;
    EXPECT_FALSE(next_.get().has_value());
  }
}

TEST(PcscWords, NameTheCodesOfWindowsAndShowOthers) {
  EXPECT_EQ(pcsc::pcsc_words(0x8010001E), "Service was stopped.");
  EXPECT_EQ(pcsc::pcsc_words(0x80100069), "Card was removed.");
  EXPECT_EQ(pcsc::pcsc_words(0x80109999), "Unknown error: 0x80109999");
}

}  // namespace
}  // namespace koshin::resident
