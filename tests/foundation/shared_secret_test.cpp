// SPDX-License-Identifier: MIT
// The computer's own secrets: root's files that a group may read. The group is made for the test alone, in a
// mount namespace of a child's own.
#include <gmock/gmock.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "files.hpp"
#include "foundation/secrets/secret_input.hpp"
#include "foundation/settings/settings.hpp"
#include "foundation/system/file_access.hpp"
#include "support/temporary_directory.hpp"

namespace koshin {
namespace {

constexpr gid_t readers = 54321, others = 54322;
constexpr int cannot_be_made = 77;

class SharedSecret : public testing::Test {
 protected:
  void SetUp() override {
    if (geteuid() != 0) GTEST_SKIP() << "needs root";
    file_ = test::write_file(folder_.path() / "password", "open sesame\n");
  }
  /// What the file is refused for where /etc/group holds `groups`; empty: it is read. "skipped" where no
  /// mount namespace can be made.
  std::string refused(const std::string& groups, gid_t group, mode_t mode) const {
    EXPECT_EQ(chown(file_.c_str(), 0, group), 0);
    EXPECT_EQ(chmod(file_.c_str(), mode), 0);
    const auto list = test::write_file(folder_.path() / "group", groups, 0644);
    const auto answer = folder_.path() / "answer";
    const pid_t child = fork();
    if (child == 0) _exit(try_to_read(list, answer));
    int status = 0;
    EXPECT_EQ(waitpid(child, &status, 0), child);
    if (WIFEXITED(status) && WEXITSTATUS(status) == cannot_be_made) return "skipped";
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    return read_guarded_file(answer, Guard::write, 10000).value_or("no answer");
  }

 private:
  int try_to_read(const std::filesystem::path& groups, const std::filesystem::path& answer) const {
    if (unshare(CLONE_NEWNS) != 0) return cannot_be_made;
    if (mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) return cannot_be_made;
    if (mount(groups.c_str(), "/etc/group", nullptr, MS_BIND, nullptr) != 0) return cannot_be_made;
    std::string why;
    try {
      const SecureBuffer password = read_password_file(file_, "proxy.password_file");
      if (std::string(password.view().data(), password.size()) != "open sesame") why = "another secret";
    } catch (const FailureError& error) {
      why = error.failure().detail;
    }
    test::write_file(answer, why);
    return 0;
  }

 protected:
  test::TemporaryDirectory folder_;
  std::filesystem::path file_;
};

const std::string with_group = "root:x:0:\nkoshin:x:54321:\nothers:x:54322:\n";

TEST_F(SharedSecret, OfRootMayBeReadByTheGroupThatIsMadeForIt) {
  const std::string why = refused(with_group, readers, 0640);
  if (why == "skipped") GTEST_SKIP() << "no mount namespace can be made here";
  EXPECT_EQ(why, "");
  EXPECT_EQ(refused(with_group, others, 0600), "") << "nobody but root, whatever the group";
}

TEST_F(SharedSecret, MayNotBeReadByAnybodyElse) {
  const std::string why = refused(with_group, others, 0640);
  if (why == "skipped") GTEST_SKIP() << "no mount namespace can be made here";
  EXPECT_THAT(why, testing::HasSubstr("a group that is not \"koshin\""));
  EXPECT_THAT(refused("root:x:0:\n", readers, 0640), testing::HasSubstr("a group that is not \"koshin\""));
  for (const mode_t mode : {0660, 0644, 0650, 0642})
    EXPECT_THAT(refused(with_group, readers, mode), testing::HasSubstr("chmod 640")) << std::oct << mode;
}

TEST_F(SharedSecret, OfAPersonIsThePersonsAlone) {
  chmod(file_.c_str(), 0640);
  EXPECT_THROW(GuardedFile::open(file_, Guard::read), UnsafeFile) << "a PIN source, whoever's group it is";
}

}  // namespace
}  // namespace koshin
