// SPDX-License-Identifier: MIT
// The doctor: what it finds in order, and what it says of everything that is not.
#include <gmock/gmock.h>

#include "pkcs11/session.hpp"
#include "renewal_fixture.hpp"
#include "support/environment.hpp"
#include "support/raw_objects.hpp"

namespace koshin::test {
namespace {

using messages::DoctorResult;
using messages::JobKind;
using pkcs11::KeyAlgorithm;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::Not;

class Doctoring : public RenewalTest {
 protected:
  static const DoctorResult::Check& check(const Ending& ending, const std::string& name) {
    for (const auto& one : ending.as<DoctorResult>().checks) {
      if (one.name == name) return one;
    }
    throw std::runtime_error("no check called " + name);
  }
  static void expect_found(const Ending& ending, const std::string& name, const std::string& status,
                           const std::string& finding) {
    const auto& found = check(ending, name);
    EXPECT_EQ(found.status, status) << found.text;
    EXPECT_EQ(found.finding, finding) << found.text;
  }
  void destroy_private_key() {
    const auto module = pkcs11::Module::load(SoftHsm::module());
    const auto session = pkcs11::Session::open(module, slot_of("demo"), pkcs11::Access::read_write);
    session->login(pkcs11::User::user, hsm.pin("demo"));
    for (const auto& object : session->objects()) {
      if (object.object_class == pkcs11::ObjectClass::certificate) continue;
      const Bytes id = object.id;
      session->destroy(object);
      if (object.object_class == pkcs11::ObjectClass::private_key)
        session->generate_key_pair(KeyAlgorithm::ec_p256, id, "another key under its ID");
    }
  }
};

TEST_F(Doctoring, FindsNothingWrongWithAHealthyTokenAndUsesThePinOnce) {
  provision_token();
  const Ending ending = run(JobKind::doctor);
  for (const auto& one : ending.as<DoctorResult>().checks) {
    EXPECT_EQ(one.status, "ok") << one.name << ": " << one.text;
  }
  expect_found(ending, "log-in there", "ok", "authority_lets_in");
  EXPECT_TRUE(journal()->history(1).empty());
}

TEST_F(Doctoring, WarnsWhenTheProofIsOnlyTheAuthoritysHandshake) {
  provision_token();
  settings.authority.prove_url.clear();
  const Ending ending = run(JobKind::doctor);
  EXPECT_EQ(check(ending, "proof").status, "warning");
  EXPECT_THAT(check(ending, "proof").text, HasSubstr("authority.prove_url"));
}

TEST_F(Doctoring, LogsInWhereTheProofWillBe) {
  provision_token();
  expect_found(run(JobKind::doctor), "proof", "ok", "proof_lets_in");
  bank.set("login.status", "403:not registered");
  const Ending refused = run(JobKind::doctor);
  expect_found(refused, "proof", "failed", "proof_refused");
  EXPECT_EQ(check(refused, "proof").reason, Reason::proof_failed);
  EXPECT_THAT(check(refused, "proof").text, HasSubstr("not registered"));
}

TEST_F(Doctoring, LooksAtThePlaceOfTheProofWithoutThePin) {
  provision_token();
  pin.clear();
  expect_found(run(JobKind::doctor), "proof", "ok", "proof_by_page");
  settings.authority.prove_url = bank.url() + "/no-such-page";
  expect_found(run(JobKind::doctor), "proof", "warning", "proof_left_open");
  pin = SoftHsm::default_pin;
  const Ending wrong = run(JobKind::doctor);
  EXPECT_EQ(check(wrong, "proof").reason, Reason::proof_impossible) << "nor is it there for the certificate";
  EXPECT_THAT(check(wrong, "proof").text, AllOf(HasSubstr("authority.prove_url"), HasSubstr("404")));
  settings.authority.prove_url = "https://localhost:1/login";
  EXPECT_EQ(check(run(JobKind::doctor), "proof").reason, Reason::authority_unreachable);
}

TEST_F(Doctoring, ReadsTheChosenIssuers) {
  provision_token();
  settings.authority.issuer_anchors = directory.path() / "issuers.pem";
  EXPECT_EQ(check(run(JobKind::doctor), "trust anchors").reason, Reason::settings_invalid);
}

TEST_F(Doctoring, GoesAsFarAsItCanWithoutThePin) {
  provision_token();
  pin.clear();
  const Ending ending = run(JobKind::doctor);
  EXPECT_EQ(check(ending, "log-in to the token").status, "skipped");
  EXPECT_EQ(check(ending, "certificate").status, "ok");
  EXPECT_EQ(check(ending, "authority").status, "ok");
  expect_found(ending, "private key", "skipped", "needs_pin");
  expect_found(ending, "log-in there", "warning", "authority_asks");
  expect_found(ending, "chain", "ok", "chain_trusted");
  expect_found(ending, "new key", "ok", "key_will_be_made");
}

TEST_F(Doctoring, AWrongPinIsOneFailedCheckAndWhatShowsWithoutItIsTold) {
  provision_token();
  pin = "000000";
  const Ending ending = run(JobKind::doctor);
  for (const auto& one : ending.as<DoctorResult>().checks)
    EXPECT_EQ(one.status == "failed", one.id == "log_in") << one.name << ": " << one.text;
  EXPECT_EQ(check(ending, "log-in to the token").reason, Reason::pin_incorrect);
  EXPECT_EQ(check(ending, "certificate").status, "ok");
  expect_found(ending, "private key", "skipped", "needs_pin");
}

TEST_F(Doctoring, OneFailedCheckDoesNotKeepTheOthersFromRunning) {
  settings.token.modules = {"/nonexistent/module.so"};
  settings.authority.url = "https://localhost:1";
  const Ending ending = run(JobKind::doctor);
  EXPECT_EQ(check(ending, "module /nonexistent/module.so").status, "failed");
  EXPECT_EQ(check(ending, "token").status, "failed");
  EXPECT_EQ(check(ending, "authority").status, "failed");
  EXPECT_FALSE(check(ending, "authority").advice.empty());
  EXPECT_EQ(check(ending, "journal").status, "ok");
  for (const char* name : {"certificate", "strength", "private key", "chain", "new key", "attributes"})
    expect_found(ending, name, "skipped", "not_reached");
}

TEST_F(Doctoring, TellsOfWhatIsUnfinished) {
  provision_token();
  bank.set("drop_after_issue", "always");  // once would be made good inside the job
  ASSERT_EQ(renew().name(), "authority_unreachable");
  const Ending ending = run(JobKind::doctor);
  EXPECT_EQ(check(ending, "journal").status, "warning");
  EXPECT_EQ(check(ending, "pairs").status, "warning");
}

/// Browsers list both certificates until the old one is deleted.
TEST_F(Doctoring, TellsOfAnOldCertificateBesideTheNewOne) {
  provision_token();
  const auto renewed = renew().as<messages::RenewResult>();
  const auto of_both = [](const Ending& ending) {
    std::vector<DoctorResult::Check> found;
    for (const auto& one : ending.as<DoctorResult>().checks)
      if (one.finding == "pair_old_beside_new") found.push_back(one);
    return found;
  };
  const auto found = of_both(run(JobKind::doctor));
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found.front().status, "warning");
  ASSERT_EQ(found.front().values.size(), 5U);
  EXPECT_EQ(found.front().values[1], renewed.new_certificate.serial);
  EXPECT_EQ(found.front().values[3], renewed.old_certificate.serial);
  EXPECT_THAT(found.front().advice, HasSubstr("koshin prune"));
  clock_offset = std::chrono::days{20};  // the old one has expired: browsers list it no more
  EXPECT_TRUE(of_both(run(JobKind::doctor)).empty());
}

TEST_F(Doctoring, CarriesIdentifiersAndValuesForTheWordsOfAnyLanguage) {
  provision_token();
  settings.token.modules.insert(settings.token.modules.begin(), "/nonexistent/module.so");
  clock_offset = std::chrono::minutes{-1};  // so that a second more or less makes no other number of days
  const Ending ending = run(JobKind::doctor);
  const auto& broken = check(ending, "module /nonexistent/module.so");
  EXPECT_EQ(broken.id, "module");
  EXPECT_EQ(broken.subject, "/nonexistent/module.so");
  EXPECT_EQ(broken.finding, "");
  EXPECT_EQ(broken.reason, Reason::module_not_found);
  const auto& chosen = check(ending, "certificate");
  EXPECT_EQ(chosen.finding, "certificate_chosen");
  ASSERT_EQ(chosen.values.size(), 5U);
  EXPECT_EQ(chosen.values[0], default_user);
  EXPECT_EQ(chosen.values[3], "12");
  EXPECT_EQ(chosen.reason, std::nullopt);
}

TEST_F(Doctoring, NamesNoProxyWhereThereIsNone) {
  provision_token();
  expect_found(run(JobKind::doctor), "proxy", "ok", "proxy_none");
  settings.proxy.url.clear();
  const ScopedEnvironment none(std::map<std::string, std::string>{
      {"https_proxy", ""}, {"HTTPS_PROXY", ""}, {"all_proxy", ""}, {"ALL_PROXY", ""}});
  expect_found(run(JobKind::doctor), "proxy", "ok", "proxy_none");
}

TEST_F(Doctoring, ADeadProxyShowsUnderProxyWithoutItsPassword) {
  provision_token();
  settings.proxy.url.clear();
  const ScopedEnvironment proxy(
      std::map<std::string, std::string>{{"https_proxy", "http://clerk:geheim@127.0.0.1:1"}});
  const ScopedEnvironment exceptions(
      std::map<std::string, std::string>{{"no_proxy", "elsewhere.example,10.0.0.0/8"}});
  const Ending ending = run(JobKind::doctor);
  const auto& found = check(ending, "proxy");
  EXPECT_EQ(found.status, "failed") << found.text;
  EXPECT_EQ(found.reason, Reason::proxy_unusable);
  EXPECT_THAT(found.text, HasSubstr("127.0.0.1:1:"));
  EXPECT_THAT(messages::to_json(*ending.result), AllOf(Not(HasSubstr("geheim")), Not(HasSubstr("clerk"))));
  EXPECT_EQ(check(ending, "authority").status, "failed");
}

TEST_F(Doctoring, AProxyThatIsPassedByIsNotKnockedAt) {
  provision_token();
  settings.proxy.url.clear();
  const ScopedEnvironment proxy(std::map<std::string, std::string>{{"https_proxy", "http://127.0.0.1:1"}});
  const ScopedEnvironment exceptions(
      std::map<std::string, std::string>{{"no_proxy", "elsewhere.example,.localhost,localhost,127.0.0.0/8"}});
  const Ending ending = run(JobKind::doctor);
  expect_found(ending, "proxy", "ok", "proxy_none");
  EXPECT_EQ(check(ending, "authority").status, "ok");
}

TEST_F(Doctoring, AProxyThatIsThereIsNamedAndWhereItWasSet) {
  provision_token();
  const auto port = bank.url().substr(bank.url().rfind(':') + 1);  // anything that takes connections will do
  settings.proxy.url = "http://localhost:" + port;
  const Ending ending = run(JobKind::doctor);
  expect_found(ending, "proxy", "ok", "proxy_of_settings");
  EXPECT_THAT(check(ending, "proxy").text, HasSubstr("localhost:" + port));
}

TEST_F(Doctoring, AProxyPasswordThatMayGoInClearIsWarnedOf) {
  provision_token();
  const auto port = bank.url().substr(bank.url().rfind(':') + 1);
  settings.proxy.url = "http://localhost:" + port;
  settings.proxy.user = "tanaka";
  expect_found(run(JobKind::doctor), "proxy", "warning", "proxy_password_in_clear");
  settings.proxy.authentication = ProxyAuthentication::digest;
  expect_found(run(JobKind::doctor), "proxy", "ok", "proxy_of_settings");
}

TEST_F(Doctoring, AClockThatDiffersFromTheAuthoritysIsWrong) {
  provision_token();
  clock_offset = std::chrono::minutes{-30};
  const Ending ending = run(JobKind::doctor);
  expect_found(ending, "clock", "failed", "clock_off");
  EXPECT_EQ(check(ending, "clock").reason, Reason::clock_wrong);
  EXPECT_EQ(check(ending, "clock").values.size(), 2U);
  EXPECT_FALSE(check(ending, "clock").advice.empty());
  clock_offset = std::chrono::minutes{-2};
  expect_found(run(JobKind::doctor), "clock", "ok", "clock_plausible");
  clock_offset = std::chrono::minutes{30};  // the authority has a window, and decides
  expect_found(run(JobKind::doctor), "clock", "warning", "clock_off");
}

TEST_F(Doctoring, AClockOutsideTheAuthoritysCertificatesIsWrong) {
  provision_token();
  clock_offset = std::chrono::hours{24 * 365 * 60};
  expect_found(run(JobKind::doctor), "clock", "failed", "clock_outside_validity");
}

TEST_F(Doctoring, WishesThatCouldNotBeReadAreNotNone) {
  provision_token();
  expect_found(run(JobKind::doctor), "attributes", "ok", "attributes_none");
  bank.set("csrattrs.status", "416");
  expect_found(run(JobKind::doctor), "attributes", "warning", "attributes_untold");
  bank.set("csrattrs.status", "");
  bank.set("csrattrs", "garbage");
  expect_found(run(JobKind::doctor), "attributes", "warning", "attributes_untold");
  EXPECT_EQ(renew().name(), "completed") << "advice ends nothing";
}

TEST_F(Doctoring, ACertificateWhoseKeyIsAnotherOneHasNone) {
  provision_token();
  allow_destruction();
  destroy_private_key();
  const Ending ending = run(JobKind::doctor);
  EXPECT_THAT(ending.as<DoctorResult>().checks,
              AllOf(Contains(Field(&DoctorResult::Check::finding, "pair_key_missing")),
                    Contains(Field(&DoctorResult::Check::finding, "pair_keys_alone"))));
  EXPECT_EQ(check(ending, "certificate").reason, Reason::key_not_found);
}

TEST_F(Doctoring, WhatCannotBeReadIsNotSaidToMatchItsKey) {
  provision_token();
  const Bytes id = contents().certificates.front().id;
  expect_found(run(JobKind::doctor), "pairs", "ok", "pairs_match");
  RawObjects("demo", hsm.pin("demo")).add_certificate(Bytes{}, {id, "of no content"});
  expect_found(run(JobKind::doctor), "pairs", "ok", "pairs_match");
  RawObjects("demo", hsm.pin("demo")).add_certificate(Bytes{0x30, 0x03, 0x02, 0x01, 0x01}, {id, "damaged"});
  const Ending ending = run(JobKind::doctor);
  expect_found(ending, "pairs", "warning", "pair_unreadable");
  EXPECT_THAT(check(ending, "pairs").values, testing::ElementsAre(to_hex(id)));
}

}  // namespace
}  // namespace koshin::test
