// SPDX-License-Identifier: MIT
// What koshin-ui asks Windows for beside the page: links to the page that is open, the file that leads to it,
// the session's end.
#include <winsock2.h>
// After winsock2.h, which it would bring in an older version.
#include <windows.h>

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <fstream>
#include <future>
#include <set>
#include <thread>

#include "foundation/system/random.hpp"
#include "foundation/system/session_end.hpp"
#include "support/environment.hpp"
#include "support/temporary_directory.hpp"
#include "ui-bridge/desk/primary_instance.hpp"
#include "ui-bridge/page/kept_file.hpp"
#include "ui-bridge/server/session_proof.hpp"

namespace koshin::ui {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

/// The page that is open, in a loop of its own.
class OpenPage {
 public:
  explicit OpenPage(PageAddress page) {
    primary_ = PrimaryInstance::become(context_, [this, page](Link link) {
      links_.push_back(link);
      return page;
    });
    thread_ = std::thread([this] {
      const auto work = boost::asio::make_work_guard(context_);
      context_.run();
    });
  }
  ~OpenPage() {
    context_.stop();
    thread_.join();
  }
  bool is_primary() const { return primary_ != nullptr; }
  const std::vector<Link>& links() const { return links_; }

 private:
  boost::asio::io_context context_;
  std::unique_ptr<PrimaryInstance> primary_;
  std::vector<Link> links_;
  std::thread thread_;
};

class PrimaryInstanceTest : public testing::Test {
 private:
  test::TemporaryDirectory folder_;
  test::ScopedEnvironment surroundings_{{{"XDG_STATE_HOME", folder_.path().string()}}};
};

const PageAddress address{"file:///C:/page.html", "http://127.0.0.1:4711/#capability"};

TEST_F(PrimaryInstanceTest, TakesOneLinkAfterTheOtherAndGivesThePagesAddress) {
  const OpenPage page(address);
  ASSERT_TRUE(page.is_primary());
  for (const Link link : {Link::renew, Link::reissue, Link::open}) {
    const auto answer = activate_primary_instance(link);
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->file, address.file);
    EXPECT_EQ(answer->url, address.url);
  }
  EXPECT_EQ(page.links(), (std::vector<Link>{Link::renew, Link::reissue, Link::open}));
}

TEST_F(PrimaryInstanceTest, IsOneAndMakesRoomWhenItEnds) {
  {
    const OpenPage page(address);
    ASSERT_TRUE(page.is_primary());
    EXPECT_FALSE(OpenPage(address).is_primary());
    EXPECT_TRUE(activate_primary_instance(Link::open));
  }
  EXPECT_FALSE(activate_primary_instance(Link::open));
  EXPECT_TRUE(OpenPage(address).is_primary());
}

TEST_F(PrimaryInstanceTest, IsNotHeldUpByVisitorsWhoSayNothing) {
  const OpenPage page(address);
  std::vector<HANDLE> silent;
  WIN32_FIND_DATAW found{};
  const HANDLE search = FindFirstFileW(L"\\\\.\\pipe\\*", &found);
  std::wstring name;
  do {
    if (std::wstring_view(found.cFileName).starts_with(L"koshin-links-")) name = found.cFileName;
  } while (name.empty() && FindNextFileW(search, &found) != FALSE);
  FindClose(search);
  if (name.empty()) GTEST_SKIP() << "this system lists no pipes";
  for (int i = 0; i < 3; ++i) {
    silent.push_back(CreateFileW((L"\\\\.\\pipe\\" + name).c_str(), GENERIC_READ | GENERIC_WRITE, 0, nullptr,
                                 OPEN_EXISTING, 0, nullptr));
    std::this_thread::sleep_for(50ms);
  }
  EXPECT_TRUE(activate_primary_instance(Link::open));
  for (const HANDLE handle : silent) CloseHandle(handle);
}

TEST(KeptFile, IsReadByBrowsersAndRemovedByNobodyElseWhileItsProgramRuns) {
  const test::TemporaryDirectory folder;
  const fs::path path = folder.path() / "page-a.html";
  auto file = KeptFile::make(path, "whole");
  ASSERT_TRUE(file);
  // As a browser opens what it shows: it lets others write and read, and remove nothing.
  const HANDLE browser = CreateFileW(path.c_str(), GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE, nullptr,
                                     OPEN_EXISTING, 0, nullptr);
  ASSERT_NE(browser, INVALID_HANDLE_VALUE);
  char text[8]{};
  DWORD size = 0;
  EXPECT_TRUE(ReadFile(browser, text, sizeof text, &size, nullptr));
  EXPECT_EQ(std::string(text, size), "whole");
  CloseHandle(browser);
  KeptFile::remove_if_left(path);
  EXPECT_TRUE(fs::exists(path));
  file.reset();
  EXPECT_FALSE(fs::exists(path));
}

TEST(KeptFile, ThatWasLeftBehindIsRemoved) {
  const test::TemporaryDirectory folder;
  const fs::path path = folder.path() / "page-b.html";
  std::ofstream(path) << "killed";
  KeptFile::remove_if_left(path);
  EXPECT_FALSE(fs::exists(path));
}

TEST(SessionEnd, IsToldAndTheSystemWaitsUntilTheProgramHasEnded) {
  std::promise<void> told;
  auto watch = SessionEnd::watch([&] { told.set_value(); });
  const HWND window = FindWindowW(L"koshin-session", nullptr);
  if (window == nullptr) GTEST_SKIP() << "there are no windows here";
  DWORD_PTR result = 0;
  EXPECT_NE(SendMessageTimeoutW(window, WM_QUERYENDSESSION, 0, 0, SMTO_NORMAL, 2000, &result), 0);
  EXPECT_NE(result, 0U) << "koshin keeps nobody from logging off";
  auto system = std::async(std::launch::async, [&] {
    SendMessageTimeoutW(window, WM_ENDSESSION, TRUE, 0, SMTO_NORMAL, 6000, &result);
  });
  EXPECT_EQ(told.get_future().wait_for(2s), std::future_status::ready);
  EXPECT_EQ(system.wait_for(300ms), std::future_status::timeout);
  watch.reset();
  EXPECT_EQ(system.wait_for(2s), std::future_status::ready);
}

TEST(Random, SecretsAreLongAndNeverTheSame) {
  std::set<std::string> secrets;
  for (int i = 0; i < 1000; ++i) secrets.insert(random_secret());
  EXPECT_EQ(secrets.size(), 1000U);
  EXPECT_EQ(secrets.begin()->size(), 43U);
}

TEST(SessionProof, IsTheHmacThatThePageExpects) {
  // openssl mac -digest SHA256 -macopt key:the-key HMAC, over "koshin-ui a-nonce-of-the-page".
  EXPECT_EQ(session_proof("the-key", "a-nonce-of-the-page"),
            "5bace323a333acae2e28836600669acd0b39b308afca2675667cfb73645fcea7");
}

}  // namespace
}  // namespace koshin::ui
