// SPDX-License-Identifier: MIT
// What real tokens carry beside the log-in certificate, and what it does to the jobs: nothing, unless it is
// the log-in certificate's own.
#include <gmock/gmock.h>

#include "enrollment/pki.hpp"
#include "foundation/base/clock.hpp"
#include "pkcs11/session.hpp"
#include "renewal/policy/decision.hpp"
#include "renewal/policy/inventory.hpp"
#include "renewal/policy/policy.hpp"
#include "renewal_fixture.hpp"
#include "support/raw_objects.hpp"

namespace koshin::test {
namespace {

namespace pki = enrollment::test;
using messages::InspectResult;
using messages::JobKind;
using messages::KeyState;
using messages::PruneResult;
using messages::Purpose;
using messages::RenewResult;

class TokenContents : public RenewalTest {
 protected:
  TokenContents() : vpn_(pki::Issuer::make_root("Corp VPN CA", now())) {}
  static TimePoint now() { return current_time(); }
  static std::string sha256(const Bytes& der) { return enrollment::sha256_of(pkcs11::ByteView(der)); }

  /// Of another authority, for the same subject.
  Bytes issue_elsewhere(const EVP_PKEY* key, int days_left,
                        std::vector<std::pair<int, std::string>> usages = {
                            {NID_key_usage, "digitalSignature"}, {NID_ext_key_usage, "clientAuth"}}) {
    pki::CertificateSpec spec;
    spec.subject = pki::user_name(default_user);
    spec.public_key = pki::public_key(key);
    spec.extensions = std::move(usages);
    spec.not_before = now() - std::chrono::days{100};
    spec.not_after = now() + std::chrono::days{days_left};
    return vpn_.issue(spec).der();
  }
  /// A whole pair with a certificate.
  void put(const EVP_PKEY* key, const Bytes& certificate, const Bytes& id, bool is_private = false) {
    RawObjects objects("demo", pin_of_token);
    objects.add_private_key(key, id);
    objects.add_public_key(key, id);
    objects.add_certificate(certificate, {id, "other", is_private});
  }
  messages::TokenReport inspect() { return run(JobKind::inspect).as<InspectResult>().tokens.front(); }
  messages::TokenReport inspect_without_pin() {
    const std::string kept = std::exchange(pin, "");
    auto report = inspect();
    pin = kept;
    return report;
  }
  Ending prune(const std::string& fingerprint, bool also_not_renewed, bool also_decrypting = false) {
    return run(JobKind::prune, [&](auto& job) {
      job.certificate_sha256 = fingerprint;
      job.also_not_renewed = also_not_renewed;
      job.also_decrypting = also_decrypting;
    });
  }
  static const messages::CertificateReport* find(const messages::TokenReport& token, const Bytes& der) {
    return renewal::find_certificate(token, sha256(der));
  }

  pki::Issuer vpn_;
  const std::string pin_of_token = SoftHsm::default_pin;
};

TEST_F(TokenContents, AnotherAuthoritysCertificateOfTheSameSubjectIsNotDeleted) {
  const auto key = pki::make_ec_key();
  const Bytes old = provision_token();
  const Bytes vpn = issue_elsewhere(key.get(), 200);
  put(key.get(), vpn, {9});
  ASSERT_EQ(renew().name(), "completed") << "and it does not hide the one that is due";
  allow_destruction();
  EXPECT_EQ(prune({}, false).as<PruneResult>().deleted.sha256, sha256(old));
  EXPECT_EQ(prune({}, false).name(), "nothing_to_delete");
  EXPECT_EQ(prune(sha256(vpn), false).name(), "prune_not_allowed");
  EXPECT_NE(find(inspect(), vpn), nullptr);
  EXPECT_EQ(prune({}, true).name(), "nothing_to_delete") << "what was not named is not confirmed";
  EXPECT_EQ(prune(sha256(vpn), true).name(), "pruned");
}

/// The bank's new root vouches for its old one; which issuing authority is the old one's, the bank alone
/// tells.
TEST_F(TokenContents, WhatTheAuthorityTellsOfItsIssuersCountsBeforeAnythingIsMade) {
  provision_token();
  const auto key = pki::make_ec_key();
  put(key.get(), issue_elsewhere(key.get(), 200), {9});  // by the new root
  const auto root = enrollment::Certificate::from_pem_file(bank.anchors().string()).front();
  pki::CertificateSpec cross;
  cross.subject = root.subject_der();
  cross.public_key = root.public_key_der();
  cross.extensions = {{NID_basic_constraints, "critical,CA:TRUE"}};
  cross.not_before = now() - std::chrono::days{1};
  cross.not_after = now() + std::chrono::days{100};
  settings.authority.trust_anchors = directory.path() / "both-roots.pem";
  pki::write_pem(settings.authority.trust_anchors, {root, vpn_.certificate(), vpn_.issue(cross)});
  EXPECT_TRUE(renewal::choose_certificate(inspect(), {}, settings, now(), false).certificate != nullptr)
      << "as far as can be told without the bank, there are two of them";
  EXPECT_EQ(renew().name(), "not_due");
  EXPECT_EQ(bank.requests("cacerts"), 1U);
  EXPECT_EQ(bank.requests("simplereenroll"), 0U);
  EXPECT_EQ(contents().private_keys.size(), 2U) << "a key was made for what has been replaced";
  EXPECT_FALSE(unfinished().has_value());
  EXPECT_EQ(renew().name(), "not_due");
  EXPECT_EQ(bank.requests("cacerts"), 1U) << "it is known by now";
}

TEST_F(TokenContents, WhatOldMailIsEncryptedForTakesAThirdYes) {
  const auto key = pki::make_ec_key();
  provision_token();
  const Bytes mail = issue_elsewhere(
      key.get(), 5, {{NID_key_usage, "keyAgreement"}, {NID_ext_key_usage, "emailProtection"}});
  put(key.get(), mail, {9});
  EXPECT_EQ(find(inspect(), mail)->purpose, Purpose::encryption);
  EXPECT_EQ(prune(sha256(mail), true).name(), "prune_not_allowed");
  allow_destruction();
  EXPECT_EQ(prune(sha256(mail), true, true).name(), "pruned");
}

TEST_F(TokenContents, ASiblingForSomethingElseHidesNothing) {
  const Bytes old = provision_token();
  int id = 20;
  for (const char* usages : {"keyAgreement", "digitalSignature,nonRepudiation"}) {
    const auto key = pki::make_ec_key();
    put(key.get(),
        issue_elsewhere(key.get(), 300, {{NID_key_usage, usages}, {NID_ext_key_usage, "emailProtection"}}),
        {static_cast<std::uint8_t>(++id)});
  }
  EXPECT_EQ(find(inspect_without_pin(), old)->replaced_by, "");
  EXPECT_EQ(renew().name(), "completed");
}

TEST_F(TokenContents, AnAuthoritysCertificateIsNeverACandidate) {
  for (const int days_left : {-3, 200}) {
    hsm.remove_token("demo");
    hsm.init_token("demo");
    provision_token(pkcs11::KeyAlgorithm::ec_p256, days_left);
    RawObjects("demo", pin_of_token).add_certificate(vpn_.certificate().der(), {{}, "ca"});
    const auto token = inspect_without_pin();
    EXPECT_EQ(find(token, vpn_.certificate().der())->purpose, Purpose::authority);
    const auto verdict = renewal::decide({.token = token, .settings = settings, .now = now()});
    EXPECT_EQ(verdict.decision,
              days_left < 0 ? renewal::Decision::reissue_needed : renewal::Decision::not_due);
  }
}

TEST_F(TokenContents, APrivateCertificateIsUnknownAndNotMissingUntilThePinIsGiven) {
  const auto key = pki::make_ec_key();
  const Bytes certificate = bank.issue(pki::public_key(key.get()), default_user, 3);
  put(key.get(), certificate, {1}, true);
  const auto seen = inspect_without_pin();
  EXPECT_TRUE(seen.private_objects_hidden);
  EXPECT_THAT(seen.certificates, testing::IsEmpty());
  const auto verdict = renewal::decide({.token = seen, .settings = settings, .now = now()});
  EXPECT_EQ(verdict.decision, renewal::Decision::cannot_be_told);
  EXPECT_TRUE(verdict.notify);
  const auto all = inspect();
  EXPECT_FALSE(all.private_objects_hidden);
  ASSERT_NE(find(all, certificate), nullptr);
  EXPECT_EQ(find(all, certificate)->key_state, KeyState::present);
  const auto memories = journal()->memories();
  ASSERT_THAT(memories, testing::SizeIs(1)) << "so that the PIN is not asked for in vain each day";
  EXPECT_EQ(memories.front().not_after, find(all, certificate)->not_after);
  EXPECT_EQ(renew().name(), "completed");
}

TEST_F(TokenContents, AnEcKeyThatDoesNotSayWhoseItIsIsAskedOnce) {
  const auto key = pki::make_ec_key(), stranger = pki::make_ec_key();
  const Bytes certificate = bank.issue(pki::public_key(key.get()), default_user, 12);
  {
    RawObjects objects("demo", pin_of_token);
    objects.add_private_key(stranger.get(), {7});
    objects.add_private_key(key.get(), {8});
    objects.add_certificate(certificate, {{}, "no CKA_ID"});
  }
  EXPECT_EQ(find(inspect_without_pin(), certificate)->key_state, KeyState::unknown);
  const auto token = inspect();
  EXPECT_EQ(find(token, certificate)->key_state, KeyState::present);
  EXPECT_THAT(token.keys_without_certificate, testing::SizeIs(1)) << "the stranger";
  EXPECT_EQ(renew().name(), "completed");
}

TEST_F(TokenContents, AKeyThatMayNotSignIsNotSaidToBeMissing) {
  const auto key = pki::make_ec_key();
  const Bytes certificate = bank.issue(pki::public_key(key.get()), default_user, 12);
  {
    RawObjects objects("demo", pin_of_token);
    objects.add_private_key(key.get(), {7}, false);
    objects.add_public_key(key.get(), {7});
    objects.add_certificate(certificate, {{7}, "for decryption"});
  }
  EXPECT_EQ(renew().name(), "key_may_not_sign");
}

TEST_F(TokenContents, AKeyOfAnotherCertificateIsNotTakenForIt) {
  const auto key = pki::make_ec_key(), gone = pki::make_ec_key();
  const Bytes mine = bank.issue(pki::public_key(key.get()), default_user, 300);
  const Bytes keyless = bank.issue(pki::public_key(gone.get()), default_user, 400);
  {
    RawObjects objects("demo", pin_of_token);
    objects.add_private_key(key.get(), {1});
    objects.add_certificate(keyless, {{1}, "came first"});
    objects.add_certificate(mine, {{1}, "came later"});
  }
  const auto token = inspect();
  EXPECT_EQ(find(token, mine)->key_state, KeyState::present);
  EXPECT_EQ(find(token, keyless)->key_state, KeyState::missing);
  EXPECT_EQ(find(token, mine)->replaced_by, "") << "by one whose key is not there";
}

TEST_F(TokenContents, WhatCannotBeReadStopsNothing) {
  const Bytes old = provision_token();
  Bytes padded_serial = old;
  padded_serial.resize(padded_serial.size() / 2);
  const Bytes id = contents().certificates.front().id;
  {
    RawObjects objects("demo", pin_of_token);
    objects.add_certificate(Bytes{}, {id, "empty"});
    objects.add_certificate(Bytes{0x30, 0x00}, {id, "nothing in it"});
    objects.add_certificate(padded_serial, {{}, "half of one"});
    objects.add_certificate(Bytes(70'000, 0x41), {{5}, "large"});
    objects.add_certificate(old, {{}, "a copy without the key's CKA_ID"});
  }
  const auto token = inspect();
  EXPECT_EQ(std::count_if(token.certificates.begin(), token.certificates.end(),
                          [](const auto& one) { return one.purpose == Purpose::unreadable; }),
            4);
  EXPECT_EQ(std::count_if(token.certificates.begin(), token.certificates.end(),
                          [&](const auto& one) { return one.sha256 == sha256(old); }),
            1)
      << "the same certificate stored twice is one";
  ASSERT_EQ(renew().name(), "completed");
  allow_destruction();
  ASSERT_EQ(prune({}, false).name(), "pruned");
  EXPECT_EQ(find(inspect(), old), nullptr) << "with its copy";
  reissue_code = bank.reissue_code(default_user);
  EXPECT_EQ(run(JobKind::enroll, [](auto& job) { job.force = true; }).name(), "completed");
}

TEST_F(TokenContents, ATokenWithNothingButGarbageCanBeEnrolled) {
  RawObjects("demo", pin_of_token).add_certificate(Bytes{1, 2, 3}, {{1}, "garbage"});
  EXPECT_EQ(renew().name(), "certificate_not_found");
  reissue_code = bank.reissue_code(default_user);
  EXPECT_EQ(run(JobKind::enroll, [](auto& job) { job.subject_user = "user0001"; }).name(), "completed");
}

}  // namespace
}  // namespace koshin::test
