// SPDX-License-Identifier: MIT
// Deleting an old pair, and inspecting.
#include <gmock/gmock.h>

#include "pkcs11/session.hpp"
#include "renewal_fixture.hpp"
#include "support/raw_objects.hpp"

namespace koshin::test {
namespace {

using messages::InspectResult;
using messages::JobKind;
using messages::PruneResult;
using messages::RenewResult;
using pkcs11::KeyAlgorithm;
using renewal::State;

std::string sha256(const Bytes& der) {
  return enrollment::Certificate::from_der(der).sha256();
}

class Pruning : public RenewalTest {
 protected:
  Ending prune(const std::string& fingerprint = {}) {
    return run(JobKind::prune, [&](auto& job) { job.certificate_sha256 = fingerprint; });
  }
};

TEST_F(Pruning, DeletesExactlyTheOldPair) {
  const Bytes old = provision_token();
  ASSERT_EQ(renew().name(), "completed");
  const Bytes fresh = journal()->history(1).front().certificate;
  allow_destruction();
  const Ending ending = prune(sha256(old));
  ASSERT_EQ(ending.name(), "pruned") << ending.failure.value_or(Failure{}).detail;
  EXPECT_EQ(ending.as<PruneResult>().deleted.sha256, sha256(old));
  const Contents now = contents();
  ASSERT_EQ(now.certificates.size(), 1U);
  EXPECT_EQ(now.certificates.front().certificate, fresh);
  ASSERT_EQ(now.private_keys.size(), 1U);
  ASSERT_EQ(now.public_keys.size(), 1U);
  EXPECT_EQ(now.private_keys.front().id, now.certificates.front().id);
  EXPECT_EQ(prune(sha256(old)).name(), "nothing_to_delete");
}

TEST_F(Pruning, LeavesAPublicKeyThatCannotBeReadAndNamesIt) {
  provision_token();
  const Bytes id = contents().certificates.front().id;
  RawObjects("demo", hsm.pin("demo")).add_unreadable_public_key(id);
  ASSERT_EQ(renew().name(), "completed");
  allow_destruction();
  const Ending ending = prune();
  ASSERT_EQ(ending.name(), "pruned") << ending.failure.value_or(Failure{}).detail;
  ASSERT_EQ(ending.as<PruneResult>().kept.size(), 1U);
  EXPECT_EQ(ending.as<PruneResult>().kept.front().key_id, to_hex(id));
  const Contents now = contents();
  ASSERT_EQ(now.public_keys.size(), 2U);
  EXPECT_EQ(now.private_keys.size(), 1U);
  for (const auto& key : now.public_keys) EXPECT_EQ(key.id == id, key.public_key.empty());
}

TEST_F(Pruning, WithoutANameTakesTheOneThatWasReplaced) {
  const Bytes old = provision_token();
  EXPECT_EQ(prune().name(), "nothing_to_delete");
  ASSERT_EQ(renew().name(), "completed");
  allow_destruction();
  EXPECT_EQ(prune().as<PruneResult>().deleted.sha256, sha256(old));
}

TEST_F(Pruning, RefusesACertificateWithoutAProvenSuccessor) {
  const Bytes old = provision_token();
  EXPECT_EQ(prune(sha256(old)).name(), "prune_not_allowed");
  bank.set("login.status", "403:not registered");
  ASSERT_EQ(renew().name(), "proof_failed");
  EXPECT_EQ(prune(sha256(old)).name(), "prune_not_allowed") << "written, but it has not logged in";
  const Bytes written = unfinished()->certificate;
  EXPECT_EQ(prune(sha256(written)).name(), "prune_not_allowed");
}

TEST_F(Pruning, RefusesWhenTheSuccessorIsNotOnTheTokenAnyMore) {
  const Bytes old = provision_token();
  ASSERT_EQ(renew().name(), "completed");
  const Bytes id = journal()->history(1).front().key_id;
  {
    const auto module = pkcs11::Module::load(SoftHsm::module());
    const auto session = pkcs11::Session::open(module, slot_of("demo"), pkcs11::Access::read_write);
    session->login(pkcs11::User::user, hsm.pin("demo"));
    for (const auto& object : session->objects_with_id(id)) {
      if (object.object_class == pkcs11::ObjectClass::private_key) session->destroy(object);
    }
  }
  EXPECT_EQ(prune(sha256(old)).name(), "prune_not_allowed");
}

TEST_F(Pruning, LeavesAKeyThatTwoCertificatesShare) {
  const Bytes old = provision_token();
  settings.renewal.key = "renew";
  ASSERT_EQ(renew().name(), "completed");
  allow_destruction();
  ASSERT_EQ(prune(sha256(old)).name(), "pruned");
  EXPECT_EQ(contents().private_keys.size(), 1U);
  EXPECT_EQ(contents().public_keys.size(), 1U);
  EXPECT_EQ(contents().certificates.size(), 1U);
  EXPECT_EQ(run(JobKind::renew,
                [&](auto& job) {
                  job.dry_run = true;
                  job.force = true;
                })
                .name(),
            "dry_run")
      << "the key still works";
}

TEST_F(Pruning, AnotherUsersPairIsNoneOfItsBusiness) {
  const Bytes other = provision_token(KeyAlgorithm::ec_p256, 200, "12345678901234 user0002");
  const Bytes old = provision_token();
  ASSERT_EQ(renew().name(), "completed");
  EXPECT_EQ(prune(sha256(other)).name(), "prune_not_allowed");
  allow_destruction();
  ASSERT_EQ(prune(sha256(old)).name(), "pruned");
  EXPECT_EQ(contents().private_keys.size(), 2U);
}

TEST_F(Pruning, ACertificateForMailIsNotReplacedByTheLogInsOfTheSameName) {
  const Bytes old = provision_token();
  Bytes mail;
  {
    const auto module = pkcs11::Module::load(SoftHsm::module());
    const auto session = pkcs11::Session::open(module, slot_of("demo"), pkcs11::Access::read_write);
    session->login(pkcs11::User::user, hsm.pin("demo"));
    const auto pair = session->generate_key_pair(KeyAlgorithm::ec_p256, Bytes{7}, "mail");
    mail = bank.issue_for("emailProtection", pair.public_key.public_key, default_user, 5);
    session->write_certificate(mail, Bytes{7}, "mail");
  }
  ASSERT_EQ(renew().name(), "completed");
  EXPECT_EQ(prune(sha256(mail)).name(), "prune_not_allowed");
  allow_destruction();
  EXPECT_EQ(prune().as<PruneResult>().deleted.sha256, sha256(old)) << "and no doubt which one is meant";
  EXPECT_EQ(contents().private_keys.size(), 2U);
}

TEST_F(Pruning, GoesOnWhereItWasInterrupted) {
  const Bytes old = provision_token();
  const Bytes old_id = contents().certificates.front().id;
  ASSERT_EQ(renew().name(), "completed");
  allow_destruction();
  {
    const auto module = pkcs11::Module::load(SoftHsm::module());
    const auto session = pkcs11::Session::open(module, slot_of("demo"), pkcs11::Access::read_write);
    session->login(pkcs11::User::user, hsm.pin("demo"));
    for (const auto& object : session->objects_with_id(old_id)) {
      if (object.object_class == pkcs11::ObjectClass::private_key) session->destroy(object);
    }
  }
  ASSERT_EQ(prune(sha256(old)).name(), "pruned");
  EXPECT_EQ(contents().public_keys.size(), 1U);
  EXPECT_EQ(contents().certificates.size(), 1U);
}

class Inspecting : public RenewalTest {
 protected:
  Ending inspect_without_pin() {
    pin.clear();
    return run(JobKind::inspect);
  }
};

TEST_F(Inspecting, TellsWhatIsOnTheTokenWithoutAPin) {
  const Bytes der = provision_token();
  const Ending ending = inspect_without_pin();
  const auto& result = ending.as<InspectResult>();
  ASSERT_EQ(result.tokens.size(), 1U) << "SoftHSM's free slot is no news";
  const auto& token = result.tokens.front();
  EXPECT_EQ(token.label, "demo");
  EXPECT_TRUE(token.initialized);
  EXPECT_TRUE(token.pin_set);
  EXPECT_EQ(token.pin_min, 4U);
  ASSERT_EQ(token.certificates.size(), 1U);
  const auto& certificate = token.certificates.front();
  EXPECT_EQ(certificate.sha256, sha256(der));
  EXPECT_EQ(certificate.common_name, default_user);
  EXPECT_EQ(certificate.key_algorithm, "ec-p256");
  EXPECT_TRUE(certificate.has_public_key);
  EXPECT_EQ(certificate.key_state, messages::KeyState::unknown) << "cannot be told without the PIN";
  EXPECT_EQ(certificate.purpose, messages::Purpose::log_in);
  EXPECT_EQ(certificate.replaced_by, "");
  EXPECT_TRUE(token.private_objects_hidden);
}

TEST_F(Inspecting, OneModuleInTroubleDoesNotHideTheOthers) {
  provision_token();
  settings.token.modules.insert(settings.token.modules.begin(), "/nonexistent/module.so");
  const Ending ending = inspect_without_pin();
  const auto& result = ending.as<InspectResult>();
  EXPECT_EQ(result.tokens.size(), 1U);
  ASSERT_EQ(result.modules_in_trouble.size(), 1U);
  EXPECT_EQ(result.modules_in_trouble.front().failure.reason, Reason::module_not_found);
}

TEST_F(Inspecting, ShowsAnUninitialisedTokenWhenThereIsNoOther) {
  hsm.remove_token("demo");
  const Ending ending = inspect_without_pin();
  const auto& result = ending.as<InspectResult>();
  ASSERT_EQ(result.tokens.size(), 1U);
  EXPECT_FALSE(result.tokens.front().initialized);
  pin = SoftHsm::default_pin;
  EXPECT_EQ(renew().name(), "token_uninitialized");
}

TEST_F(Inspecting, MarksWhatIsSupersededAndListsLoneKeys) {
  const Bytes old = provision_token();
  ASSERT_EQ(renew().name(), "completed");
  {
    const auto module = pkcs11::Module::load(SoftHsm::module());
    const auto session = pkcs11::Session::open(module, slot_of("demo"), pkcs11::Access::read_write);
    session->login(pkcs11::User::user, hsm.pin("demo"));
    session->generate_key_pair(KeyAlgorithm::ec_p384, Bytes{0xAB}, "lone");
  }
  const Ending ending = inspect_without_pin();
  const auto& token = ending.as<InspectResult>().tokens.front();
  ASSERT_EQ(token.certificates.size(), 2U);
  for (const auto& certificate : token.certificates)
    EXPECT_EQ(!certificate.replaced_by.empty(), certificate.sha256 == sha256(old));
  ASSERT_EQ(token.keys_without_certificate.size(), 1U);
  EXPECT_EQ(token.keys_without_certificate.front().key_id, "ab");
  EXPECT_EQ(token.keys_without_certificate.front().key_algorithm, "ec-p384");
}

}  // namespace
}  // namespace koshin::test
