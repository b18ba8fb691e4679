// SPDX-License-Identifier: MIT
#include "foundation/jobs/secrets_frame.hpp"

#include <gmock/gmock.h>
#include <unistd.h>

#include <thread>

#include "failure_of.hpp"
#include "foundation/jobs/messages.hpp"

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
  JobInput input(reader());
  EXPECT_EQ(input.job_line(), "{\"job\":1}");
  EXPECT_EQ(text_of(input.secret_frame()), "12\n4");
  EXPECT_TRUE(input.secret_frame().empty());
  EXPECT_EQ(text_of(input.secret_frame()), "\0z"sv);
}

TEST_F(FramesTest, PiecesMayEndAnywhere) {
  using std::string_view_literals::operator""sv;
  const std::string job(5000, 'x');
  const std::string all = job + "\n" +
                          std::string(
                              "\0\x04"
                              "1234"
                              "\0\x02"
                              "ab"sv);
  for (const std::size_t step : {1U, 7U, 2047U, 2048U, 2049U}) {
    std::thread writer([&, step] {
      for (std::size_t at = 0; at < all.size(); at += step) feed(std::string_view(all).substr(at, step));
    });
    JobInput input(reader());
    EXPECT_EQ(input.job_line(), job);
    EXPECT_EQ(text_of(input.secret_frame()), "1234");
    EXPECT_EQ(text_of(input.secret_frame()), "ab");
    writer.join();
  }
}

TEST_F(FramesTest, AFrameThatIsTooLongIsRefusedBeforeItIsRead) {
  feed("\xff\xff");
  EXPECT_EQ(failure_of([&] { (void)JobInput(reader()).secret_frame(); }).reason, Reason::job_invalid);
}

TEST_F(FramesTest, AnInputThatEndsIsRefused) {
  using std::string_view_literals::operator""sv;
  feed(
      "\0\x04"
      "12"sv);
  end();
  EXPECT_THAT(failure_of([&] { (void)JobInput(reader()).secret_frame(); }).detail,
              HasSubstr("ended inside a secret"));
  EXPECT_THAT(failure_of([&] { (void)JobInput(reader()).job_line(); }).detail,
              HasSubstr("ended before the job was complete"));
}

TEST_F(FramesTest, AJobThatIsTooLongIsRefused) {
  std::thread writer(
      [this] { feed(std::string(messages::max_job_line + 1, 'x')); });  // more than a pipe holds
  EXPECT_THAT(failure_of([&] { (void)JobInput(reader()).job_line(); }).detail,
              HasSubstr("longer than 65536 bytes"));
  writer.join();
}

TEST(WritingFrames, RefusesASecretThatDoesNotFit) {
  const auto child = ChildProcess::start("/bin/cat", {});
  const SecureBuffer secret = SecureBuffer::copy_of(std::string(max_secret + 1, 'x'));
  EXPECT_THROW(write_secret_frame(*child, secret), std::length_error);
}

}  // namespace
}  // namespace koshin
