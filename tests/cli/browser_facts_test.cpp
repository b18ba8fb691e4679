// SPDX-License-Identifier: MIT
// What koshin renew says of the browsers where the system keeps certificates for them, with a store of the
// test's.
#include "cli/browser_facts.hpp"

#include <gmock/gmock.h>

#include <future>
#include <memory>
#include <stdexcept>

namespace koshin::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

StoredCertificate stored(std::string sha256, bool has_key, TimePoint not_after) {
  StoredCertificate one;
  one.sha256 = std::move(sha256);
  one.serial = "0A0B";
  one.subject = one.issuer = {0x30, 0x00};
  one.not_after = not_after;
  one.has_key = has_key;
  return one;
}

class BrowserFactsTest : public testing::Test {
 protected:
  BrowserFactsTest() {
    result_.new_certificate.sha256 = "new";
    result_.new_certificate.serial = "668D7110FF7365F2";
    result_.old_certificate.sha256 = "old";
    result_.old_certificate.serial = "5D188043C4F00FD9";
    result_.old_certificate.not_after = result_.new_certificate.not_after = later_;
    result_.token.certificates = {result_.old_certificate, result_.new_certificate};
    reading_.there = true;
    reading_.read = [this] { return looks_ < stores_.size() ? stores_[looks_++] : stores_.back(); };
    reading_.longest = reading_.between_looks = std::chrono::milliseconds{20};
  }
  std::optional<BrowserFacts> facts() { return facts_for_browsers(session_, result_, reading_); }
  std::string words() {
    const auto found = facts();
    testing::internal::CaptureStdout();
    if (found) print_browser_facts(console_, {*found});
    return testing::internal::GetCapturedStdout();
  }

  const TimePoint later_ = current_time() + std::chrono::days{300},
                  past_ = current_time() - std::chrono::days{1};
  Arguments arguments_;
  Console console_{arguments_, false, true};
  Interrupt interrupt_;
  Workers workers_;
  Session session_{arguments_, console_, interrupt_, workers_, {}, {}, current_time()};
  messages::RenewResult result_;
  StoreReading reading_;
  std::vector<std::vector<StoredCertificate>> stores_{{}};
  std::size_t looks_ = 0;
};

TEST_F(BrowserFactsTest, WithoutAStoreTheChoiceAloneIsTold) {
  reading_.there = false;
  EXPECT_THAT(words(), HasSubstr("whose serial number begins with 668D7110 (valid until "));
  EXPECT_THAT(words(), Not(HasSubstr("Windows")));
  result_.token.certificates = {result_.new_certificate};
  EXPECT_THAT(words(), Not(HasSubstr("668D7110"))) << "the old one is gone: there is nothing to choose";
}

TEST_F(BrowserFactsTest, ACertificateThatAppearsInTheStoreIsWaitedFor) {
  reading_.longest = std::chrono::seconds{30};
  stores_ = {{}, {stored("new", false, later_)}, {stored("new", true, later_)}};
  EXPECT_THAT(words(), HasSubstr("Edge and Chrome can offer it."));
  EXPECT_EQ(looks_, 3U);
}

TEST_F(BrowserFactsTest, OneThatDoesNotAppearIsToldWithWhatHelps) {
  EXPECT_THAT(words(), HasSubstr("does not have the new certificate in your Personal store yet"));
  looks_ = 0;
  stores_ = {{stored("new", false, later_), stored("twin", true, past_)}};
  EXPECT_THAT(words(), testing::AllOf(HasSubstr("but without its key"), HasSubstr("(serial number 0A0B, ")));
}

TEST_F(BrowserFactsTest, AStoreThatCannotBeReadOrHangsIsNotSpokenOf) {
  reading_.read = []() -> std::vector<StoredCertificate> { throw std::runtime_error("no such store"); };
  EXPECT_FALSE(facts()->store);
  reading_.reading_hangs = std::chrono::milliseconds{10};
  auto let_go = std::make_shared<std::promise<void>>();
  reading_.read = [hanging = let_go->get_future().share()] {
    hanging.wait();
    return std::vector<StoredCertificate>{};
  };
  EXPECT_FALSE(facts()->store);
  let_go->set_value();
}

TEST_F(BrowserFactsTest, NothingIsAskedForACertificateThatDoesNotLogIn) {
  result_.new_certificate.purpose = messages::Purpose::signature;
  EXPECT_FALSE(facts());
  result_.new_certificate.purpose = messages::Purpose::log_in;
  result_.dry_run = true;
  EXPECT_FALSE(facts());
  EXPECT_EQ(looks_, 0U);
}

}  // namespace
}  // namespace koshin::cli
