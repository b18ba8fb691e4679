// SPDX-License-Identifier: MIT
#include "foundation/secrets/secret_input.hpp"

#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include "failure_of.hpp"
#include "files.hpp"
#include "support/environment.hpp"
#include "support/temporary_directory.hpp"

namespace koshin {
namespace {

using test::failure_of;
using testing::HasSubstr;
using testing::Not;

std::string text_of(const SecureBuffer& buffer) {
  return {buffer.view().data(), buffer.size()};
}

/// The reading end of a pipe that holds `text` and is closed at its other end.
class Pipe {
 public:
  explicit Pipe(std::string_view text) {
    if (pipe(ends_) != 0 || write(ends_[1], text.data(), text.size()) < 0) ADD_FAILURE() << "no pipe";
    close(ends_[1]);
  }
  ~Pipe() { close(ends_[0]); }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  int descriptor() const { return ends_[0]; }

 private:
  int ends_[2] = {-1, -1};
};

TEST(SecretLine, IsReadWithoutItsNewline) {
  for (const char* const text : {"1234", "1234\n", "1234\r\n"}) {
    const Pipe pipe(text);
    EXPECT_EQ(text_of(read_secret_line(pipe.descriptor())), "1234");
  }
}

TEST(SecretLine, LeavesWhatFollowsInThePipe) {
  const Pipe pipe("first\nsecond\n");
  EXPECT_EQ(text_of(read_secret_line(pipe.descriptor())), "first");
  EXPECT_EQ(text_of(read_secret_line(pipe.descriptor())), "second");
}

TEST(SecretLine, ThatIsEmptyIsPinRequired) {
  for (const char* const text : {"", "\n", "\r\n"}) {
    const Pipe pipe(text);
    EXPECT_EQ(failure_of([&] { (void)read_secret_line(pipe.descriptor()); }).reason, Reason::pin_required);
  }
  EXPECT_EQ(failure_of([] { (void)read_secret_line(-1); }).reason, Reason::pin_required);
}

TEST(SecretLine, IsBoundedAndNotRepeatedInTheComplaint) {
  const Pipe longest(std::string(1024, '7') + "\r\n");
  EXPECT_EQ(read_secret_line(longest.descriptor()).size(), 1024U);
  for (const std::size_t size : {1025U, 1026U, 5000U}) {
    const Pipe pipe(std::string(size, '7'));
    const Failure failure = failure_of([&] { (void)read_secret_line(pipe.descriptor()); });
    EXPECT_EQ(failure.reason, Reason::secret_unusable);
    EXPECT_THAT(failure.detail, Not(HasSubstr("777")));
  }
}

TEST(SecretLine, InAnotherEncodingIsRefused) {
  using namespace std::string_literals;
  const std::string shift_jis = "\x82\xb3\x82\xad\x82\xe7";
  const std::string euc_jp = "\xa4\xb5\xa4\xaf\xa4\xe9";
  for (const std::string& text : {shift_jis, euc_jp, "p\xe4\xdf"s,
                                  "\xef\xbb\xbf"
                                  "1234"s,
                                  "1\0002\000"s,
                                  "\xff\xfe"
                                  "1"s}) {
    const Pipe pipe(text + "\n");
    const Failure failure = failure_of([&] { (void)read_secret_line(pipe.descriptor()); });
    EXPECT_EQ(failure.reason, Reason::secret_unusable) << testing::PrintToString(text);
  }
  const Pipe pipe("さくら12\n");
  EXPECT_EQ(text_of(read_secret_line(pipe.descriptor())), "さくら12");
}

TEST(SecretLine, ThatLooksLikeUtf8InALocaleOfAnotherEncodingIsRefused) {
  const test::ScopedEnvironment locale(std::map<std::string, std::string>{{"LC_ALL", "ja_JP.SJIS"}});
  const Pipe looks_alike(
      "\xc2\xa1"
      "234\n");  // two half-width katakana in Shift-JIS
  EXPECT_EQ(failure_of([&] { (void)read_secret_line(looks_alike.descriptor()); }).reason,
            Reason::secret_unusable);
  const Pipe plain("1234\n");
  EXPECT_EQ(text_of(read_secret_line(plain.descriptor())), "1234");
}

class PinSourceTest : public testing::Test {
 protected:
  test::TemporaryDirectory folder_;
  std::filesystem::path file_ = test::write_file(folder_.path() / "my pin", "123456\nsecond line\n");
};

TEST_F(PinSourceTest, IsAFileUriOrAPath) {
  const std::string encoded = folder_.path().string() + "/my%20pin";
  for (const std::string& source :
       {"file:" + encoded, "file://" + encoded, "file://localhost" + encoded, file_.string()}) {
    EXPECT_EQ(text_of(read_pin_source(source)), "123456") << source;
  }
}

TEST_F(PinSourceTest, ThatOthersCanReadIsRefused) {
  for (const mode_t mode : {0644, 0640, 0604, 0620}) {
    chmod(file_.c_str(), mode);
    const Failure failure = failure_of([&] { (void)read_pin_source(file_.string()); });
    EXPECT_EQ(failure.reason, Reason::pin_source_unsafe) << std::oct << mode;
    EXPECT_EQ(failure.detail,
              file_.string() + ": this file can be read or written by group or others: chmod go-rwx");
  }
}

TEST_F(PinSourceTest, OfAnotherUserIsRefused) {
  if (chown(file_.c_str(), 12345, 12345) != 0) GTEST_SKIP() << "only root can give files away";
  EXPECT_EQ(failure_of([&] { (void)read_pin_source(file_.string()); }).reason, Reason::pin_source_unsafe);
}

TEST_F(PinSourceTest, ThatIsNoFileIsSaidToBeWhatItIs) {
  const std::string pipe = (folder_.path() / "pipe").string();
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  const std::vector<std::pair<std::string, std::string>> sources{
      {pipe, "a named pipe"}, {folder_.path().string(), "a folder"}, {"/dev/zero", "a device"}};
  for (const auto& [source, kind] : sources) {
    const Failure failure = failure_of([&, path = source] { (void)read_pin_source(path); });
    EXPECT_EQ(failure.reason, Reason::pin_source_unusable) << source;
    EXPECT_EQ(failure.detail, source + ": this is " + kind + ", and not a regular file");
  }
}

TEST_F(PinSourceTest, ThatIsMissingOrEmptyIsUnusable) {
  EXPECT_EQ(failure_of([&] { (void)read_pin_source((folder_.path() / "missing").string()); }).reason,
            Reason::pin_source_unusable);
  test::write_file(file_, "\n");
  EXPECT_EQ(failure_of([&] { (void)read_pin_source(file_.string()); }).reason, Reason::pin_source_unusable);
}

TEST_F(PinSourceTest, ThatIsTooLongIsRefused) {
  test::write_file(file_, std::string(300, '7'));
  EXPECT_EQ(failure_of([&] { (void)read_pin_source(file_.string()); }).reason, Reason::pin_length_invalid);
}

TEST_F(PinSourceTest, CommandsRelativePathsAndOtherSchemesAreRefused) {
  for (const char* const source : {"|/bin/echo 1234", "pin.txt", "file:pin.txt", "file://server/pin",
                                   "https://x/pin", "", "file:/a%0", "file:/a%00b"}) {
    EXPECT_EQ(failure_of([&] { (void)read_pin_source(source); }).reason, Reason::pin_source_unusable)
        << source;
  }
}

TEST_F(PinSourceTest, StampTellsAChangedFileAndHoldsNoSecret) {
  const std::string before = pin_source_stamp(file_.string());
  EXPECT_EQ(pin_source_stamp(file_.string()), before);
  EXPECT_THAT(before, Not(HasSubstr("123456")));
  test::write_file(file_, "1234567\n");
  EXPECT_NE(pin_source_stamp(file_.string()), before);
}

TEST_F(PinSourceTest, InAnotherEncodingIsRefused) {
  test::write_file(file_,
                   "\xef\xbb\xbf"
                   "123456\r\n");
  const Failure failure = failure_of([&] { (void)read_pin_source(file_.string()); });
  EXPECT_EQ(failure.reason, Reason::secret_unusable);
  EXPECT_THAT(failure.detail, HasSubstr("byte order mark"));
}

class PasswordFile : public testing::Test {
 protected:
  std::filesystem::path write(const std::string& contents, mode_t mode = 0600) const {
    return test::write_file(folder_.path() / "password", contents, mode);
  }
  std::string read(const std::string& contents) const {
    return text_of(read_password_file(write(contents), "mail.password_file"));
  }
  Failure refused(const std::filesystem::path& file) const {
    return failure_of([&] { (void)read_password_file(file, "mail.password_file"); });
  }
  test::TemporaryDirectory folder_;
};

TEST_F(PasswordFile, IsItsFirstLine) {
  EXPECT_EQ(read("hunter2"), "hunter2");
  EXPECT_EQ(read("with blank \r\nsecond"), "with blank ");
  EXPECT_EQ(read(std::string(300, 'x') + "\n"), std::string(300, 'x')) << "no PIN, and no PIN's length";
  EXPECT_EQ(read(std::string(1024, 'x')), std::string(1024, 'x'));
}

TEST_F(PasswordFile, E8_IsRefusedWhenOthersCanReadIt) {
  for (const mode_t mode : {0644, 0640, 0604}) {
    const Failure failure = refused(write("x", mode));
    EXPECT_EQ(failure.reason, Reason::settings_unsafe) << std::oct << mode;
    EXPECT_THAT(failure.detail, HasSubstr("mail.password_file"));
  }
}

TEST_F(PasswordFile, IsRefusedWhenMissingEmptyTooLongOrNoText) {
  EXPECT_EQ(refused(folder_.path() / "missing").reason, Reason::settings_invalid);
  for (const std::string& contents : {std::string(), std::string("\nsecret"), std::string(1025, 'x'),
                                      std::string("p\xe4ss"), std::string("a\0b", 3)}) {
    const Failure failure = refused(write(contents));
    EXPECT_EQ(failure.reason, Reason::settings_invalid) << testing::PrintToString(contents);
    EXPECT_THAT(failure.detail, HasSubstr("mail.password_file"));
  }
}

}  // namespace
}  // namespace koshin
