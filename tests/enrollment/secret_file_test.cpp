// SPDX-License-Identifier: MIT
// Password files.
#include "enrollment/secret_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "failure_matcher.hpp"
#include "support/temporary_directory.hpp"

namespace koshin::enrollment {
namespace {

using std::filesystem::perms;

class SecretFile : public testing::Test {
 protected:
  std::filesystem::path write(const std::string& contents,
                              perms mode = perms::owner_read | perms::owner_write) {
    auto path = directory_.path() / "password";
    std::ofstream(path) << contents;
    std::filesystem::permissions(path, mode);
    return path;
  }
  std::string read(const std::string& contents) {
    const SecureBuffer secret = read_secret_file(write(contents), "proxy.password_file");
    return {secret.view().begin(), secret.view().end()};
  }
  koshin::test::TemporaryDirectory directory_;
};

TEST_F(SecretFile, IsItsFirstLine) {
  EXPECT_EQ(read("hunter2"), "hunter2");
  EXPECT_EQ(read("with blank \r\nsecond"), "with blank ");
  EXPECT_EQ(read(std::string(255, 'x') + "\n"), std::string(255, 'x'));
}

TEST_F(SecretFile, E8_IsRefusedWhenOthersCanReadIt) {
  const auto path = write("x", perms::owner_read | perms::group_read);
  const auto failure = test::failure_of([&] { read_secret_file(path, "proxy.password_file"); });
  EXPECT_EQ(failure.reason, Reason::settings_unsafe);
  EXPECT_THAT(failure.detail, testing::HasSubstr("proxy.password_file"));
}

TEST_F(SecretFile, IsRefusedWhenMissingEmptyOrTooLong) {
  const auto reason = [](const std::filesystem::path& path) {
    return test::reason_of([&] { read_secret_file(path, "s"); });
  };
  EXPECT_EQ(reason(directory_.path() / "missing"), "settings_invalid");
  EXPECT_EQ(reason(write("")), "settings_invalid");
  EXPECT_EQ(reason(write("\nsecret")), "settings_invalid");
  EXPECT_EQ(reason(write(std::string(256, 'x'))), "settings_invalid");
}

}  // namespace
}  // namespace koshin::enrollment
