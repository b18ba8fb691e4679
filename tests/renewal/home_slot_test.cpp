// SPDX-License-Identifier: MIT
// In which slot of a card a renewed certificate belongs, and when the slot may have a new key.
#include "renewal/policy/home_slot.hpp"

#include <gtest/gtest.h>

#include "report_builder.hpp"

namespace koshin::renewal {
namespace {

using messages::CertificateReport;
using messages::KeyState;
using messages::Purpose;
using test::at;
using test::certificate;
using test::token_with;

const TimePoint now = at("2026-11-29T00:00:00Z");
const Bytes slot_9a{1}, slot_9c{2};

Settings piv() {
  Settings settings;
  settings.token.profile = TokenProfileName::piv;
  return settings;
}

/// A certificate in a slot, by the slot's CKA_ID in hexadecimal.
CertificateReport in_slot(const char* key_id, const char* sha256, const char* not_after,
                          const char* replaced_by = "") {
  auto made = certificate(sha256, not_after);
  made.key_id = key_id;
  made.replaced_by = replaced_by;
  return made;
}

CertificateReport spare() {
  return in_slot("05", "new", "2027-11-28T00:00:00Z");
}
CertificateReport old_in_9a() {
  return in_slot("01", "old", "2026-12-13T00:00:00Z", "new");
}

std::optional<Bytes> home_beside(std::vector<CertificateReport> others, const Settings& settings = piv()) {
  others.push_back(spare());
  const auto token = token_with(others);
  return home_of(token.certificates.back(), token, settings, {});
}

bool waits_beside(std::vector<CertificateReport> others, const Settings& settings = piv()) {
  others.push_back(spare());
  const auto token = token_with(others);
  const auto* waiting = waits_for_home(token, settings, {}, now);
  return waiting != nullptr && waiting->sha256 == "new";
}

TEST(HomeSlot, IsTheSlotOfTheCertificateThatWasReplaced) {
  EXPECT_EQ(home_beside({old_in_9a()}), slot_9a);
  EXPECT_EQ(home_beside({in_slot("02", "old", "2026-12-13T00:00:00Z", "new")}), slot_9c);
  EXPECT_TRUE(waits_beside({old_in_9a()}));
}

TEST(HomeSlot, OfACertificateThatIsThereIsNoneToGoTo) {
  const auto token = token_with({in_slot("01", "new", "2027-11-28T00:00:00Z")});
  EXPECT_EQ(home_of(token.certificates.front(), token, piv(), {}), std::nullopt);
  EXPECT_EQ(waits_for_home(token, piv(), {}, now), nullptr);
}

TEST(HomeSlot, MayHaveLostItsKeyToAnInterruptedRenewal) {
  auto keyless = old_in_9a();
  keyless.key_state = KeyState::missing;
  EXPECT_EQ(home_beside({keyless}), slot_9a);
  EXPECT_TRUE(waits_beside({keyless}));
  auto placeholder = in_slot("01", "placeholder", "2027-01-01T00:00:00Z");
  placeholder.purpose = Purpose::placeholder;
  placeholder.not_before = placeholder.not_after;
  EXPECT_EQ(home_beside({placeholder}), slot_9a);
  EXPECT_TRUE(waits_beside({placeholder}));
}

TEST(HomeSlot, IsLeftToACertificateThatIsNotReplaced) {
  EXPECT_EQ(home_beside({in_slot("01", "other", "2027-12-13T00:00:00Z")}), std::nullopt);
  auto signs = old_in_9a();
  signs.purpose = Purpose::signature;
  EXPECT_EQ(home_beside({signs}), std::nullopt);
  auto shares = old_in_9a();
  shares.key_state = KeyState::shared;
  EXPECT_EQ(home_beside({shares}), std::nullopt) << "its key is another certificate's too";
}

/// A certificate for signatures takes the place of its predecessor as one that logs in does; one that others
/// encrypt for does not, since the predecessor's key reads old mail.
TEST(HomeSlot, OfACertificateForSignaturesIsThatOfItsPredecessorOrTheSecond) {
  auto settings = piv();
  settings.expect.purposes = {"login", "signature"};
  const auto home_of_signature = [&](std::vector<CertificateReport> others, bool decrypts = false) {
    auto signs = spare();
    signs.purpose = Purpose::signature;
    signs.decrypts = decrypts;
    others.push_back(signs);
    const auto token = token_with(others);
    return home_of(token.certificates.back(), token, settings, {});
  };
  auto old = in_slot("02", "old", "2026-12-13T00:00:00Z", "new");
  old.purpose = Purpose::signature;
  EXPECT_EQ(home_of_signature({old}), slot_9c);
  EXPECT_EQ(home_of_signature({}), slot_9c) << "never the slot for logging in";
  EXPECT_EQ(home_of_signature({old}, true), std::nullopt);
  old.decrypts = true;
  EXPECT_EQ(home_of_signature({old}), std::nullopt);
  EXPECT_EQ(home_of_signature({in_slot("02", "other", "2027-12-13T00:00:00Z")}), std::nullopt);
}

TEST(HomeSlot, IsNotWaitedForByACertificateThatNobodyRenews) {
  auto signs = spare(), old = in_slot("02", "old", "2026-12-13T00:00:00Z", "new");
  signs.purpose = old.purpose = Purpose::signature;
  const auto token = token_with({old, signs});
  auto settings = piv();
  EXPECT_EQ(waits_for_home(token, settings, {}, now), nullptr);
  settings.expect.purposes = {"login", "signature"};
  EXPECT_NE(waits_for_home(token, settings, {}, now), nullptr);
}

/// Both renewals of a sitting may have been left between their legs.
TEST(HomeSlot, IsWaitedForByOneCertificateOfEachPurpose) {
  auto settings = piv();
  settings.expect.purposes = {"login", "signature"};
  auto signs = in_slot("06", "signs", "2027-11-28T00:00:00Z");
  auto old = in_slot("02", "signed", "2026-12-13T00:00:00Z", "signs");
  signs.purpose = old.purpose = Purpose::signature;
  const auto token = token_with({old_in_9a(), spare(), old, signs});
  const auto waiting = [&](const char* named) {
    const auto* found = waits_for_home(token, settings, {}, now, named);
    return found == nullptr ? std::string() : found->sha256;
  };
  EXPECT_EQ(waiting(""), "new");
  EXPECT_EQ(waiting("signs"), "signs");
  EXPECT_EQ(waiting("old"), "");
}

TEST(HomeSlot, IsLeftToAKeyThatDecrypts) {
  auto mail = old_in_9a();
  mail.decrypts = true;
  EXPECT_EQ(home_beside({mail}), std::nullopt);
  EXPECT_FALSE(waits_beside({mail}));
}

TEST(HomeSlot, WithoutACertificateIsTheFirstOne) {
  EXPECT_EQ(home_beside({}), slot_9a);
  EXPECT_EQ(home_beside({in_slot("02", "signs", "2027-12-13T00:00:00Z")}), slot_9a);
}

TEST(HomeSlot, ThatHoldsNothingIsNoTraceOfARenewal) {
  EXPECT_FALSE(waits_beside({})) << "that is for the time when it is due";
}

TEST(HomeSlot, IsLeftToAKeyOfWhichNothingIsKnown) {
  auto token = token_with({spare()});
  token.keys_without_certificate.push_back({"01", "", "ec-p256", true, false, "", {}});
  EXPECT_EQ(home_of(token.certificates.front(), token, piv(), {}), std::nullopt);
  EXPECT_EQ(waits_for_home(token, piv(), {}, now), nullptr);
  std::vector<Record> records(1);
  records.front().key_id = slot_9a;
  EXPECT_EQ(home_of(token.certificates.front(), token, piv(), records), slot_9a) << "a record vouches for it";
  EXPECT_NE(waits_for_home(token, piv(), records, now), nullptr);
}

/// Another computer's second leg makes a key of the type of the certificate that it renews.
TEST(HomeSlot, IsLeftToAKeyOfAnotherTypeBesideTheCertificateThatWasReplaced) {
  auto keyless = old_in_9a();
  keyless.key_state = KeyState::missing;
  auto token = token_with({keyless, spare()});
  token.certificates.back().key_algorithm = "ec-p256";
  token.keys_without_certificate.push_back({"01", "", "ec-p256", true, false, "", {}});
  const auto home = [&](std::span<const Record> records = {}) {
    return home_of(token.certificates.back(), token, piv(), records);
  };
  EXPECT_EQ(home(), slot_9a);
  token.keys_without_certificate.back().key_algorithm = "ec-p384";
  EXPECT_EQ(home(), std::nullopt);
  EXPECT_EQ(waits_for_home(token, piv(), {}, now), nullptr);
  std::vector<Record> records(1);
  records.front().key_id = slot_9a;
  EXPECT_EQ(home(records), slot_9a) << "a record vouches for it";
}

TEST(HomeSlot, IsLeftToACertificateThatAPersonHasMadeForAKeyOfTheirOwn) {
  auto self_signed = in_slot("01", "ssh", "2030-01-01T00:00:00Z");
  self_signed.purpose = Purpose::placeholder;
  EXPECT_EQ(home_beside({self_signed}), std::nullopt);
  EXPECT_FALSE(waits_beside({self_signed}));
}

TEST(HomeSlot, IsNotWantedWhereTheSettingsSaySo) {
  auto never = piv();
  never.renewal.home_slot = HomeSlot::never;
  auto same_key = piv();
  same_key.renewal.key = "renew";
  for (const Settings& settings : {never, same_key, Settings{}}) {
    EXPECT_EQ(home_beside({old_in_9a()}, settings), std::nullopt);
    EXPECT_FALSE(waits_beside({old_in_9a()}, settings));
    EXPECT_EQ(home_of_enrolment(nullptr, token_with({}), settings, now), std::nullopt);
  }
}

TEST(HomeSlot, IsWaitedForByTheCertificateInUseAlone) {
  auto token = token_with({old_in_9a(), spare()});
  token.certificates.back().not_after = at("2026-12-13T00:00:00Z");
  EXPECT_EQ(waits_for_home(token, piv(), {}, now), nullptr) << "it is due, and renewed into its home slot";
  token.certificates.back() = spare();
  token.certificates.back().key_state = KeyState::missing;
  EXPECT_EQ(waits_for_home(token, piv(), {}, now), nullptr);
  token.certificates.back() = spare();
  token.certificates.back().replaced_by = "newer";
  EXPECT_EQ(waits_for_home(token, piv(), {}, now), nullptr);
}

TEST(HomeSlot, IsNotAskedForAgainByATimerOnceItWasRefused) {
  Record record;
  record.key_id = slot_9a;
  record.old_sha256 = "new";
  record.state = State::abandoned;
  record.last_failure = Failure{Reason::authority_refused, "one certificate only", {}};
  const auto refused = [&] { return second_leg_was_refused(spare(), piv(), std::vector{record}); };
  EXPECT_TRUE(refused());
  record.last_failure->reason = Reason::interrupted;
  EXPECT_FALSE(refused()) << "it was given up for another reason";
  record.last_failure->reason = Reason::authority_refused;
  record.key_id = {5};
  EXPECT_FALSE(refused()) << "a first leg";
  record.key_id = slot_9a;
  record.old_sha256 = "older";
  EXPECT_FALSE(refused()) << "an earlier renewal's";
}

std::optional<Bytes> next_home_of(const CertificateReport& in_use, std::vector<CertificateReport> others = {},
                                  const Settings& settings = piv()) {
  others.push_back(in_use);
  const auto token = token_with(others);
  return next_home(&token.certificates.back(), token, settings, {});
}

TEST(NextHome, IsTheSlotOfTheCertificateInUse) {
  EXPECT_EQ(next_home_of(in_slot("01", "now", "2026-12-13T00:00:00Z")), slot_9a);
  EXPECT_EQ(next_home_of(in_slot("02", "now", "2026-12-13T00:00:00Z")), slot_9c);
  EXPECT_EQ(next_home_of(spare()), slot_9a) << "one leg";
  EXPECT_EQ(next_home_of(spare(), {old_in_9a()}), slot_9a);
  EXPECT_EQ(next_home(nullptr, token_with({}), piv(), {}), slot_9a);
}

TEST(NextHome, IsNoneWhereTheSlotKeepsWhatItHas) {
  auto mail = in_slot("01", "now", "2026-12-13T00:00:00Z");
  mail.decrypts = true;
  EXPECT_EQ(next_home_of(mail), std::nullopt);
  EXPECT_EQ(next_home_of(spare(), {in_slot("01", "other", "2027-12-13T00:00:00Z")}), std::nullopt);
  auto token = token_with({spare()});
  token.keys_without_certificate.push_back({"01", "", "ec-p256", true, false, "", {}});
  EXPECT_EQ(next_home(&token.certificates.front(), token, piv(), {}), std::nullopt);
}

TEST(NextHome, IsAsTheSettingsSay) {
  auto never = piv();
  never.renewal.home_slot = HomeSlot::never;
  EXPECT_EQ(next_home_of(in_slot("01", "now", "2026-12-13T00:00:00Z"), {}, never), std::nullopt);
  auto same_key = piv();
  same_key.renewal.key = "renew";
  EXPECT_EQ(next_home_of(in_slot("02", "now", "2026-12-13T00:00:00Z"), {}, same_key), slot_9c);
  EXPECT_EQ(next_home_of(spare(), {}, same_key), std::nullopt) << "the key stays where it is";
}

TEST(HomeSlotOfAnEnrolment, IsTheFirstOneOfAnEmptyCard) {
  auto token = token_with({});
  EXPECT_EQ(home_of_enrolment(nullptr, token, piv(), now), slot_9a);
  token.keys_without_certificate.push_back({"01", "", "ec-p256", true, false, "", {}});
  EXPECT_EQ(home_of_enrolment(nullptr, token, piv(), now), std::nullopt) << "whose key that is nobody knows";
}

TEST(HomeSlotOfAnEnrolment, IsTheExpiredCertificatesAndNotOneThatMayLogIn) {
  const auto of = [](const CertificateReport& old, const Settings& settings = piv()) {
    const auto token = token_with({old});
    return home_of_enrolment(&token.certificates.front(), token, settings, now);
  };
  EXPECT_EQ(of(in_slot("02", "old", "2026-10-01T00:00:00Z")), slot_9c);
  EXPECT_EQ(of(in_slot("01", "old", "2026-12-13T00:00:00Z")), std::nullopt);
  auto with_grace = piv();
  with_grace.renewal.grace = CalendarDuration{.months = 6};
  EXPECT_EQ(of(in_slot("01", "old", "2026-10-01T00:00:00Z"), with_grace), std::nullopt);
  auto mail = in_slot("01", "old", "2026-10-01T00:00:00Z");
  mail.decrypts = true;
  EXPECT_EQ(of(mail), std::nullopt);
}

}  // namespace
}  // namespace koshin::renewal
