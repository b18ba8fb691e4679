// SPDX-License-Identifier: MIT
// p11-kit's *.module files, and the names and meanings of return values.
#include "p11_kit/registered_modules.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "pkcs11/error.hpp"
#include "pkcs11/function_table.hpp"
#include "pkcs11/module.hpp"
#include "pkcs11/quirks.hpp"
#include "support/temporary_directory.hpp"

namespace koshin::pkcs11 {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::FieldsAre;
using testing::HasSubstr;

class RegisteredModules : public testing::Test {
 protected:
  RegisteredModules() : folders_{{directory_.path() / "system", directory_.path() / "package"}, "/modules"} {
    for (const fs::path& folder : folders_.configuration) fs::create_directory(folder);
  }
  void write(const std::string& file, const std::string& text) const {
    std::ofstream(directory_.path() / file) << text;
  }

  test::TemporaryDirectory directory_;
  RegisteredModuleFolders folders_;
};

TEST_F(RegisteredModules, are_sorted_by_priority_then_name) {
  write("package/b.module", "module: b.so\npriority: 5\n");
  write("package/a.module", "# comment: no\n\n  module :  /opt/vendor/a.so  \r\n");
  write("package/c.module", "module: c.so\npriority: 5\n");
  write("package/ignored.conf", "module: no.so\n");
  EXPECT_THAT(read_registered_modules(folders_, "koshin"),
              ElementsAre(FieldsAre("b", fs::path("/modules/b.so"), ""),
                          FieldsAre("c", fs::path("/modules/c.so"), ""),
                          FieldsAre("a", fs::path("/opt/vendor/a.so"), "")));
}

TEST_F(RegisteredModules, the_administrators_file_overrides_the_packages) {
  write("package/a.module", "module: a.so\npriority: 1\n");
  write("system/a.module", "module: /usr/local/lib/a.so\n");
  EXPECT_THAT(read_registered_modules(folders_, "koshin"),
              ElementsAre(FieldsAre("a", fs::path("/usr/local/lib/a.so"), "")));
}

TEST_F(RegisteredModules, disabled_remote_and_empty_ones_are_left_out) {
  write("package/off.module", "module: off.so\ndisable-in: firefox, koshin-worker\n");
  write("package/others.module", "module: others.so\nenable-in: firefox\n");
  write("package/ours.module", "module: ours.so\nenable-in: koshin-worker\n");
  write("package/remote.module", "module: r.so\nremote: |ssh host p11-kit remote\n");
  write("package/empty.module", "");
  EXPECT_THAT(read_registered_modules(folders_, "koshin-worker"),
              ElementsAre(FieldsAre("ours", fs::path("/modules/ours.so"), "")));
}

TEST_F(RegisteredModules, what_a_module_is_to_be_told_at_its_start_comes_along) {
  write("package/nss.module", "module: libsoftokn3.so\nx-init-reserved: configdir='sql:/home/a' flags=\n");
  EXPECT_THAT(
      read_registered_modules(folders_, "koshin"),
      ElementsAre(FieldsAre("nss", fs::path("/modules/libsoftokn3.so"), "configdir='sql:/home/a' flags=")));
}

TEST_F(RegisteredModules, missing_folders_and_binary_garbage_are_survived) {
  folders_.configuration.push_back("/nonexistent");
  write("package/garbage.module", std::string("\0\xFF\n:::\nmodule", 13));
  EXPECT_THAT(read_registered_modules(folders_, "koshin"), ElementsAre());
}

std::vector<std::string> names_of(const std::vector<RegisteredModule>& modules) {
  std::vector<std::string> names;
  for (const RegisteredModule& module : modules) names.push_back(module.name);
  return names;
}

TEST_F(RegisteredModules, the_proxy_asks_for_the_program_and_for_itself) {
  write("package/a.module", "module: a.so\n");
  write("package/not_proxied.module", "module: b.so\ndisable-in: p11-kit-proxy\n");
  write("package/not_in_firefox.module", "module: c.so\ndisable-in: firefox-esr, chromium\n");
  write("package/for_the_proxy_alone.module", "module: d.so\nenable-in: p11-kit-proxy\n");
  write("package/in_firefox.module", "module: e.so\nenable-in: firefox-esr\n");
  EXPECT_THAT(names_of(modules_of_proxy(folders_, "firefox-esr")), ElementsAre("a", "in_firefox"));
  EXPECT_THAT(names_of(modules_of_proxy(folders_, "chrome")), ElementsAre("a", "not_in_firefox"));
}

TEST_F(RegisteredModules, a_users_files_count_as_user_config_says) {
  P11KitPlaces places{folders_, directory_.path() / "pkcs11.conf", directory_.path() / "user"};
  fs::create_directories(places.user / "modules");
  write("package/a.module", "module: a.so\n");
  write("user/modules/a.module", "disable-in: firefox\n");
  write("user/modules/b.module", "module: b.so\n");
  const auto seen = [&](const std::string& computer, const std::string& user) {
    write("pkcs11.conf", computer);
    write("user/pkcs11.conf", user);
    return names_of(modules_of_proxy(folders_of_user(places), "firefox"));
  };
  EXPECT_THAT(seen("", ""), ElementsAre("b"));
  EXPECT_THAT(seen("user-config: none\n", "user-config: only\n"), ElementsAre("a"));
  EXPECT_THAT(seen("", "user-config: none\n"), ElementsAre("a"));
  EXPECT_THAT(seen("user-config: only\n", ""), ElementsAre("b"));
  EXPECT_THAT(seen("", "user-config: perhaps\n"), ElementsAre()) << "p11-kit loads nothing then";
  places.user.clear();  // root
  EXPECT_THAT(seen("", ""), ElementsAre("a"));
}

TEST_F(RegisteredModules, the_proxy_is_known_by_its_name_and_by_what_it_is_a_link_to) {
  write("libp11-kit.so.0.3.0", "");
  fs::create_symlink(directory_.path() / "libp11-kit.so.0.3.0", directory_.path() / "proxy.so");
  EXPECT_TRUE(is_p11_kit_proxy("p11-kit-proxy.so"));
  EXPECT_TRUE(is_p11_kit_proxy(directory_.path() / "proxy.so"));
  EXPECT_FALSE(is_p11_kit_proxy("/usr/lib/softhsm/libsofthsm2.so"));
}

TEST_F(RegisteredModules, an_unknown_name_lists_the_known_ones) {
  try {
    Module::resolve_registered("no such module");
    ADD_FAILURE() << "it was found";
  } catch (const ModuleError& error) {
    EXPECT_EQ(error.kind(), ModuleError::Kind::not_found);
    EXPECT_THAT(error.what(), HasSubstr("known: "));
  }
}

TEST_F(RegisteredModules, every_registered_name_resolves_to_its_path) {
  for (const auto& module : Module::registered())
    EXPECT_EQ(Module::resolve_registered(module.name).path, module.path);
}

TEST(ReturnValues, P9_have_names_call_sites_and_meanings) {
  const Error error(CKR_PIN_INCORRECT, "C_Login");
  EXPECT_THAT(error.what(), HasSubstr("C_Login"));
  EXPECT_THAT(error.what(), HasSubstr("registered_modules_test.cpp:"));
  EXPECT_THAT(error.what(), HasSubstr("CKR_PIN_INCORRECT"));
  EXPECT_EQ(error.code().value(), 0xA0);
  for (const CK_RV rv : {CKR_SESSION_HANDLE_INVALID, CKR_DEVICE_REMOVED, CKR_TOKEN_NOT_PRESENT,
                         CKR_TOKEN_NOT_RECOGNIZED, CKR_DEVICE_ERROR, CKR_SESSION_CLOSED}) {
    EXPECT_EQ(classify(Error(rv, "C_Sign").code()), Trouble::token_gone);
  }
  EXPECT_EQ(classify(Error(CKR_PIN_LEN_RANGE, "C_Login").code()), Trouble::pin_length);
  EXPECT_EQ(classify(Error(CKR_PIN_LOCKED, "C_Login").code()), Trouble::pin_locked);
  EXPECT_EQ(classify(Error(CKR_DEVICE_MEMORY, "C_CreateObject").code()), Trouble::token_full);
  EXPECT_EQ(classify(Error(CKR_SESSION_READ_ONLY, "C_CreateObject").code()), Trouble::write_protected);
  EXPECT_EQ(classify(Error(CKR_GENERAL_ERROR, "C_Sign").code()), Trouble::other);
  EXPECT_EQ(classify(std::make_error_code(std::errc::io_error)), Trouble::other);
}

TEST(ReturnValues, only_the_pin_and_the_tokens_removal_stop_a_job_at_a_call_that_it_can_do_without) {
  for (const CK_RV rv :
       {CKR_GENERAL_ERROR, CKR_FUNCTION_FAILED, CKR_DATA_INVALID, CKR_ENCRYPTED_DATA_INVALID,
        CKR_OPERATION_NOT_INITIALIZED, CKR_BUFFER_TOO_SMALL, CKR_MECHANISM_INVALID, CKR_USER_NOT_LOGGED_IN})
    EXPECT_TRUE(can_go_on_without(Error(rv, "C_Decrypt"))) << rv;
  for (const CK_RV rv : {CKR_DEVICE_REMOVED, CKR_SESSION_HANDLE_INVALID, CKR_PIN_INCORRECT, CKR_PIN_LOCKED,
                         CKR_FUNCTION_CANCELED})
    EXPECT_FALSE(can_go_on_without(Error(rv, "C_Decrypt"))) << rv;
}

TEST(ReturnValues, that_no_standard_names_keep_their_number) {
  EXPECT_THAT(Error(CKR_VENDOR_DEFINED + 0x384, "C_Initialize").what(),
              HasSubstr("CKR_VENDOR_DEFINED+0x384"));
  EXPECT_THAT(Error(0x7777, "C_Sign").what(), HasSubstr("CKR_0x7777"));
}

TEST(KeyAlgorithms, are_spelled_and_read_the_same) {
  for (const char* text : {"rsa-2048", "rsa-3072", "rsa-4096", "ec-p256", "ec-p384", "ec-p521"}) {
    const auto algorithm = parse_key_algorithm(text);
    ASSERT_TRUE(algorithm) << text;
    EXPECT_EQ(to_string(*algorithm), text);
  }
  EXPECT_FALSE(parse_key_algorithm("EC-P256"));
  EXPECT_FALSE(parse_key_algorithm(""));
}

}  // namespace
}  // namespace koshin::pkcs11
