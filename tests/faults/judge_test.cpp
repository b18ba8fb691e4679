// SPDX-License-Identifier: MIT
// The sweep's own judgement: what it would have to notice, it notices. A sweep that cannot fail shows
// nothing.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "faults/trial.hpp"
#include "pkcs11/session.hpp"

namespace koshin::faults {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;

class Judge : public testing::Test {
 protected:
  void change(const std::function<void(pkcs11::Session&)>& change) {
    const auto module = pkcs11::Module::load(test::SoftHsm::module());
    for (const auto& token : module->tokens()) {
      if (token.label != Stage::token_label) continue;
      const auto session = pkcs11::Session::open(module, token.slot, pkcs11::Access::read_write);
      const std::string pin = test::SoftHsm::default_pin;
      session->login(pkcs11::User::user, {pin.data(), pin.size()});
      change(*session);
    }
  }

  Stage stage_;
  Trial trial_{stage_};
};

TEST_F(Judge, finds_nothing_wrong_with_a_renewal_that_went_well) {
  EXPECT_THAT(trial_.losses(trial_.renew()), IsEmpty());
}

TEST_F(Judge, notices_that_the_old_certificate_is_gone) {
  const auto run = trial_.renew();
  change([&](pkcs11::Session& session) {
    for (const auto& object : session.objects()) {
      if (object.certificate == stage_.certificate()) session.destroy(object);
    }
  });
  const auto losses = trial_.losses(run);
  EXPECT_THAT(losses, Contains(HasSubstr("the old object")));
  EXPECT_THAT(losses, Contains(HasSubstr("the token holds 1 certificates")));
}

TEST_F(Judge, notices_a_key_pair_too_many) {
  const auto run = trial_.renew();
  change([](pkcs11::Session& session) {
    session.generate_key_pair(pkcs11::KeyAlgorithm::ec_p256, pkcs11::Bytes{1, 2, 3}, "orphan");
  });
  EXPECT_THAT(trial_.losses(run), Contains(HasSubstr("3 private")));
}

TEST_F(Judge, notices_ids_that_differ) {
  const auto run = trial_.renew();
  change([&](pkcs11::Session& session) {
    for (const auto& object : session.objects()) {
      if (object.object_class != pkcs11::ObjectClass::certificate ||
          object.certificate == stage_.certificate())
        continue;
      const auto der = object.certificate;
      session.destroy(object);
      session.write_certificate(der, pkcs11::Bytes{9}, "moved");
      return;
    }
  });
  EXPECT_THAT(trial_.losses(run), Contains(HasSubstr("CKA_IDs")));
}

TEST_F(Judge, notices_a_renewal_that_did_not_come_to_its_end) {
  Plan plan;
  plan.function = "C_GenerateKeyPair";
  plan.at = 1;
  plan.after = true;
  plan.action = Action::kill;
  const auto losses = trial_.losses(trial_.renew(plan));
  EXPECT_THAT(losses, Contains(HasSubstr("1 certificates, 2 private")));
  EXPECT_THAT(losses, Contains(HasSubstr("the journal does not say")));
  EXPECT_THAT(losses, Contains(HasSubstr("module_crashed")));
  EXPECT_THAT(losses, Contains(HasSubstr("issued 0 certificates")));
}

TEST_F(Judge, counts_what_was_asked_of_the_token) {
  const auto file = trial_.path() / "calls.log";
  std::ofstream(file) << "call C_Login 0\nreal C_Login 0\nrv C_Login 0\ncall C_Sign 0\nstruck C_Sign 0\n";
  const CallLog log(file);
  EXPECT_EQ(log.calls(), 2U);
  EXPECT_EQ(log.calls("C_Login"), 1U);
  EXPECT_EQ(log.real("C_Sign"), 0U);
  EXPECT_TRUE(log.struck());
  EXPECT_EQ(log.name(2), "C_Sign");
}

}  // namespace
}  // namespace koshin::faults
