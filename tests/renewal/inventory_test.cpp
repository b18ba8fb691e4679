// SPDX-License-Identifier: MIT
// Lineages, what takes the place of what, what may be deleted.
#include "renewal/policy/inventory.hpp"

#include <gmock/gmock.h>

#include "foundation/settings/expectation.hpp"
#include "renewal/policy/recall.hpp"
#include "report_builder.hpp"

namespace koshin::renewal {
namespace {

using messages::CertificateReport;
using messages::KeyState;
using messages::Purpose;
using messages::TokenReport;
using test::at;
using test::certificate;
using test::token_with;

const TimePoint now = at("2026-12-01T00:00:00Z");

class Inventory : public ::testing::Test {
 protected:
  Inventory()
      : old_(certificate("a1", "2026-12-13T00:00:00Z")), later_(certificate("b2", "2027-06-01T00:00:00Z")) {}

  /// By what the old one is replaced.
  std::string replaced_by(const std::vector<Renewed>& renewed = {}) {
    token_ = token_with({later_, old_});
    assign_lineages(token_, {renewed, {}}, now);
    return find_certificate(token_, "a1")->replaced_by;
  }

  CertificateReport old_, later_;
  TokenReport token_;
};

TEST_F(Inventory, TheLaterOneOfALineageTakesThePlaceOfTheEarlier) {
  EXPECT_EQ(replaced_by(), "b2");
  EXPECT_EQ(find_certificate(token_, "b2")->replaced_by, "");
  EXPECT_EQ(find_certificate(token_, "a1")->lineage, "b2");
  EXPECT_EQ(find_certificate(token_, "b2")->lineage, "b2");
  EXPECT_FALSE(find_certificate(token_, "a1")->renewed) << "koshin has not renewed it";
}

/// Both legs of a renewal on one day, by an authority whose certificates begin and end with the day.
TEST_F(Inventory, OfEqualDatesTheOneInTheHomeSlotTakesThePlaceOfTheSpareOne) {
  for (const auto& [spare, home] : {std::pair{"a1", "b2"}, std::pair{"b2", "a1"}}) {
    auto in_82 = certificate(spare, "2027-06-01T00:00:00Z"),
         in_9a = certificate(home, "2027-06-01T00:00:00Z");
    in_82.key_id = "05";
    in_9a.key_id = "01";
    token_ = token_with({in_82, in_9a});
    assign_lineages(token_, {{{spare, home}}, {}}, now);
    EXPECT_EQ(find_certificate(token_, spare)->replaced_by, home);
    EXPECT_TRUE(find_certificate(token_, spare)->renewed) << "one confirmation deletes it";
    EXPECT_EQ(find_certificate(token_, home)->replaced_by, "");
  }
}

TEST_F(Inventory, NothingCrossesPurposeIssuerOrHolder) {
  const CertificateReport fitting = later_;
  for (const Purpose purpose : {Purpose::signature, Purpose::encryption, Purpose::authority,
                                Purpose::placeholder, Purpose::unreadable, Purpose::unknown}) {
    later_.purpose = purpose;
    EXPECT_EQ(replaced_by(), "") << to_string(purpose);
  }
  later_ = fitting;
  later_.issuer_key = "key:02";
  EXPECT_EQ(replaced_by(), "");
  later_ = fitting;
  later_.holder = "somebody else";
  EXPECT_EQ(replaced_by(), "");
}

TEST_F(Inventory, WhatSignsContentsTakesNoPlaceOfWhatLogsIn) {
  later_.commits_content = true;
  EXPECT_EQ(replaced_by(), "");
  EXPECT_EQ(replaced_by({{"a1", "b2"}}), "b2") << "the journal knows that it does";
  std::swap(old_.commits_content, later_.commits_content);
  EXPECT_EQ(replaced_by(), "") << "nor the other way round";
  later_.commits_content = true;
  EXPECT_EQ(replaced_by(), "b2") << "an authority that says so of all it issues";
}

TEST_F(Inventory, ACompletedRecordJoinsItsTwoCertificatesWhateverTheirIssuers) {
  later_.issuer_key = "key:02";
  EXPECT_EQ(replaced_by({{"a1", "b2"}}), "b2");
  EXPECT_TRUE(find_certificate(token_, "a1")->renewed);
  later_.holder = "somebody else";
  EXPECT_EQ(replaced_by({{"a1", "b2"}}), "") << "but never two persons";
}

TEST_F(Inventory, AnEnrolmentJoinsNoMoreThanANameAllows) {
  later_.issuer_key = "key:02";
  const std::vector<Renewed> enrolled{{.old_sha256 = "a1", .new_sha256 = "b2", .by_name = true}};
  EXPECT_EQ(replaced_by(enrolled), "")
      << "another authority's, and valid: its own bank knows nothing of this";
  EXPECT_FALSE(find_certificate(token_, "a1")->renewed);
  old_.issuer_vouched = true;
  EXPECT_EQ(replaced_by(enrolled), "b2");
  old_.issuer_vouched = false;
  old_.not_after = at("2026-11-30T00:00:00Z");
  EXPECT_EQ(replaced_by(enrolled), "b2") << "expired: nobody logs in with it";
  EXPECT_TRUE(find_certificate(token_, "a1")->renewed);
}

TEST_F(Inventory, RecordsJoinOverACertificateThatIsGone) {
  later_.issuer_key = "key:02";
  EXPECT_EQ(replaced_by({{"a1", "gone"}, {"gone", "b2"}}), "b2");
  EXPECT_EQ(find_certificate(token_, "a1")->lineage, find_certificate(token_, "b2")->lineage);
}

TEST_F(Inventory, ACertificateWithoutItsKeyTakesNoPlace) {
  later_.key_state = KeyState::missing;
  EXPECT_EQ(replaced_by(), "");
  EXPECT_EQ(replaced_by({{"a1", "b2"}}), "");
  EXPECT_FALSE(find_certificate(token_, "a1")->renewed);
}

TEST_F(Inventory, WithoutThePinTheOneThatShowsItsPublicKeyIsSurer) {
  old_.key_state = later_.key_state = KeyState::unknown;
  EXPECT_EQ(replaced_by(), "b2");
  later_.has_public_key = false;
  EXPECT_EQ(replaced_by(), "") << "the earlier one has its key, of the later one nobody knows";
  EXPECT_EQ(replaced_by({{"a1", "b2"}}), "b2") << "the journal knows: it has logged in";
  old_.has_public_key = false;
  EXPECT_EQ(replaced_by(), "b2") << "this token shows no public keys";
}

TEST_F(Inventory, WhatIsNotValidYetTakesNoPlaceYet) {
  later_.not_before = now + std::chrono::hours{1};
  EXPECT_EQ(replaced_by(), "");
  later_.not_before = now + std::chrono::minutes{4};
  EXPECT_EQ(replaced_by(), "b2") << "give or take the skew of two clocks";
}

TEST_F(Inventory, OfTwoThatEndTogetherTheOneThatBeganLaterIsLater) {
  later_.not_after = old_.not_after;
  later_.not_before = old_.not_before + std::chrono::seconds{1};
  EXPECT_EQ(replaced_by(), "b2");
  EXPECT_EQ(find_certificate(token_, "b2")->replaced_by, "");
  later_.not_before = old_.not_before;
  EXPECT_EQ(replaced_by(), "b2") << "and else the fingerprint decides, the same way each time";
}

TEST_F(Inventory, OnlyTheOldOneOfACompletedRecordIsOfferedForDeletion) {
  ASSERT_EQ(replaced_by(), "b2");
  EXPECT_EQ(deletion_of(*find_certificate(token_, "a1")), Deletion::not_renewed);
  replaced_by({{"a1", "b2"}});
  EXPECT_EQ(deletion_of(*find_certificate(token_, "a1")), Deletion::renewed);
  EXPECT_EQ(deletion_of(*find_certificate(token_, "b2")), Deletion::not_renewed);
  old_.decrypts = true;
  replaced_by({{"a1", "b2"}});
  EXPECT_EQ(deletion_of(*find_certificate(token_, "a1")), Deletion::decrypting);
}

TEST_F(Inventory, WhatHasExpiredWarrantsNoDeletion) {
  old_ = certificate("a1", "2025-11-01T00:00:00Z");
  later_ = certificate("b2", "2026-11-01T00:00:00Z");
  EXPECT_EQ(replaced_by({{"a1", "b2"}}), "b2");
  EXPECT_FALSE(find_certificate(token_, "a1")->renewed);
}

TEST_F(Inventory, DeletionFollowsTheRecordsOverWhatIsGone) {
  const auto oldest = certificate("c3", "2025-12-13T00:00:00Z");
  token_ = token_with({later_, oldest});
  assign_lineages(token_, {{{"c3", "a1"}, {"a1", "b2"}}, {}}, now);
  EXPECT_TRUE(find_certificate(token_, "c3")->renewed);
}

TEST_F(Inventory, SomethingMayBeHiddenWhereAKeyBelongsToNoCertificate) {
  const Settings::Expect expect;
  token_ = token_with({});
  EXPECT_FALSE(may_hide_ours(token_, expect, true)) << "everything was seen";
  token_.private_objects_hidden = true;
  EXPECT_FALSE(may_hide_ours(token_, expect, false)) << "what a new token looks like";
  EXPECT_TRUE(may_hide_ours(token_, expect, true));
  token_.keys_without_certificate.push_back({"01", "key", "ec-p256", false, false, {}, {}});
  EXPECT_TRUE(may_hide_ours(token_, expect, false));
  token_.certificates = {old_};
  EXPECT_FALSE(may_hide_ours(token_, expect, false)) << "one of ours shows";
}

TEST(NamesUser, IsTheUserIdOrEndsWithIt) {
  EXPECT_TRUE(names_user("12345678901234 user0001", "user0001"));
  EXPECT_TRUE(names_user("user0001", "user0001"));
  EXPECT_TRUE(names_user("anybody", ""));
  EXPECT_FALSE(names_user("12345678901234 xuser0001", "user0001"));
  EXPECT_FALSE(names_user("", "user0001"));
}

TEST_F(Inventory, ARefusedOneTakesNobodysPlaceAndTheOldOneStandsInItsPlace) {
  token_ = token_with({later_, old_});
  assign_lineages(token_, {{}, {{"a1", "b2"}}}, now);
  EXPECT_EQ(find_certificate(token_, "a1")->replaced_by, "");
  EXPECT_FALSE(find_certificate(token_, "a1")->renewed);
  EXPECT_EQ(find_certificate(token_, "b2")->replaced_by, "a1");
}

TEST_F(Inventory, OneThatWasRenewedAfreshSinceTakesThePlaceOfBoth) {
  token_ = token_with({old_, later_, certificate("c3", "2027-12-01T00:00:00Z")});
  assign_lineages(token_, {{{"a1", "c3"}}, {{"a1", "b2"}}}, now);
  EXPECT_EQ(find_certificate(token_, "a1")->replaced_by, "c3");
  EXPECT_TRUE(find_certificate(token_, "a1")->renewed);
  EXPECT_EQ(find_certificate(token_, "b2")->replaced_by, "c3");
  EXPECT_EQ(find_certificate(token_, "c3")->replaced_by, "");
}

TEST_F(Inventory, ARefusedOneWhoseOldOneIsGoneStandsForItself) {
  token_ = token_with({later_});
  assign_lineages(token_, {{}, {{"a1", "b2"}}}, now);
  EXPECT_EQ(find_certificate(token_, "b2")->replaced_by, "");
}

class WrittenElsewhere : public Inventory {
 protected:
  Settings::Expect expect_;
  WrittenElsewhere() { later_.key_id = "6b6f7368" + std::string(32, '1'); }
  /// Its fingerprint; empty when there is none.
  std::string found(const std::vector<Record>& records = {}) {
    token_ = token_with({old_, later_});
    assign_lineages(token_, {}, now);
    const CertificateReport* one = written_elsewhere(token_, records, expect_);
    return one == nullptr ? "" : one->sha256;
  }
};

TEST_F(WrittenElsewhere, IsWhatHasTheMarkAndStandsInThePlaceOfAnother) {
  EXPECT_EQ(found(), "b2");
  EXPECT_EQ(predecessor_of(*find_certificate(token_, "b2"), token_)->sha256, "a1");
}

TEST_F(WrittenElsewhere, IsNotWhatThisComputerKnows) {
  Record record;
  record.key_id = {0x6b, 0x6f, 0x73, 0x68};
  record.key_id.resize(20, 0x11);
  EXPECT_EQ(found({record}), "");
}

TEST_F(WrittenElsewhere, IsNotWhatHasNoMarkNoKeyAnotherPurposeOrNoPredecessor) {
  const CertificateReport fitting = later_;
  later_.key_id = std::string(40, '1');
  EXPECT_EQ(found(), "");
  later_ = fitting;
  later_.key_state = messages::KeyState::missing;
  EXPECT_EQ(found(), "");
  later_ = fitting;
  later_.purpose = old_.purpose = Purpose::signature;
  EXPECT_EQ(found(), "");
  later_ = fitting;
  EXPECT_EQ(found(), "") << "the old one is of another purpose";
}

}  // namespace
}  // namespace koshin::renewal
