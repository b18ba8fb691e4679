// SPDX-License-Identifier: MIT
// Clocks that are ahead, or were: what is decided because of a date is decided by the authority's.
#include <utility>

#include "foundation/base/clock.hpp"
#include "pkcs11/session.hpp"
#include "renewal/policy/record.hpp"
#include "renewal_fixture.hpp"

namespace koshin::test {
namespace {

using messages::DoctorResult;
using messages::JobKind;
using renewal::State;
using std::chrono::hours;
using ::testing::HasSubstr;

constexpr hours days_20{24 * 20};

class Clocks : public RenewalTest {
 protected:
  Bytes provision_from_next_week() {
    const auto module = pkcs11::Module::load(SoftHsm::module());
    const auto session = pkcs11::Session::open(module, slot_of("demo"), pkcs11::Access::read_write);
    session->login(pkcs11::User::user, hsm.pin("demo"));
    const Bytes id{0x21};
    const auto pair = session->generate_key_pair(pkcs11::KeyAlgorithm::ec_p256, id, "next week");
    auto der = bank.issue(pair.public_key.public_key, default_user, 370, -5);
    session->write_certificate(der, id, "next week");
    session->logout();
    return der;
  }
  DoctorResult::Check row_of(std::string_view id) {
    const Ending ending = run(JobKind::doctor);
    for (const auto& one : ending.as<DoctorResult>().checks) {
      if (one.id == id) return one;
    }
    throw std::runtime_error("no row");
  }
  DoctorResult::Check certificate_row() { return row_of("certificate"); }
  DoctorResult::Check clock_row() { return row_of("clock"); }
  Ending without_pin() {
    const std::string known = std::exchange(pin, "");
    Ending ending = renew();
    pin = known;
    return ending;
  }
};

TEST_F(Clocks, NobodyIsSentToAReissueByAClockThatIsAhead) {
  const Bytes old = provision_token();
  clock_offset = days_20;
  const Ending ending = renew();
  EXPECT_EQ(ending.name(), "clock_wrong");
  EXPECT_THAT(ending.failure->detail, HasSubstr("the authority's says"));
  EXPECT_EQ(without_pin().name(), "clock_wrong") << "and nobody types a PIN to learn it";
  EXPECT_EQ(certificate_row().reason, Reason::clock_wrong);
  clock_offset = std::chrono::seconds{0};
  EXPECT_EQ(without_pin().name(), "pin_required");
  EXPECT_EQ(renew().name(), "completed");
  expect_renewed(old);
}

TEST_F(Clocks, WhatHasReallyExpiredIsToldAlsoWhenTheAuthorityCannotBeAsked) {
  provision_token(pkcs11::KeyAlgorithm::ec_p256, -3);
  EXPECT_EQ(renew().name(), "reissue_needed");
  EXPECT_EQ(without_pin().name(), "reissue_needed");
  clock_offset = std::chrono::minutes{30};
  EXPECT_EQ(renew().name(), "reissue_needed") << "a clock that changes nothing of it";
  clock_offset = std::chrono::seconds{0};
  settings.authority.url = "https://localhost:1";
  EXPECT_EQ(renew().name(), "reissue_needed");
  EXPECT_EQ(certificate_row().reason, Reason::reissue_needed);
}

TEST_F(Clocks, ARecordFromTheFutureDoesNotStopARunWithTheRightClock) {
  const Bytes old = provision_token(pkcs11::KeyAlgorithm::ec_p256, 25);
  clock_offset = days_20;
  stop_after(3);
  clock_offset = std::chrono::seconds{0};
  EXPECT_EQ(renew().name(), "completed");
  expect_renewed(old);
}

TEST_F(Clocks, WhatWasFetchedIsNotGivenUpForAWrongDate) {
  const Bytes old = provision_token();
  stop_after(4);
  ASSERT_EQ(unfinished()->state, State::issued);
  auto record = *unfinished();
  clock_offset = record.new_not_after - current_time() + hours{1};
  const Ending ending = renew();
  EXPECT_THAT(ending.name(), ::testing::AnyOf("clock_wrong", "authority_certificate_expired"));
  EXPECT_NE(unfinished(), std::nullopt);
  clock_offset = std::chrono::seconds{0};
  EXPECT_EQ(renew().name(), "completed");
  expect_renewed(old);
}

TEST_F(Clocks, AnAppointmentThatAWrongClockHasMadeIsNotKept) {
  const Bytes old = provision_token(pkcs11::KeyAlgorithm::ec_p256, 25);
  bank.set("pending", "1");
  clock_offset = days_20;
  ASSERT_EQ(renew().name(), "pending");
  clock_offset = std::chrono::seconds{0};
  EXPECT_EQ(renew().name(), "completed");
  expect_renewed(old);
}

TEST_F(Clocks, AWaitThatAWrongClockHasDatedIsNotHeeded) {
  const Bytes old = provision_token(pkcs11::KeyAlgorithm::ec_p256, 25);
  bank.set("status", "1*503:later");
  bank.set("retry_after", "60");
  settings.authority.attempts = 1;
  clock_offset = days_20;
  ASSERT_EQ(unattended().name(), "authority_busy");
  clock_offset = std::chrono::seconds{0};
  EXPECT_EQ(unattended().name(), "completed");
  expect_renewed(old);
}

TEST_F(Clocks, ACertificateThatBeginsNextWeekIsNoWrongClock) {
  provision_from_next_week();
  const Ending ending = renew();
  EXPECT_EQ(ending.name(), "certificate_not_valid_yet");
  EXPECT_THAT(ending.failure->detail, HasSubstr("is valid from"));
  EXPECT_EQ(certificate_row().reason, Reason::certificate_not_valid_yet);
  clock_offset = -hours{24 * 10};
  EXPECT_THAT(renew().name(), ::testing::AnyOf("certificate_not_valid_yet", "authority_certificate_expired"));
}

TEST_F(Clocks, AnAuthorityThatPublishesNothingSpeaksAgainstNoClock) {
  const Bytes old = provision_token();
  settings.authority.issuer_anchors = bank.issuing();
  bank.set("cacerts.status", "200:\n");
  EXPECT_EQ(clock_row().finding, "clock_plausible");
  EXPECT_EQ(renew().name(), "completed");
  expect_renewed(old);
  clock_offset = std::chrono::minutes{-30};
  EXPECT_EQ(clock_row().finding, "clock_off") << "its Date still does";
}

}  // namespace
}  // namespace koshin::test
