// SPDX-License-Identifier: MIT
// A browser's list of modules: what is read of it, and that everything else stays when koshin's stanza comes
// and goes.
#include "desk_check/module_list.hpp"

#include <gmock/gmock.h>

#include <stdexcept>

namespace koshin::desk_check {
namespace {

using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;

/// As NSS 3.87 writes it.
constexpr const char* of_nss =
    "library=\n"
    "name=NSS Internal PKCS #11 Module\n"
    "parameters=configdir='sql:/home/tanaka/.pki/nssdb' certPrefix='' keyPrefix='' secmod='secmod.db' flags= "
    "\n"
    "NSS=Flags=internal,critical trustOrder=75 cipherOrder=100 slotParams=(1={slotFlags=[ECC,RSA] })\n"
    "\n"
    "library=/usr/lib/x86_64-linux-gnu/opensc-pkcs11.so\n"
    "name=OpenSC\n"
    "NSS=trustOrder=100\n"
    "\n";
constexpr const char* token_module = DRIVE "/usr/lib/vendor/libvendor-pkcs11.so";  // absolute everywhere

TEST(ModuleList, NamesEachModuleWithItsLibrary) {
  EXPECT_THAT(listed_modules(of_nss),
              ElementsAre(Field(&ListedModule::library, ""),
                          Field(&ListedModule::library, "/usr/lib/x86_64-linux-gnu/opensc-pkcs11.so")));
  EXPECT_THAT(listed_modules("library=\"/a b/m.so\"\r\nname='m'\r\n"),
              ElementsAre(Field(&ListedModule::library, "/a b/m.so")));
  EXPECT_THAT(listed_modules(""), IsEmpty());
  EXPECT_THAT(listed_modules("\n\n"), IsEmpty());
}

TEST(ModuleList, LeavesEveryByteOfOthersWhenOursComesAndGoes) {
  for (const std::string list :
       {of_nss, "", "library=/a.so\nname=a\n\n", "# a comment\n\nlibrary=/a.so\nname=a\n\n\n"}) {
    const std::string with = with_module(list, token_module);
    EXPECT_THAT(with, testing::StartsWith(list));
    EXPECT_EQ(listed_modules(with).back().library, token_module);
    EXPECT_EQ(without_ours(with), list);
  }
}

TEST(ModuleList, EndsAStanzaThatWasCutOffBeforeItsOwnBegins) {
  const std::string with = with_module("library=/a.so\nname=a", token_module);
  EXPECT_THAT(listed_modules(with), ElementsAre(Field(&ListedModule::library, "/a.so"),
                                                Field(&ListedModule::library, token_module)));
  EXPECT_THAT(listed_modules(without_ours(with)), ElementsAre(Field(&ListedModule::name, "a")));
}

TEST(ModuleList, TakesOutNothingButItsOwn) {
  EXPECT_EQ(without_ours(of_nss), of_nss);
  const std::string two = with_module(with_module(of_nss, token_module), DRIVE "/usr/lib/other.so");
  EXPECT_THAT(two, HasSubstr("name=koshin other.so"));
  EXPECT_EQ(without_ours(two), of_nss);
}

TEST(ModuleList, RefusesPathsThatWouldWriteAnotherStanza) {
  for (const char* path : {"relative.so", DRIVE "/a\nlibrary=/b.so", DRIVE "/a\".so", DRIVE "/a'.so"})
    EXPECT_THROW(with_module(of_nss, path), std::invalid_argument) << path;
}

TEST(ModuleList, FindsTheLibraryOfAModuleByItsNameAtP11Kit) {
  EXPECT_EQ(library_of(token_module), token_module);
  EXPECT_EQ(library_of("p11-kit:no-such-module"), "");
  EXPECT_EQ(library_of("p11-kit:../../etc/passwd"), "");
  const auto soft_hsm = library_of("p11-kit:softhsm2");
  if (soft_hsm.empty()) GTEST_SKIP() << "softhsm2 is not registered with p11-kit here";
  EXPECT_TRUE(soft_hsm.is_absolute());
  EXPECT_THAT(soft_hsm.string(), HasSubstr("libsofthsm2.so"));
}

}  // namespace
}  // namespace koshin::desk_check
