// SPDX-License-Identifier: MIT
// koshin-desk-check with a real pcscd and virtual readers.
#include <gmock/gmock.h>

#include <chrono>
#include <map>
#include <thread>

#include "foundation/jobs/messages.hpp"
#include "foundation/system/child_process.hpp"
#include "resident/pcsc_connection.hpp"
#include "resident/pcsc_daemon.hpp"
#include "support/temporary_directory.hpp"

namespace koshin::test {
namespace {

/// Findings by subject, of a reader by its name.
std::map<std::string, std::string> examine() {
  const auto child = ChildProcess::start(KOSHIN_DESK_CHECK, {});
  child->close_stdin();
  std::map<std::string, std::string> findings;
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds{60};
  for (std::string line; child->read_line(line, until) == ChildProcess::Read::line;) {
    const auto event = messages::parse_event(line);
    for (const auto& check : std::get<messages::DoctorResult>(event).checks)
      findings[check.id == "reader" ? check.subject : check.id] = check.finding;
  }
  return findings;
}

TEST(DeskCheckOfReaders, SeesWhichReaderHasAToken) {
  if (const auto why = PcscDaemon::missing(); !why.empty()) GTEST_SKIP() << why;
  const TemporaryDirectory directory;
  PcscDaemon daemon(directory.path());
  daemon.start();
  auto findings = examine();
  EXPECT_EQ(findings["card_service"], "card_service_answers");
  EXPECT_EQ(findings["Virtual PCD 00 00"], "reader_empty");
  EXPECT_FALSE(findings.contains("readers"));
  VirtualCard card(daemon, 1);
  card.plug();
  for (int i = 0; i < 600 && daemon.insertions() == 0; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds{100});
  findings = examine();
  EXPECT_EQ(findings["Virtual PCD 00 00"], "reader_empty");
  EXPECT_EQ(findings["Virtual PCD 00 01"], "reader_with_card");
  const PcscConnection other("Virtual PCD 00 01");
  other.wait_for_power();
  const auto held = other.hold();
  EXPECT_EQ(examine()["Virtual PCD 00 01"], "reader_held");
  other.let_go(held);
  EXPECT_EQ(examine()["Virtual PCD 00 01"], "reader_with_card");
  daemon.kill();
  EXPECT_EQ(examine()["card_service"], "card_service_stopped");
}

}  // namespace
}  // namespace koshin::test
