// SPDX-License-Identifier: MIT
// Which addresses are links of koshin, what is left of them, and how often one is followed.
#include "ui-bridge/wizard/link.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <thread>

#include "foundation/system/paths.hpp"
#include "support/environment.hpp"
#include "support/temporary_directory.hpp"
#include "ui-bridge/desk/link_pause.hpp"
#include "ui-bridge/desk/primary_instance.hpp"

namespace koshin::ui {
namespace {

using namespace std::chrono_literals;

TEST(Link, TheThreeDoorsAreKnownInCapitalsTooAndWithABrowsersSlash) {
  for (const Link link : {Link::open, Link::renew, Link::reissue}) {
    const std::string address = address_of(link);
    EXPECT_EQ(read_link(address).link, link) << address;
    EXPECT_EQ(read_link(address + "/").link, link);
    EXPECT_FALSE(read_link(address + "/").more_ignored);
  }
  EXPECT_EQ(read_link("KOSHIN://Renew").link, Link::renew);
}

TEST(Link, WhateverFollowsTheWordIsIgnoredAndToldApart) {
  for (const char* address :
       {"koshin://renew?token=pkcs11:serial=1", "koshin://renew#code=ABCD-1234", "koshin://renew/--settings",
        "koshin://renew//evil.test/", "koshin://renew?\n--bank", "koshin://renew/%00"}) {
    EXPECT_EQ(read_link(address).link, Link::renew) << address;
    EXPECT_TRUE(read_link(address).more_ignored) << address;
  }
}

TEST(Link, AnythingElseOpensNothing) {
  for (const char* address : {"", "koshin", "koshin:", "koshin://", "koshin:///", "koshin:renew",
                              "koshin:/renew", "koshin://renewal", "koshin://renew:80", "koshin://me@renew",
                              "koshin://renew.", "koshin://re%6Eew", " koshin://renew", "koshin://renew ",
                              "koshin://renew\n", "https://renew", "--settings=/tmp/x", "koshin://prune"})
    EXPECT_FALSE(read_link(address).link) << address;
  EXPECT_FALSE(read_link("koshin://renew?" + std::string(5000, 'x')).link);
}

class LinkTest : public testing::Test {
 protected:
  LinkTest() { test::isolate_user(directory_.path()); }
  test::TemporaryDirectory directory_;
};

TEST_F(LinkTest, ASecondLinkWithinFiveSecondsIsNotFollowed) {
  namespace fs = std::filesystem;
  const fs::path last = paths::runtime_directory() / "links.last";
  EXPECT_TRUE(admit_link());
  EXPECT_FALSE(admit_link());
  fs::last_write_time(last, fs::file_time_type::clock::now() - 6s);
  EXPECT_TRUE(admit_link());
  fs::last_write_time(last, fs::file_time_type::clock::now() + 1h);  // the clock was set back
  EXPECT_TRUE(admit_link());
  EXPECT_FALSE(admit_link());
}

/// A primary instance that runs in a thread of its own, as a process would.
class Primary {
 public:
  explicit Primary(PrimaryInstance::Activated activated)
      : instance_(PrimaryInstance::become(context_, std::move(activated))),
        thread_([this] { context_.run(); }) {}
  ~Primary() {
    context_.stop();
    thread_.join();
  }
  Primary(const Primary&) = delete;
  Primary& operator=(const Primary&) = delete;
  bool is_there() const { return instance_ != nullptr; }

 private:
  boost::asio::io_context context_;
  std::unique_ptr<PrimaryInstance> instance_;
  std::thread thread_;
};

TEST_F(LinkTest, OneInstanceAnswersLinksAndItsEndLeavesRoomForTheNext) {
  EXPECT_FALSE(activate_primary_instance(Link::renew));
  {
    std::optional<Link> came;
    const Primary primary([&](Link link) {
      came = link;
      return PageAddress{"file:///run/page.html", "http://127.0.0.1:1/#c"};
    });
    ASSERT_TRUE(primary.is_there());
    boost::asio::io_context other;
    EXPECT_EQ(PrimaryInstance::become(other, [](Link) { return PageAddress{}; }), nullptr);
    const auto page = activate_primary_instance(Link::reissue);
    ASSERT_TRUE(page);
    EXPECT_EQ(page->file, "file:///run/page.html");
    EXPECT_EQ(page->url, "http://127.0.0.1:1/#c");
    EXPECT_EQ(came, Link::reissue);
  }
  EXPECT_FALSE(activate_primary_instance(Link::renew));
  EXPECT_TRUE(Primary([](Link) { return PageAddress{}; }).is_there());
}

TEST_F(LinkTest, WhatAKilledInstanceHasLeftIsInNobodysWay) {
  std::ofstream(paths::runtime_directory() / "links") << "no socket";
  EXPECT_FALSE(activate_primary_instance(Link::renew));
  EXPECT_TRUE(Primary([](Link) { return PageAddress{}; }).is_there());
}

TEST_F(LinkTest, AFolderWithALongNameHasRoomForTheSocket) {
  test::TemporaryDirectory other;
  const auto deep = other.path() / std::string(120, 'a');
  std::filesystem::create_directories(deep);
  std::filesystem::permissions(deep, std::filesystem::perms::owner_all);
  test::isolate_user(deep);
  const Primary primary([](Link) { return PageAddress{"", "http://127.0.0.1:1/"}; });
  ASSERT_TRUE(primary.is_there());
  EXPECT_TRUE(activate_primary_instance(Link::open));
}

TEST_F(LinkTest, WhereNothingCanBeBoundThePageWorksWithoutLinks) {
  std::filesystem::create_directories(paths::runtime_directory() / "links" / "full");
  EXPECT_FALSE(Primary([](Link) { return PageAddress{}; }).is_there());
}

/// Whichever of its files it is that cannot be opened.
TEST_F(LinkTest, WithoutRoomForMoreFilesThePageWorksWithoutLinks) {
#ifdef KOSHIN_ADDRESS_SANITIZER
  GTEST_SKIP() << "SKIPPED: the sanitizers' own checks need room for files";
#endif
  boost::asio::io_context context;
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &before), 0);
  const int next = dup(STDIN_FILENO);
  ASSERT_GE(next, 0);
  close(next);
  bool there = false;
  for (int room = 0; room < 16 && !there; ++room) {
    rlimit tight = before;
    tight.rlim_cur = static_cast<rlim_t>(next + room);
    ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &tight), 0);
    EXPECT_NO_THROW(there = PrimaryInstance::become(context, [](Link) { return PageAddress{}; }) != nullptr)
        << room;
    ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &before), 0);
  }
  EXPECT_TRUE(there);
}

TEST_F(LinkTest, AnInstanceThatHangsIsGivenUpAfterTwoSeconds) {
  boost::asio::io_context never_run;
  const auto instance = PrimaryInstance::become(never_run, [](Link) { return PageAddress{}; });
  ASSERT_NE(instance, nullptr);
  EXPECT_FALSE(activate_primary_instance(Link::renew));
}

}  // namespace
}  // namespace koshin::ui
