// SPDX-License-Identifier: MIT
// The window in calendar arithmetic, clock skew, and the choice of a certificate.
#include "renewal/policy/policy.hpp"
#include "foundation/base/clock.hpp"

#include "renewal/policy/inventory.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "report_builder.hpp"

namespace koshin::renewal {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using test::at;
using test::certificate;
using test::token_with;

struct WindowCase {
  const char* name;
  const char* window;
  const char* not_after;
  const char* due_from;
};

class Window : public ::testing::TestWithParam<WindowCase> {};

TEST_P(Window, BeginsByTheCalendar) {
  Settings::Renewal policy;
  policy.window = *CalendarDuration::parse(GetParam().window);
  EXPECT_EQ(to_rfc3339(due_from(at(GetParam().not_after), policy)), GetParam().due_from);
}

INSTANTIATE_TEST_SUITE_P(
    Calendar, Window,
    ::testing::Values(WindowCase{"same_day", "P1M", "2026-12-15T10:20:30Z", "2026-11-15T10:20:30Z"},
                      WindowCase{"end_of_march", "P1M", "2026-03-31T00:00:00Z", "2026-02-28T00:00:00Z"},
                      WindowCase{"end_of_march_leap", "P1M", "2028-03-31T00:00:00Z", "2028-02-29T00:00:00Z"},
                      WindowCase{"century_not_leap", "P1M", "2100-03-30T12:00:00Z", "2100-02-28T12:00:00Z"},
                      WindowCase{"leap_day_itself", "P1M", "2028-02-29T23:59:59Z", "2028-01-29T23:59:59Z"},
                      WindowCase{"year_from_leap_day", "P1Y", "2028-02-29T00:00:00Z", "2027-02-28T00:00:00Z"},
                      WindowCase{"over_new_year", "P1M", "2027-01-31T08:00:00Z", "2026-12-31T08:00:00Z"},
                      WindowCase{"short_month", "P1M", "2026-10-31T08:00:00Z", "2026-09-30T08:00:00Z"},
                      WindowCase{"days", "P30D", "2028-03-15T00:00:00Z", "2028-02-14T00:00:00Z"},
                      WindowCase{"hours", "PT36H", "2026-03-01T00:00:00Z", "2026-02-27T12:00:00Z"}),
    [](const auto& test) { return test.param.name; });

struct ValidityCase {
  const char* name;
  const char* grace;
  const char* now;
  Validity expected;
};

class ValidityAt : public ::testing::TestWithParam<ValidityCase> {};

TEST_P(ValidityAt, IsDecidedToTheSecond) {
  Settings::Renewal policy;
  policy.grace = *CalendarDuration::parse(GetParam().grace);
  EXPECT_EQ(validity(at("2025-12-15T10:00:00Z"), at("2026-12-15T10:00:00Z"), policy, at(GetParam().now)),
            GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(
    Boundaries, ValidityAt,
    ::testing::Values(ValidityCase{"long_before", "PT0S", "2025-01-01T00:00:00Z", Validity::not_yet_valid},
                      ValidityCase{"beyond_skew", "PT0S", "2025-12-15T09:54:59Z", Validity::not_yet_valid},
                      ValidityCase{"within_skew", "PT0S", "2025-12-15T09:55:00Z", Validity::current},
                      ValidityCase{"last_second_before", "PT0S", "2026-11-15T09:59:59Z", Validity::current},
                      ValidityCase{"first_due_second", "PT0S", "2026-11-15T10:00:00Z", Validity::due},
                      ValidityCase{"last_valid_second", "PT0S", "2026-12-15T10:00:00Z", Validity::due},
                      ValidityCase{"expired", "PT0S", "2026-12-15T10:00:01Z", Validity::expired},
                      ValidityCase{"in_grace", "P10D", "2026-12-15T10:00:01Z", Validity::expired_in_grace},
                      ValidityCase{"end_of_grace", "P10D", "2026-12-25T10:00:00Z",
                                   Validity::expired_in_grace},
                      ValidityCase{"after_grace", "P10D", "2026-12-25T10:00:01Z", Validity::expired}),
    [](const auto& test) { return test.param.name; });

TEST(DaysLeft, AreRoundedDownAndNegativeOnceExpired) {
  const TimePoint end = at("2026-12-15T10:00:00Z");
  EXPECT_EQ(days_left(end, end - std::chrono::days{12}), 12);
  EXPECT_EQ(days_left(end, end - std::chrono::days{12} + seconds{1}), 11);
  EXPECT_EQ(days_left(end, end), 0);
  EXPECT_EQ(days_left(end, end + seconds{1}), -1);
}

TEST(WayOn, OfAnUnfinishedRenewalIsNoPromiseThatIsNotKept) {
  Record record;
  record.state = State::requested;
  EXPECT_EQ(way_on(record, false), WayOn::renew);
  EXPECT_EQ(way_on(record, true), WayOn::enroll);
  record.wrong_answers = max_wrong_answers;
  EXPECT_EQ(way_on(record, false), WayOn::insist);
  record.enrollment = true;
  EXPECT_EQ(way_on(record, false), WayOn::enroll);
  record.state = State::issued;
  EXPECT_EQ(way_on(record, true), WayOn::renew) << "what was fetched is written";
}

TEST(WaitingForTheAuthority, IsNotBelievedWhereAWrongClockHasMadeTheAppointment) {
  const TimePoint now = at("2026-12-01T00:00:00Z");
  Record record;
  record.state = State::pending;
  record.changed = now - minutes{10};
  record.ask_again = now + minutes{50};
  EXPECT_TRUE(waits_for_authority(record, now));
  EXPECT_FALSE(waits_for_authority(record, now + minutes{50}));
  record.ask_again = now + longest_retry_after + minutes{1};
  EXPECT_FALSE(waits_for_authority(record, now)) << "further ahead than any authority is granted";
  record.ask_again = now + std::chrono::days{3};
  record.changed = now + std::chrono::days{3} - minutes{1};
  EXPECT_FALSE(waits_for_authority(record, now)) << "made in the future";
}

class Choosing : public ::testing::Test {
 protected:
  Choice choose(const messages::TokenReport& token, std::string_view sha256 = {}, bool force = false) const {
    return choose_certificate(token, sha256, settings, now, force);
  }
  static std::optional<Reason> reason(const Choice& choice) {
    return choice.failure ? std::optional(choice.failure->reason) : std::nullopt;
  }
  Settings settings;
  TimePoint now = at("2026-12-01T00:00:00Z");
};

TEST_F(Choosing, TakesTheOneThatIsDue) {
  const auto token = token_with(
      {certificate("aa", "2027-12-15T00:00:00Z", "user0002"), certificate("bb", "2026-12-15T00:00:00Z")});
  ASSERT_NE(choose(token).certificate, nullptr);
  EXPECT_EQ(choose(token).certificate->sha256, "bb");
}

TEST_F(Choosing, TakesTheFirstToExpireOfSeveralThatAreDue) {
  const auto token = token_with(
      {certificate("aa", "2026-12-20T00:00:00Z", "user0002"), certificate("bb", "2026-12-15T00:00:00Z")});
  ASSERT_NE(choose(token).certificate, nullptr);
  EXPECT_EQ(choose(token).certificate->sha256, "bb");
}

TEST_F(Choosing, TakesWhatThisAuthorityHasIssuedBeforeWhatAnotherHas) {
  auto token =
      token_with({certificate("aa", "2026-12-20T00:00:00Z"), certificate("bb", "2026-12-15T00:00:00Z")});
  token.certificates.front().issuer_vouched = true;
  token.certificates.back().issuer_key = "key:02";
  ASSERT_NE(choose(token).certificate, nullptr);
  EXPECT_EQ(choose(token).certificate->sha256, "aa");
  token.certificates.front().not_after = *parse_rfc3339("2027-12-20T00:00:00Z");
  ASSERT_NE(choose(token).certificate, nullptr) << "not due: what is due is not forgotten for it";
  EXPECT_EQ(choose(token).certificate->sha256, "bb");
}

TEST_F(Choosing, TellsOfWhatHasExpiredBesideAnotherIssuersValidOne) {
  auto token =
      token_with({certificate("aa", "2026-11-28T00:00:00Z"), certificate("bb", "2027-09-24T00:00:00Z")});
  token.certificates.back().issuer_key = "key:02";
  for (const bool known : {false, true}) {
    token.certificates.front().issuer_vouched = known;
    for (const bool force : {false, true}) {
      const Choice choice = choose(token, {}, force);
      EXPECT_EQ(reason(choice), Reason::reissue_needed) << known << force;
      ASSERT_NE(choice.about, nullptr);
      EXPECT_EQ(choice.about->sha256, "aa");
    }
  }
  now = at("2030-01-01T00:00:00Z");
  token.certificates.back().not_after = at("2030-09-24T00:00:00Z");
  EXPECT_EQ(reason(choose(token)), Reason::reissue_needed) << "this authority's is told of for ever";
}

TEST_F(Choosing, DoesNotTellForEverOfAnOldOneBesideTheOneInUse) {
  auto token =
      token_with({certificate("aa", "2026-11-28T00:00:00Z"), certificate("bb", "2027-09-24T00:00:00Z")});
  token.certificates.front().issuer_key = "key:02";
  token.certificates.back().issuer_vouched = true;
  EXPECT_EQ(reason(choose(token)), Reason::not_due) << "another authority's, beside this one's";
  settings.renewal.grace = *CalendarDuration::parse("P10D");
  EXPECT_EQ(reason(choose(token)), Reason::not_due) << "nor is it renewed in its grace";
  settings.renewal.grace = {};
  token.certificates.back().issuer_vouched = false;
  EXPECT_EQ(reason(choose(token)), Reason::reissue_needed) << "which is this authority's is not known";
  now = at("2026-12-29T00:00:00Z");
  EXPECT_EQ(reason(choose(token)), Reason::not_due) << "longer ago than the window";
  EXPECT_TRUE(is_left_behind(token.certificates.front(), token, settings, now));
}

TEST_F(Choosing, SaysOfSeveralThatAreNotDueWhichWillBeFirst) {
  const auto token = token_with(
      {certificate("aa", "2027-12-15T00:00:00Z", "user0002"), certificate("bb", "2027-06-15T00:00:00Z")});
  ASSERT_NE(choose(token).about, nullptr);
  EXPECT_EQ(choose(token).about->sha256, "bb");
}

TEST_F(Choosing, RefusesToChooseBetweenTwoOfTheSameInstant) {
  const auto token = token_with(
      {certificate("aa", "2026-12-15T00:00:00Z", "user0002"), certificate("bb", "2026-12-15T00:00:00Z")});
  EXPECT_EQ(reason(choose(token)), Reason::certificate_ambiguous);
  ASSERT_NE(choose(token, "bb").certificate, nullptr);
}

TEST_F(Choosing, PassesOverWhatIsSupersededKeylessOrForAnotherUse) {
  auto replaced = certificate("aa", "2026-12-10T00:00:00Z");
  replaced.replaced_by = "dd";
  auto keyless = certificate("bb", "2026-12-11T00:00:00Z");
  keyless.key_state = messages::KeyState::missing;
  auto mail = certificate("cc", "2026-12-12T00:00:00Z");
  mail.purpose = messages::Purpose::encryption;
  const auto token = token_with({replaced, keyless, mail, certificate("dd", "2026-12-15T00:00:00Z")});
  ASSERT_NE(choose(token).certificate, nullptr);
  EXPECT_EQ(choose(token).certificate->sha256, "dd");
}

TEST_F(Choosing, SaysWhatIsMissing) {
  auto keyless = certificate("bb", "2026-12-11T00:00:00Z");
  keyless.key_state = messages::KeyState::missing;
  EXPECT_EQ(reason(choose(token_with({}))), Reason::certificate_not_found);
  EXPECT_EQ(reason(choose(token_with({keyless}))), Reason::key_not_found);
  EXPECT_EQ(reason(choose(token_with({keyless}), "bb")), Reason::key_not_found);
  EXPECT_EQ(reason(choose(token_with({keyless}), "ee")), Reason::certificate_not_found);
}

TEST_F(Choosing, KeyThatCannotBeSeenWithoutThePinIsNoReasonToRefuse) {
  auto unknown = certificate("bb", "2026-12-11T00:00:00Z");
  unknown.key_state = messages::KeyState::unknown;
  EXPECT_NE(choose(token_with({unknown})).certificate, nullptr);
}

TEST_F(Choosing, RenewsBeforeTheWindowOnlyWhenForced) {
  const auto token = token_with({certificate("aa", "2027-06-15T00:00:00Z")});
  EXPECT_EQ(reason(choose(token)), Reason::not_due);
  EXPECT_THAT(choose(token).failure->detail, ::testing::HasSubstr("2027-05-15T00:00:00Z"));
  EXPECT_NE(choose(token, {}, true).certificate, nullptr);
  EXPECT_NE(choose(token, "aa", true).certificate, nullptr);
}

TEST_F(Choosing, ForceDoesNotBringBackAnExpiredOne) {
  const auto token = token_with({certificate("aa", "2026-11-30T00:00:00Z")});
  EXPECT_EQ(reason(choose(token, {}, true)), Reason::reissue_needed);
  settings.renewal.grace = *CalendarDuration::parse("P10D");
  EXPECT_NE(choose(token).certificate, nullptr);
}

TEST_F(Choosing, ACertificateFromTheFutureIsNotValidYet) {
  const auto token = token_with({certificate("aa", "2028-12-15T00:00:00Z")});  // valid from 2027-12-15 on
  EXPECT_EQ(reason(choose(token)), Reason::certificate_not_valid_yet);
}

TEST_F(Choosing, SupersededOneIsRenewedOnlyWhenNamedAndForced) {
  auto old = certificate("aa", "2026-12-10T00:00:00Z");
  old.replaced_by = "bb";
  const auto token = token_with({old, certificate("bb", "2027-12-10T00:00:00Z")});
  EXPECT_EQ(reason(choose(token, "aa")), Reason::certificate_not_found);
  EXPECT_NE(choose(token, "aa", true).certificate, nullptr);
}

TEST_F(Choosing, ExpectationsTellOursFromOthers) {
  settings.expect.organization = "Sakura Test Bank";
  settings.expect.common_name_pattern = "[0-9]{14} [a-z0-9]+";
  auto ours = certificate("aa", "2026-12-10T00:00:00Z", "12345678901234 user0001");
  ours.organization = "Sakura Test Bank";
  auto other_bank = ours;
  other_bank.organization = "Other Bank";
  auto other_name = ours;
  other_name.common_name = "12345678901234 user0001 (test)";
  auto endless_name = ours;
  endless_name.common_name = "12345678901234 " + std::string(100'000, 'a');
  auto in_japanese = ours;
  in_japanese.common_name = "経理部 一";
  EXPECT_TRUE(is_ours(ours, settings.expect));
  EXPECT_FALSE(is_ours(other_bank, settings.expect));
  EXPECT_FALSE(is_ours(other_name, settings.expect));
  EXPECT_TRUE(is_ours(endless_name, settings.expect));
  settings.expect.common_name_pattern = "経理. .";
  EXPECT_TRUE(is_ours(in_japanese, settings.expect)) << "a character is one, however many bytes it has";
  EXPECT_EQ(reason(choose(token_with({other_bank}))), Reason::certificate_not_found);
  for (const char* sha256 : {"", "aa"})
    EXPECT_THAT(choose(token_with({other_bank}), sha256).failure->detail,
                ::testing::AllOf(::testing::HasSubstr("\"Other Bank\""),
                                 ::testing::HasSubstr("expect.organization says \"Sakura Test Bank\"")));
}

// With an engine that goes back in the text this takes longer than anybody waits.
TEST_F(Choosing, NoNameMakesAPatternSlow) {
  settings.expect.common_name_pattern = "((a|a?)+)+b";
  auto ours = certificate("aa", "2026-12-10T00:00:00Z", std::string(5'000, 'a'));
  EXPECT_FALSE(is_ours(ours, settings.expect));
  ours.common_name += "b";
  EXPECT_TRUE(is_ours(ours, settings.expect));
}

TEST_F(Choosing, APatternThatIsNoneIsASettingsFailure) {
  settings.expect.common_name_pattern = "[";
  try {
    is_ours(certificate("aa", "2026-12-10T00:00:00Z"), settings.expect);
    FAIL() << "no exception";
  } catch (const FailureError& error) {
    EXPECT_EQ(error.failure().reason, Reason::settings_invalid);
  }
}

TEST(WhyNotRenewed, SaysWhatARenewalOfItWould) {
  const TimePoint now = at("2026-12-01T00:00:00Z");
  Settings settings;
  auto due = certificate("a1", "2026-12-13T00:00:00Z");
  const auto reason = [&] {
    const auto why = why_not_renewed(token_with({due}), due, settings, now);
    return why ? std::optional(why->reason) : std::nullopt;
  };
  EXPECT_EQ(reason(), std::nullopt);
  due.weakness = "its key is too short";
  EXPECT_EQ(reason(), Reason::certificate_too_weak);
  settings.expect.organization = "Another Bank";
  EXPECT_EQ(reason(), Reason::certificate_not_found);
  settings.expect.organization.clear();
  due.key_state = messages::KeyState::missing;
  EXPECT_EQ(reason(), Reason::key_not_found);
  due = certificate("a1", "2027-12-13T00:00:00Z");
  due.not_before = at("2026-11-01T00:00:00Z");
  EXPECT_EQ(reason(), Reason::not_due);
}

}  // namespace
}  // namespace koshin::renewal
