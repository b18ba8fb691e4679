// SPDX-License-Identifier: MIT
// Certificates for signatures and encryption beside the one that logs in: each renewed at its own label,
// proved by its key, and cut at each entry of the journal.
#include "renewal_fixture.hpp"

namespace koshin::test {
namespace {

using messages::JobKind;
using ::testing::Contains;
using ::testing::HasSubstr;

const TestBank::Order for_signatures{.usage = "critical,digitalSignature,nonRepudiation",
                                     .extended_usage = "emailProtection"};
const TestBank::Order for_agreement{.usage = "critical,keyAgreement", .extended_usage = "emailProtection"};
const TestBank::Order for_enciphering{.usage = "critical,keyEncipherment",
                                      .extended_usage = "emailProtection"};
const TestBank::Order for_log_in_and_mail{.usage = "critical,digitalSignature,keyAgreement",
                                          .extended_usage = "clientAuth,emailProtection"};

/// The entries of a renewal: planned, generated, requested, issued, written, completed.
constexpr int last_save = 6;

class AllPurposes : public RenewalTest {
 protected:
  AllPurposes() {
    settings.expect.purposes = {"login", "signature", "encryption"};
    settings.authority.signature_label = "signature";
    settings.authority.encryption_label = "encryption";
  }
  static std::string sha256_of(const Bytes& certificate) {
    return enrollment::Certificate::from_der(certificate).sha256();
  }
  Bytes add(const TestBank::Order& order, pkcs11::KeyAlgorithm algorithm = pkcs11::KeyAlgorithm::ec_p256) {
    return provision_as(hsm, "demo", bank, order, algorithm);
  }
  Ending renew(const Bytes& certificate) {
    return run(JobKind::renew, [&](auto& job) { job.certificate_sha256 = sha256_of(certificate); });
  }
  /// Renewed under the same purpose, and never claimed to have logged in.
  void expect_renewed_by_key(const Ending& ending, messages::Purpose purpose, const std::string& notice) {
    ASSERT_EQ(ending.name(), "completed") << ending.failure.value_or(Failure{}).detail;
    const auto& result = ending.as<messages::RenewResult>();
    EXPECT_EQ(result.new_certificate.purpose, purpose);
    EXPECT_EQ(result.old_certificate.replaced_by, result.new_certificate.sha256);
    EXPECT_EQ(result.new_certificate.key_state, messages::KeyState::present);
    EXPECT_THAT(ending.notices(), Contains(notice));
    for (const auto& one : contents().certificates)
      EXPECT_FALSE(one.certificate.size() > 0 &&
                   sha256_of(one.certificate) == result.new_certificate.sha256 &&
                   bank.has_logged_in(one.certificate));
  }
};

TEST_F(AllPurposes, ASignatureIsRenewedAtItsLabelAndProvedByASignature) {
  provision_token(pkcs11::KeyAlgorithm::ec_p256, 200);
  const Bytes old = add(for_signatures);
  protect_objects();
  const auto logins = bank.logins();
  expect_renewed_by_key(renew(old), messages::Purpose::signature, "proved_by_signature");
  EXPECT_EQ(bank.logins(), logins);
}

TEST_F(AllPurposes, AKeyForEncryptionIsShownToDecrypt) {
  provision_token(pkcs11::KeyAlgorithm::ec_p256, 200);
  const Bytes by_agreement = add(for_agreement);
  protect_objects();
  expect_renewed_by_key(renew(by_agreement), messages::Purpose::encryption, "proved_by_decryption");
}

TEST_F(AllPurposes, SoIsOneOfRsa) {
  provision_token(pkcs11::KeyAlgorithm::ec_p256, 200);
  const Bytes by_rsa = add(for_enciphering, pkcs11::KeyAlgorithm::rsa_2048);
  protect_objects();
  expect_renewed_by_key(renew(by_rsa), messages::Purpose::encryption, "proved_by_decryption");
}

TEST_F(AllPurposes, WithoutANameTheLogInComesFirstAndEachHasItsRecord) {
  provision_token();
  add(for_signatures);
  add(for_agreement);
  protect_objects();
  std::vector<messages::Purpose> order;
  for (int i = 0; i < 3; ++i) {
    const Ending ending = RenewalTest::renew();
    ASSERT_EQ(ending.name(), "completed") << ending.failure.value_or(Failure{}).detail;
    order.push_back(ending.as<messages::RenewResult>().new_certificate.purpose);
  }
  EXPECT_THAT(order, ::testing::ElementsAre(messages::Purpose::log_in, messages::Purpose::signature,
                                            messages::Purpose::encryption));
  EXPECT_EQ(RenewalTest::renew().name(), "not_due");
  EXPECT_EQ(journal()->history(10).size(), 3U);
}

TEST_F(AllPurposes, WhatTheSettingsDoNotNameIsRefused) {
  settings.expect.purposes = {"login"};
  provision_token(pkcs11::KeyAlgorithm::ec_p256, 200);
  const Ending ending = renew(add(for_signatures));
  EXPECT_EQ(ending.name(), "certificate_not_found");
  EXPECT_THAT(ending.failure->detail, HasSubstr("renewal.purposes"));
}

TEST_F(AllPurposes, ACertificateForSomethingElseIsNotWritten) {
  settings.authority.signature_label = "encryption";
  provision_token(pkcs11::KeyAlgorithm::ec_p256, 200);
  const Bytes old = add(for_signatures);
  protect_objects();
  EXPECT_EQ(renew(old).name(), "issued_usage_changed");
  EXPECT_EQ(contents().certificates.size(), 2U);
}

TEST_F(AllPurposes, AnUnfinishedSignatureThatFailsDoesNotKeepTheLogInFromBeingRenewed) {
  provision_token();
  const Bytes signature = add(for_signatures);
  protect_objects();
  bank.set("simplereenroll.status", "500:down");
  ASSERT_NE(renew(signature).name(), "completed");
  bank.set("simplereenroll.status", "0");
  ASSERT_EQ(journal()->all_unfinished().size(), 1U);
  const Ending ending = RenewalTest::renew();
  ASSERT_EQ(ending.name(), "completed") << ending.failure.value_or(Failure{}).detail;
  EXPECT_EQ(ending.as<messages::RenewResult>().new_certificate.purpose, messages::Purpose::log_in);
  const Ending further = RenewalTest::renew();
  ASSERT_EQ(further.name(), "completed") << further.failure.value_or(Failure{}).detail;
  EXPECT_EQ(further.as<messages::RenewResult>().new_certificate.purpose, messages::Purpose::signature);
  EXPECT_EQ(journal()->history(10).size(), 2U) << "the same renewal went on";
}

TEST_F(AllPurposes, OfTwoThatHaveFailedEachGoesOnWithItsOwnPair) {
  provision_token(pkcs11::KeyAlgorithm::ec_p256, 200);
  const Bytes signature = add(for_signatures), encryption = add(for_agreement);
  protect_objects();
  bank.set("simplereenroll.status", "500:down");
  for (const Bytes& one : {signature, encryption}) ASSERT_NE(renew(one).name(), "completed");
  ASSERT_EQ(journal()->all_unfinished().size(), 2U);
  bank.set("simplereenroll.status", "0");
  for (int i = 0; i < 2; ++i) {
    const Ending ending = RenewalTest::renew();
    ASSERT_EQ(ending.name(), "completed") << ending.failure.value_or(Failure{}).detail;
  }
  EXPECT_EQ(journal()->history(10).size(), 2U);
  EXPECT_EQ(contents().private_keys.size(), 5U);
}

TEST_F(AllPurposes, ABegunRenewalOfAnExpiredSignatureGoesOn) {
  provision_token(pkcs11::KeyAlgorithm::ec_p256, 200);
  const Bytes old = provision_as(hsm, "demo", bank, for_signatures, pkcs11::KeyAlgorithm::ec_p256, -1);
  protect_objects();
  die_when = DyingJournal::When::after;
  die_at = 3;
  ASSERT_EQ(renew(old).name(), "killed");
  die_when = DyingJournal::When::never;
  expect_renewed_by_key(RenewalTest::renew(), messages::Purpose::signature, "proved_by_signature");
  EXPECT_EQ(journal()->history(10).size(), 1U);
}

/// A cut right before or right after each entry, for a signature and for encryption.
class CutPurposes : public AllPurposes,
                    public ::testing::WithParamInterface<std::tuple<bool, DyingJournal::When, int>> {};

TEST_P(CutPurposes, TheSameRenewalGoesOnWithTheSamePair) {
  const auto [signature, when, save] = GetParam();
  provision_token(pkcs11::KeyAlgorithm::ec_p256, 200);
  const Bytes old = add(signature ? for_signatures : for_agreement);
  protect_objects();
  die_when = when;
  die_at = save;
  ASSERT_EQ(renew(old).name(), "killed");
  die_when = DyingJournal::When::never;
  const Ending ending = renew(old);
  if (save == last_save && when == DyingJournal::When::after) {
    EXPECT_EQ(ending.name(), "certificate_not_found") << "it was done: the new one has replaced it";
  } else {
    ASSERT_EQ(ending.name(), "completed") << ending.failure.value_or(Failure{}).detail;
  }
  EXPECT_EQ(contents().certificates.size(), 3U);
  EXPECT_EQ(contents().private_keys.size(), 3U) << "one new pair";
  EXPECT_EQ(journal()->history(10).size(), 1U);
}

INSTANTIATE_TEST_SUITE_P(AtEachEntry, CutPurposes,
                         ::testing::Combine(::testing::Bool(),
                                            ::testing::Values(DyingJournal::When::before,
                                                              DyingJournal::When::after),
                                            ::testing::Range(1, last_save + 1)));

TEST_F(AllPurposes, PruningLeavesTheKeyThatReadsOldMail) {
  provision_token(pkcs11::KeyAlgorithm::ec_p256, 200);
  const Bytes old = add(for_agreement);
  const Bytes signature = add(for_signatures);
  ASSERT_EQ(renew(old).name(), "completed");
  ASSERT_EQ(renew(signature).name(), "completed");
  const auto keys = contents().private_keys.size();
  const auto prune = [&](const Bytes& certificate, bool also_decrypting) {
    return run(JobKind::prune, [&](auto& job) {
      job.certificate_sha256 = sha256_of(certificate);
      job.also_decrypting = also_decrypting;
    });
  };
  EXPECT_EQ(prune(old, false).name(), "prune_not_allowed");
  const Ending pruned = prune(old, true);
  ASSERT_TRUE(pruned.result) << pruned.failure.value_or(Failure{}).detail;
  const auto& kept = pruned.as<messages::PruneResult>().kept;
  ASSERT_EQ(kept.size(), 1U);
  EXPECT_TRUE(kept.front().is_private);
  EXPECT_EQ(contents().private_keys.size(), keys);
  EXPECT_EQ(contents().certificates.size(), 4U);
  ASSERT_TRUE(prune(signature, false).result);
  EXPECT_EQ(contents().private_keys.size(), keys - 1) << "a signature's key goes with it";
}

/// Renews twice, deletes the middle certificate, whose key stays, and renews the first once more: as this
/// computer and, where `forgetting`, as one that has never seen the token.
class KeptKeys : public AllPurposes {
 protected:
  void expect_kept(const Bytes& old, bool forgetting) {
    ASSERT_EQ(renew(old).name(), "completed");
    const auto second = last().certificate;
    settings.renewal.window = CalendarDuration{.years = 2};
    bank.set("validity_days", "800");
    ASSERT_EQ(renew(second).name(), "completed");
    const Ending pruned = run(JobKind::prune, [&](auto& job) {
      job.certificate_sha256 = sha256_of(second);
      job.also_decrypting = true;
    });
    ASSERT_EQ(pruned.as<messages::PruneResult>().kept.size(), 1U);
    const auto kept = contents().private_keys.size();
    if (forgetting) std::filesystem::remove(directory.path() / "journal.sqlite");
    EXPECT_EQ(cancel().name(), "nothing_unfinished");
    EXPECT_EQ(contents().private_keys.size(), kept);
    const Ending again = run(JobKind::renew, [&](auto& job) {
      job.force = true;
      job.certificate_sha256 = sha256_of(old);
    });
    ASSERT_EQ(again.name(), "completed") << again.failure.value_or(Failure{}).detail;
    EXPECT_EQ(contents().private_keys.size(), kept + 1) << "neither removed nor certified again";
  }
};

TEST_F(KeptKeys, AKeyThatPruningLeftIsNeverTakenForAnUnusedOne) {
  provision_token(pkcs11::KeyAlgorithm::ec_p256, 200);
  expect_kept(add(for_agreement), false);
}

TEST_F(KeptKeys, NorByAnotherComputer) {
  provision_token(pkcs11::KeyAlgorithm::ec_p256, 200);
  expect_kept(add(for_agreement), true);
}

TEST_F(KeptKeys, NorIsTheKeyOfACertificateForMailThatAlsoLogsIn) {
  settings.authority.label = "mail";
  expect_kept(add(for_log_in_and_mail), false);
}

TEST_F(KeptKeys, NorIsThatOneByAnotherComputer) {
  settings.authority.label = "mail";
  expect_kept(add(for_log_in_and_mail), true);
}

/// What nobody has encrypted for, because it was never certified, is used all the same.
TEST_F(KeptKeys, AKeyOfTheSameKindThatWasNeverCertifiedIsUsed) {
  settings.authority.label = "mail";
  add(for_log_in_and_mail);
  const auto before = contents().private_keys.size();
  constexpr int generated = 2;
  stop_after(generated);
  ASSERT_EQ(contents().private_keys.size(), before + 1);
  ASSERT_EQ(RenewalTest::renew().name(), "completed");
  EXPECT_EQ(contents().private_keys.size(), before + 1);
}

}  // namespace
}  // namespace koshin::test
