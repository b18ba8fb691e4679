// SPDX-License-Identifier: MIT
// Which token the journal's entries are about.
#include <gmock/gmock.h>

#include "renewal/policy/inventory.hpp"
#include "report_builder.hpp"

namespace koshin::renewal {
namespace {

using messages::CertificateReport;
using messages::TokenReport;
using test::at;
using test::certificate;
using test::token_with;

class TokenRecords : public ::testing::Test {
 protected:
  CertificateReport old_ = certificate("a1", "2026-12-13T00:00:00Z"),
                    later_ = certificate("b2", "2027-06-01T00:00:00Z");
  TokenReport token_;
};

TEST_F(TokenRecords, TheJournalOfAnotherTokenWithTheSameSerialNumberIsNotInherited) {
  Record record;
  record.state = State::generated;
  record.token_label = "other";
  record.old_sha256 = "a1";
  record.key_id = {0x0a, 0x0b};
  token_ = token_with({old_});
  EXPECT_EQ(match_record(record, token_), RecordMatch::yes) << "the certificate it renews is here";
  token_ = token_with({later_});
  EXPECT_EQ(match_record(record, token_), RecordMatch::no);
  token_.private_objects_hidden = true;
  EXPECT_EQ(match_record(record, token_), RecordMatch::unknown);
  token_.keys_without_certificate.push_back({"0a0b", "new", "ec-p256", false, false, {}, {}});
  EXPECT_EQ(match_record(record, token_), RecordMatch::yes) << "its key pair is here";
}

TEST_F(TokenRecords, ARecordThatHasMadeNothingYetGoesByTheLabel) {
  Record record;
  record.enrollment = true;
  record.token_label = "demo";
  record.key_id = {0x0a};
  token_ = token_with({});
  EXPECT_EQ(match_record(record, token_), RecordMatch::yes);
  token_.label = "another";
  EXPECT_EQ(match_record(record, token_), RecordMatch::no);
}

TEST_F(TokenRecords, OfSeveralUnfinishedRecordsTheLatestThatBelongsToTheTokenIsTold) {
  token_ = token_with({old_});
  const auto record = [&](std::int64_t number, const std::string& old) {
    Record made;
    made.number = number;
    made.token = token_key(token_);
    made.state = State::requested;
    made.old_sha256 = old;
    made.key_id = {static_cast<std::uint8_t>(number)};
    return made;
  };
  std::vector<Record> all{record(1, "a1"), record(2, "a1"), record(3, "of another token")};
  ASSERT_NE(unfinished_on(token_, all), nullptr);
  EXPECT_EQ(unfinished_on(token_, all)->number, 2);
  all[1].token.serial = "another";
  EXPECT_EQ(unfinished_on(token_, all)->number, 1);
  all[0].state = State::completed;
  EXPECT_EQ(unfinished_on(token_, all), nullptr);
  token_.private_objects_hidden = true;
  all[2].token_label = token_.label;
  EXPECT_EQ(unfinished_on(token_, all)->number, 3) << "what is hidden is told by the label";
}

TEST_F(TokenRecords, WhatIsRememberedOfATokenIsOfThatLabelOrCertificate) {
  TokenMemory memory;
  memory.label = "demo";
  memory.certificate_sha256 = "a1";
  token_ = token_with({});
  EXPECT_TRUE(belongs_to(memory, token_));
  token_.label = "another";
  EXPECT_FALSE(belongs_to(memory, token_));
  token_.certificates = {old_};
  EXPECT_TRUE(belongs_to(memory, token_));
}

TEST_F(TokenRecords, WhereTheSerialNumberSaysNothingTheLabelTakesPart) {
  for (const char* serial : {"", "0", "0000000000000000", "123", "  "}) {
    EXPECT_NE(token_key("IBM", "Soft", serial, "a"), token_key("IBM", "Soft", serial, "b")) << serial;
  }
  EXPECT_EQ(token_key("IBM", "Soft", "0123", "a"), token_key("IBM", "Soft", "0123", "b"));
}

class DullSerial : public TokenRecords {
 protected:
  DullSerial() {
    token_ = token_with({later_});
    token_.serial = "0000000000000000";
    token_.private_objects_hidden = true;
    record_.token = token_key(token_);
    record_.token_label = token_.label;
    record_.state = State::requested;
    record_.old_sha256 = "a1";
    record_.key_id = {0x0a, 0x0b};
  }
  Record record_;
};

TEST_F(DullSerial, IsOneOfMany) {
  EXPECT_TRUE(is_one_of_many(token_key("IBM", "Soft", "123", "a")));
  EXPECT_TRUE(is_one_of_many(token_key("TPM", "2.0", "0000", "a|b")));
  EXPECT_FALSE(is_one_of_many(token_key("IBM", "Soft", "0123", "a")));
  EXPECT_EQ(serial_number(record_.token), "0000000000000000");
}

TEST_F(DullSerial, ARecordWhoseCertificateDoesNotShowIsAnotherTokens) {
  EXPECT_FALSE(belongs_to(record_, token_)) << "certificates show, and this one does not";
  token_.certificates = {old_};
  EXPECT_TRUE(belongs_to(record_, token_));
  token_.certificates = {};
  EXPECT_TRUE(belongs_to(record_, token_)) << "all of them may be private objects";
  token_.certificates = {later_};
  token_.certificates.front().is_private = true;
  EXPECT_TRUE(belongs_to(record_, token_)) << "known from the PIN only, as the old one may be";
}

/// Each PIV card has a slot 9a: the second legs of two cards have the same CKA_ID.
TEST_F(DullSerial, TheNumberOfASlotIsNoNameOfACard) {
  record_.key_id = {0x01};
  record_.certificate = {0x30};
  record_.new_not_after = at("2027-11-28T00:00:00Z");
  token_.certificates.front().key_id = "01";
  EXPECT_EQ(match_record(record_, token_), RecordMatch::unknown);
  EXPECT_FALSE(belongs_to(record_, token_)) << "the other card's certificate is in its slot 9a";
  token_.private_objects_hidden = false;
  EXPECT_FALSE(belongs_to(record_, token_));
  token_.certificates.front().not_after = record_.new_not_after;
  EXPECT_EQ(match_record(record_, token_), RecordMatch::yes) << "what was issued for it is here";
  token_.certificates = {old_};
  EXPECT_EQ(match_record(record_, token_), RecordMatch::yes) << "the certificate it renews is here";
}

TEST_F(DullSerial, WithASerialNumberOfItsOwnTheLabelSuffices) {
  token_.serial = "0123";
  EXPECT_TRUE(belongs_to(record_, token_));
}

TEST_F(DullSerial, OfEachTokenTheOwnRecordIsFoundAndNotTheLatest) {
  Record other = record_;
  other.old_sha256 = later_.sha256;
  other.key_id = {0x0c};
  record_.number = 2;
  other.number = 1;
  const std::vector<Record> all{other, record_};
  const auto* found = unfinished_on(token_, all);
  ASSERT_NE(found, nullptr);
  EXPECT_EQ(found->number, 1);
}

}  // namespace
}  // namespace koshin::renewal
