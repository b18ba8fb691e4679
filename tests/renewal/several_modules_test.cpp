// SPDX-License-Identifier: MIT
// More than one module: what the first one shows is not the end of the look for the token.
#include <gmock/gmock.h>

#include "fake_module.hpp"
#include "pkcs11/shared_object.hpp"
#include "renewal_fixture.hpp"

namespace koshin::test {
namespace {

using ::testing::HasSubstr;

/// The first module has nothing but slots that nobody has initialised; the second one is SoftHSM's.
class SeveralModules : public RenewalTest {
 protected:
  SeveralModules()
      : object_(pkcs11::SharedObject::load(KOSHIN_FAKE_MODULE)),
        blank(*reinterpret_cast<pkcs11::FakeModuleAccess>(object_->symbol("koshin_fake_module"))()) {
    blank = pkcs11::FakeModule{};
    blank.slots = {0, 1};
    blank.token_flags = 0;
    settings.token.modules = {KOSHIN_FAKE_MODULE, SoftHsm::module().string()};
  }
  Ending renew_by(const std::string& uri) {
    return run(messages::JobKind::renew, [&](auto& job) { job.token_uri = uri; });
  }

 private:
  std::unique_ptr<pkcs11::SharedObject> object_;

 protected:
  pkcs11::FakeModule& blank;
};

TEST_F(SeveralModules, BlankSlotsOfTheFirstAreNotTheTokenThatAUriMeans) {
  const Bytes old = provision_token();
  const Ending ending = renew_by("pkcs11:");
  ASSERT_EQ(ending.name(), "completed") << ending.failure.value_or(Failure{}).detail;
  expect_renewed(old);
}

TEST_F(SeveralModules, BlankSlotsOfTheFirstAreNotTheTokenWithoutAUri) {
  const Bytes old = provision_token();
  ASSERT_EQ(renew().name(), "completed");
  expect_renewed(old);
}

TEST_F(SeveralModules, OnlyWhenNoneHasAnythingElseIsItABlankToken) {
  hsm.remove_token("demo");
  EXPECT_EQ(renew_by("pkcs11:").name(), "token_uninitialized");
  EXPECT_EQ(renew().name(), "token_uninitialized");
  const Ending other = renew_by("pkcs11:token=demo");
  EXPECT_EQ(other.name(), "token_not_found");
  EXPECT_THAT(other.failure->detail, HasSubstr("no token fits"));
}

TEST_F(SeveralModules, AModuleThatCannotBeAskedIsToldOfBeforeBlankSlots) {
  settings.token.modules.back() = "/nonexistent/module.so";
  EXPECT_EQ(renew_by("pkcs11:").name(), "module_not_found");
  EXPECT_EQ(renew().name(), "module_not_found");
}

}  // namespace
}  // namespace koshin::test
