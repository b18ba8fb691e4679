// SPDX-License-Identifier: MIT
// What goes to syslog, and when.
#include <gmock/gmock.h>
#include <syslog.h>

#include <array>
#include <cstdarg>
#include <cstdio>
#include <string>
#include <vector>

#include "foundation/log/log_sink.hpp"
#include "foundation/system/standard_streams.hpp"
#include "log_fixture.hpp"

namespace {

// What would have gone to syslog.
struct Sent {
  int priority;
  std::string line;
};
std::vector<Sent> sent;

__attribute__((format(printf, 2, 0))) void keep(int priority, const char* format, va_list values) {
  std::array<char, 8192> line{};
  (void)std::vsnprintf(line.data(), line.size(), format, values);
  sent.push_back({priority, line.data()});
}

}  // namespace

extern "C" __attribute__((format(printf, 2, 3))) void __wrap_syslog(int priority, const char* format, ...);
extern "C" void __wrap_syslog(int priority, const char* format, ...) {
  va_list values;
  va_start(values, format);
  keep(priority, format, values);
  va_end(values);
}

// What glibc's header makes of it in an optimised build.
extern "C" __attribute__((format(printf, 3, 4))) void __wrap___syslog_chk(int priority, int flag,
                                                                          const char* format, ...);
extern "C" void __wrap___syslog_chk(int priority, int /*flag*/, const char* format, ...) {
  va_list values;
  va_start(values, format);
  keep(priority, format, values);
  va_end(values);
}

namespace koshin {
namespace {

/// With standard error as before afterwards.
class SyslogTest : public LogTest {
 protected:
  SyslogTest() { sent.clear(); }
  ~SyslogTest() override { lead_to(before_.get(), StandardStream::error); }
  SyslogTest(const SyslogTest&) = delete;
  SyslogTest& operator=(const SyslogTest&) = delete;

 private:
  Handle before_ = keep_own(StandardStream::error);
};

TEST_F(SyslogTest, HasWhatWouldLeadNowhere) {
  lead_nowhere(StandardStream::error);
  log::error(log::Event::token_inserted, "a 100%s token\nand more", {{"KOSHIN_TOKEN", "ab \"c\""}});
  ASSERT_EQ(sent.size(), 1U);
  EXPECT_EQ(sent.front().priority, LOG_USER | LOG_ERR);
  EXPECT_THAT(sent.front().line, testing::StartsWith("koshin-test: a 100%s token and more "));
  EXPECT_THAT(sent.front().line, testing::HasSubstr(" KOSHIN_EVENT=\"token_inserted\""));
  EXPECT_THAT(sent.front().line, testing::HasSubstr(" KOSHIN_TOKEN=\"ab \\\"c\\\"\""));
}

TEST_F(SyslogTest, HasNothingThatGoesToStandardError) {
  EXPECT_THAT(stderr_of([] { log::info(log::Event::none, "to stderr"); }), testing::HasSubstr("to stderr"));
  EXPECT_TRUE(sent.empty());
}

}  // namespace
}  // namespace koshin
