// SPDX-License-Identifier: MIT
// What goes to the systemd journal, and when.
#include <gmock/gmock.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <string>
#include <vector>

#include "foundation/log/log_events.hpp"
#include "log_fixture.hpp"

namespace {

// What would have gone to the journal.
std::vector<std::string> sent;

}  // namespace

extern "C" int __wrap_sd_journal_sendv(const iovec* fields, int count);
extern "C" int __wrap_sd_journal_sendv(const iovec* fields, int count) {
  sent.clear();
  for (int i = 0; i < count; ++i)
    sent.emplace_back(static_cast<const char*>(fields[i].iov_base), fields[i].iov_len);
  return 0;
}

namespace koshin {
namespace {

using testing::Contains;
using testing::HasSubstr;

class JournalTest : public LogTest {
 protected:
  JournalTest() { sent.clear(); }

  /// As systemd does for a service whose stderr it connects to the journal.
  static void connect_stderr_to_journal() {
    struct stat status {};
    ASSERT_EQ(fstat(STDERR_FILENO, &status), 0);
    setenv("JOURNAL_STREAM", (std::to_string(status.st_dev) + ':' + std::to_string(status.st_ino)).c_str(),
           1);
  }
};

TEST_F(JournalTest, GoesToTheJournalWithFieldsAndMessageId) {
  connect_stderr_to_journal();
  log::info(log::Event::token_inserted, "a token", {{"KOSHIN_TOKEN", "abc"}});
  EXPECT_THAT(sent, Contains("MESSAGE=a token"));
  EXPECT_THAT(sent, Contains("PRIORITY=6"));
  EXPECT_THAT(sent, Contains("SYSLOG_IDENTIFIER=koshin-test"));
  EXPECT_THAT(sent, Contains("KOSHIN_TOKEN=abc"));
  EXPECT_THAT(sent, Contains("KOSHIN_EVENT=token_inserted"));
  EXPECT_THAT(sent, Contains("MESSAGE_ID=" + std::string(log::message_id(log::Event::token_inserted))));
}

TEST_F(JournalTest, DoesNotBelieveAnInheritedJournalStreamOfAnotherDescriptor) {
  setenv("JOURNAL_STREAM", "1:1", 1);
  EXPECT_THAT(stderr_of([] { log::error(log::Event::none, "to stderr"); }), HasSubstr("to stderr"));
  EXPECT_TRUE(sent.empty());
}

TEST_F(JournalTest, MakesForeignTextHarmless) {
  connect_stderr_to_journal();
  log::info(log::Event::none, "one\nMESSAGE=two", {{"KOSHIN_TOKEN", "\x1b[2J\nPRIORITY=0"}});
  EXPECT_THAT(sent, Contains("MESSAGE=one MESSAGE=two"));
  EXPECT_THAT(sent, Contains("KOSHIN_TOKEN=\uFFFD[2J PRIORITY=0"));
  log::info(log::Event::none, std::string(100000, 'x'), {{"KOSHIN_TOKEN", std::string(100000, 'y')}});
  for (const std::string& field : sent) EXPECT_LT(field.size(), 3000U);
}

}  // namespace
}  // namespace koshin
