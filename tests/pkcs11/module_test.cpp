// SPDX-License-Identifier: MIT
// Modules that are not as the standard wants them, made by fake_module.cpp.
#include "pkcs11/module.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "fake_module.hpp"
#include "pkcs11/error.hpp"
#include "pkcs11/function_table.hpp"
#include "pkcs11/session.hpp"
#include "pkcs11/shared_object.hpp"
#include "support/temporary_directory.hpp"

namespace koshin::pkcs11 {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::SizeIs;

class Modules : public testing::Test {
 protected:
  Modules()
      : object_(SharedObject::load(KOSHIN_FAKE_MODULE)),
        fake_(*reinterpret_cast<FakeModuleAccess>(object_->symbol("koshin_fake_module"))()) {
    fake_ = FakeModule{};
  }
  static std::shared_ptr<Module> load() { return Module::load(KOSHIN_FAKE_MODULE); }
  static ModuleError::Kind kind_of(const std::filesystem::path& path) {
    try {
      Module::load(path);
    } catch (const ModuleError& error) {
      EXPECT_THAT(error.what(), HasSubstr(path.string()));
      return error.kind();
    }
    ADD_FAILURE() << path << " was loaded";
    return {};
  }

  std::unique_ptr<SharedObject> object_;
  FakeModule& fake_;
};

TEST_F(Modules, what_is_no_module_says_which_way) {
  EXPECT_EQ(kind_of("/nonexistent/module.so"), ModuleError::Kind::not_found);
  EXPECT_EQ(kind_of("module.so"), ModuleError::Kind::not_found);
  const test::TemporaryDirectory directory;
  const auto text = directory.path() / "text.so";
  std::ofstream(text) << "not a shared object";
  EXPECT_EQ(kind_of(text), ModuleError::Kind::not_loadable);
  EXPECT_EQ(kind_of(KOSHIN_NO_MODULE), ModuleError::Kind::incompatible);
  fake_.no_table = true;
  EXPECT_EQ(kind_of(KOSHIN_FAKE_MODULE), ModuleError::Kind::incompatible);
}

TEST_F(Modules, P4_a_2_40_table_that_announces_3_2_is_used_as_a_2_40_one) {
  fake_.version = {3, 2};
  const auto module = load();
  EXPECT_THAT(module->tokens(), SizeIs(1));
  Session::open(module, 0, Access::read_only)->objects();
}

TEST_F(Modules, P4_tables_of_unknown_versions_are_refused) {
  fake_.version = {1, 0};
  EXPECT_EQ(kind_of(KOSHIN_FAKE_MODULE), ModuleError::Kind::incompatible);
  fake_.version = {4, 0};
  EXPECT_EQ(kind_of(KOSHIN_FAKE_MODULE), ModuleError::Kind::incompatible);
  EXPECT_EQ(fake_.calls["C_Initialize"], 0);
}

TEST_F(Modules, P8_holes_in_the_table_are_functions_that_are_not_supported) {
  fake_.holes = {"C_WaitForSlotEvent", "C_GetMechanismList"};
  const auto module = load();
  EXPECT_EQ(module->wait_for_slot_event(1h), std::nullopt);
  const auto session = Session::open(module, 0, Access::read_only);
  try {
    session->mechanisms();
    ADD_FAILURE() << "a missing function was called";
  } catch (const Error& error) {
    EXPECT_EQ(classify(error.code()), Trouble::not_supported);
    EXPECT_EQ(error.function(), "C_GetMechanismList");
  }
  fake_.holes = {"C_Initialize"};
  EXPECT_EQ(kind_of(KOSHIN_FAKE_MODULE), ModuleError::Kind::incompatible);
}

TEST_F(Modules, P8_locking_is_offered_first_and_dropped_when_refused) {
  fake_.refuses_os_locking = true;
  load();
  EXPECT_EQ(fake_.calls["C_Initialize"], 2);
  EXPECT_EQ(fake_.calls["C_Finalize"], 1);
  fake_ = FakeModule{};
  fake_.wants_os_locking = true;
  load();
  EXPECT_EQ(fake_.calls["C_Initialize"], 1);
}

TEST_F(Modules, what_p11_kit_would_tell_a_module_at_its_start_reaches_it_with_locking_and_without) {
  Module::load(KOSHIN_FAKE_MODULE, "configdir='sql:/somewhere'");
  EXPECT_EQ(fake_.reserved, "configdir='sql:/somewhere'");
  fake_.refuses_os_locking = true;
  Module::load(KOSHIN_FAKE_MODULE, "again");
  EXPECT_EQ(fake_.reserved, "again");
  Module::load(KOSHIN_FAKE_MODULE);
  EXPECT_EQ(fake_.reserved, "");
}

TEST_F(Modules, a_module_that_somebody_else_initialized_is_not_finalized) {
  fake_.initialized_by_somebody_else = true;
  EXPECT_THAT(load()->tokens(), SizeIs(1));
  EXPECT_EQ(fake_.calls["C_Finalize"], 0);
}

TEST_F(Modules, a_module_that_does_not_initialize_says_why) {
  fake_.failures["C_Initialize"] = CKR_DEVICE_ERROR;
  try {
    load();
    ADD_FAILURE() << "it was initialised";
  } catch (const Error& error) {
    EXPECT_EQ(error.function(), "C_Initialize");
    EXPECT_THAT(error.what(), HasSubstr("CKR_DEVICE_ERROR"));
  }
  EXPECT_EQ(fake_.calls["C_Finalize"], 0);
}

TEST_F(Modules, P8_dozens_of_empty_slots_hide_no_token) {
  fake_.slots.clear();
  for (CK_SLOT_ID slot = 0; slot < 100; ++slot) {
    fake_.slots.push_back(slot);
    if (slot != 77) fake_.empty_slots.push_back(slot);
  }
  const auto tokens = load()->tokens();
  ASSERT_THAT(tokens, SizeIs(1));
  EXPECT_EQ(tokens[0].slot, 77U);
  EXPECT_EQ(tokens[0].label, "token 77");
  EXPECT_EQ(fake_.calls["C_GetSlotList"], 2);  // room for 64 at first
  EXPECT_EQ(tokens[0].pin.max_length, 0U);
  EXPECT_EQ(tokens[0].free_private_memory, 4096U);
  EXPECT_EQ(tokens[0].free_public_memory, std::nullopt);
}

TEST_F(Modules, a_token_that_went_is_an_error_of_its_own) {
  fake_.empty_slots = {0};
  const auto module = load();
  EXPECT_THAT(module->tokens(), SizeIs(0));
  try {
    module->token(0);
    ADD_FAILURE() << "there is no token";
  } catch (const Error& error) {
    EXPECT_EQ(classify(error.code()), Trouble::token_gone);
  }
}

TEST_F(Modules, slot_events_are_waited_for_where_there_are_any) {
  const auto module = load();
  EXPECT_EQ(module->wait_for_slot_event(1h), std::nullopt);
  fake_.slot_event = CKR_NO_EVENT;
  EXPECT_EQ(module->wait_for_slot_event(5ms), false);
  fake_.slot_events_until_ok = 2;
  EXPECT_EQ(module->wait_for_slot_event(1h), true);
}

TEST_F(Modules, P8_a_module_known_to_tell_of_no_slot_events_is_not_asked) {
  fake_.manufacturer = "SoftHSM project";
  fake_.slot_event = CKR_NO_EVENT;
  const auto module = load();
  module->tokens();
  EXPECT_EQ(module->wait_for_slot_event(1h), std::nullopt);
  EXPECT_EQ(fake_.calls["C_WaitForSlotEvent"], 0);
}

/// A copy of the fake module under another name, which is what quirks of files go by.
TEST_F(Modules, P8_a_module_that_crashes_in_finalize_is_left_initialized) {
  const test::TemporaryDirectory directory;
  const auto copy = directory.path() / "libtpm2_pkcs11.so.0";
  std::filesystem::copy_file(KOSHIN_FAKE_MODULE, copy);
  const auto object = SharedObject::load(copy);
  FakeModule& fake = *reinterpret_cast<FakeModuleAccess>(object->symbol("koshin_fake_module"))();
  Module::load(copy)->tokens();
  EXPECT_EQ(fake.calls["C_Initialize"], 1);
  EXPECT_EQ(fake.calls["C_Finalize"], 0);
}

TEST_F(Modules, P8_a_module_that_takes_no_arguments_is_given_none) {
  const test::TemporaryDirectory directory;
  const auto copy = directory.path() / "libakisp11.so";
  std::filesystem::copy_file(KOSHIN_FAKE_MODULE, copy);
  const auto object = SharedObject::load(copy);
  FakeModule& fake = *reinterpret_cast<FakeModuleAccess>(object->symbol("koshin_fake_module"))();
  fake.refuses_os_locking = true;
  Module::load(copy);
  EXPECT_EQ(fake.calls["C_Initialize"], 1);
}

TEST_F(Modules, the_description_is_asked_for_once_and_only_when_wanted) {
  const auto module = load();
  module->tokens();
  EXPECT_EQ(fake_.calls["C_GetInfo"], 0);
  EXPECT_EQ(module->description(), "Fake (Fake module) 1.2");
  EXPECT_EQ(module->description(), "Fake (Fake module) 1.2");
  EXPECT_EQ(fake_.calls["C_GetInfo"], 1);
}

}  // namespace
}  // namespace koshin::pkcs11
