// SPDX-License-Identifier: MIT
#include "foundation/secrets_frame.hpp"

#include <gmock/gmock.h>
#include <unistd.h>

#include <thread>

#include "failure_of.hpp"
#include "foundation/messages.hpp"

namespace koshin {
namespace {

using test::failure_of;
using testing::HasSubstr;

std::string text_of(const SecureBuffer& buffer) {
  return {buffer.view().data(), buffer.size()};
}

class FramesTest : public testing::Test {
 protected:
  FramesTest() { EXPECT_EQ(pipe(ends_), 0); }
  ~FramesTest() override {
    close(ends_[0]);
    end();
  }
  void feed(std::string_view bytes) {
    ASSERT_EQ(write(ends_[1], bytes.data(), bytes.size()), static_cast<ssize_t>(bytes.size()));
  }
  void end() {
    if (ends_[1] >= 0) close(ends_[1]);
    ends_[1] = -1;
  }
  int reader() const { return ends_[0]; }

 private:
  int ends_[2] = {-1, -1};
};

TEST_F(FramesTest, SecretsFollowTheJobByteForByte) {
  using std::string_view_literals::operator""sv;
  feed(
      "{\"job\":1}\n\0\x04"
      "12\n4\0\0\0\x02\0z"sv);
  EXPECT_EQ(read_job_line(reader()), "{\"job\":1}");
  EXPECT_EQ(text_of(read_secret_frame(reader())), "12\n4");
  EXPECT_TRUE(read_secret_frame(reader()).empty());
  EXPECT_EQ(text_of(read_secret_frame(reader())), "\0z"sv);
}

TEST_F(FramesTest, AFrameThatIsTooLongIsRefusedBeforeItIsRead) {
  feed("\xff\xff");
  EXPECT_EQ(failure_of([&] { (void)read_secret_frame(reader()); }).reason, Reason::job_invalid);
}

TEST_F(FramesTest, AnInputThatEndsIsRefused) {
  using std::string_view_literals::operator""sv;
  feed(
      "\0\x04"
      "12"sv);
  end();
  EXPECT_THAT(failure_of([&] { (void)read_secret_frame(reader()); }).detail,
              HasSubstr("ended inside a secret"));
  EXPECT_THAT(failure_of([&] { (void)read_job_line(reader()); }).detail,
              HasSubstr("ended before the job was complete"));
}

TEST_F(FramesTest, AJobThatIsTooLongIsRefused) {
  std::thread writer(
      [this] { feed(std::string(messages::max_job_line + 1, 'x')); });  // more than a pipe holds
  EXPECT_THAT(failure_of([&] { (void)read_job_line(reader()); }).detail,
              HasSubstr("longer than 65536 bytes"));
  writer.join();
}

TEST(WritingFrames, RefusesASecretThatDoesNotFit) {
  const auto child = ChildProcess::start("/bin/cat", {});
  const SecureBuffer secret = SecureBuffer::copy_of(std::string(256, 'x'));
  EXPECT_THROW(write_secret_frame(*child, secret), std::length_error);
}

}  // namespace
}  // namespace koshin
