// SPDX-License-Identifier: MIT
// What is kept of an authority's own certificates: a memory, so that whatever is wrong with it is as if there
// were none.
#include "renewal/token/known_authorities.hpp"

#include <gtest/gtest.h>
#include <signal.h>  // kill
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <thread>

#include "enrollment/pki.hpp"
#include "foundation/system/paths.hpp"
#include "support/environment.hpp"
#include "support/temporary_directory.hpp"

namespace koshin::renewal {
namespace {

namespace fs = std::filesystem;
namespace pki = enrollment::test;
using pki::Issuer;

class KnownAuthorities : public ::testing::Test {
 protected:
  KnownAuthorities() {
    test::isolate_user(directory_.path());
    bank_.authority.url = "https://bank.example";
  }
  static Certificates of(std::initializer_list<const Issuer*> issuers) {
    Certificates all;
    for (const Issuer* issuer : issuers) all.push_back(issuer->certificate());
    return all;
  }
  static std::vector<std::string> names(const Certificates& certificates) {
    std::vector<std::string> all;
    for (const auto& one : certificates) all.push_back(one.common_name());
    return all;
  }
  fs::path file() const {
    for (const auto& entry : fs::directory_iterator(paths::state_directory())) {
      if (entry.path().filename().string().starts_with("authorities-")) return entry.path();
    }
    throw std::runtime_error("nothing was kept");
  }
  void overwrite(const std::string& text) const { std::ofstream(file(), std::ios::trunc) << text; }
  void remember_root() { ASSERT_TRUE(remember_authorities(bank_, of({&root_}))); }
  /// Nothing is believed of what is there, and the next answer takes its place.
  void expect_forgotten_and_written_anew() {
    EXPECT_TRUE(remembered_authorities(bank_).empty());
    EXPECT_TRUE(remember_authorities(bank_, of({&root_}))) << "it is news again";
    EXPECT_EQ(names(remembered_authorities(bank_)), names(of({&root_})));
  }

  test::TemporaryDirectory directory_;
  Settings bank_;
  Issuer root_ = Issuer::make_root("Root", pki::test_now());
  Issuer issuing_ = root_.make_intermediate("Issuing CA", pki::test_now());
};

TEST_F(KnownAuthorities, AreKeptAndAreNewsOnce) {
  EXPECT_TRUE(remembered_authorities(bank_).empty());
  EXPECT_TRUE(remember_authorities(bank_, of({&root_, &issuing_})));
  EXPECT_FALSE(remember_authorities(bank_, of({&root_, &issuing_})));
  EXPECT_EQ(names(remembered_authorities(bank_)), (std::vector<std::string>{"Root", "Issuing CA"}));
  EXPECT_EQ(fs::status(file()).permissions(), fs::perms::owner_read | fs::perms::owner_write);
}

TEST_F(KnownAuthorities, OfAnotherBankAreAnotherMatter) {
  remember_root();
  Settings other = bank_;
  other.authority.url = "https://other.example";
  EXPECT_TRUE(remembered_authorities(other).empty());
  EXPECT_TRUE(remember_authorities(other, of({&issuing_})));
  EXPECT_EQ(names(remembered_authorities(other)), (std::vector<std::string>{"Issuing CA"}));
  EXPECT_EQ(names(remembered_authorities(bank_)), (std::vector<std::string>{"Root"}));
}

TEST_F(KnownAuthorities, DamagedOnesAreForgotten) {
  for (const char* text :
       {"", "no PEM at all", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
        "-----BEGIN CERTIFICATE-----\nMIIB"}) {
    remember_root();
    overwrite(text);
    expect_forgotten_and_written_anew();
    fs::remove(file());
  }
}

TEST_F(KnownAuthorities, AFileThatIsTooLargeIsForgotten) {
  remember_root();
  fs::resize_file(file(), fs::file_size(file()) + (std::uintmax_t{1} << 30U));
  expect_forgotten_and_written_anew();
  EXPECT_LT(fs::file_size(file()), 10'000U);
}

TEST_F(KnownAuthorities, AFileThatOthersCanWriteIsForgotten) {
  remember_root();
  fs::permissions(file(), fs::perms::others_write, fs::perm_options::add);
  expect_forgotten_and_written_anew();
}

TEST_F(KnownAuthorities, AFileOfAnotherUserIsForgotten) {
  constexpr uid_t nobody = 65534;
  if (::geteuid() != 0) GTEST_SKIP() << "only root can give a file away";
  remember_root();
  ASSERT_EQ(::chown(file().c_str(), nobody, nobody), 0);
  expect_forgotten_and_written_anew();
}

TEST_F(KnownAuthorities, AFolderThatCannotBeWrittenStopsNothing) {
  const fs::path folder = paths::state_directory();
  fs::remove_all(folder);
  std::ofstream(folder) << "a file in its place";
  EXPECT_FALSE(remember_authorities(bank_, of({&root_})));
  EXPECT_TRUE(remembered_authorities(bank_).empty());
}

/// Whenever it is killed, the file is the old one or the new one.
TEST_F(KnownAuthorities, AKilledProcessLeavesTheOldOnesOrTheNew) {
  remember_root();
  for (int round = 0; round < 30; ++round) {
    const pid_t writer = ::fork();
    if (writer == 0) {
      for (;;) {
        remember_authorities(bank_, of({&issuing_}));
        remember_authorities(bank_, of({&root_, &issuing_}));
      }
    }
    std::this_thread::sleep_for(std::chrono::microseconds(200 * round));
    ::kill(writer, SIGKILL);
    int status = 0;
    ASSERT_EQ(::waitpid(writer, &status, 0), writer);
    const auto found = names(remembered_authorities(bank_));
    EXPECT_TRUE(found == std::vector<std::string>{"Root"} ||
                found == std::vector<std::string>{"Issuing CA"} ||
                found == (std::vector<std::string>{"Root", "Issuing CA"}))
        << found.size() << " certificates in round " << round;
  }
}

}  // namespace
}  // namespace koshin::renewal
