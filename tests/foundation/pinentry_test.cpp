// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>

#include <fstream>
#include <sstream>
#include <thread>

#include "failure_of.hpp"
#include "files.hpp"
#include "foundation/secrets/secret_input.hpp"
#include "support/temporary_directory.hpp"

namespace koshin {
namespace {

using test::failure_of;
using testing::HasSubstr;
using testing::Not;

constexpr std::chrono::seconds plenty{60};

/// A pinentry made of shell: says OK to everything, keeps what it was told, and answers GETPIN as the test
/// says.
class PinentryTest : public testing::Test {
 protected:
  std::filesystem::path pinentry(const std::string& answer_to_getpin) const {
    return test::write_file(
        folder_.path() / "pinentry",
        "#!/bin/sh\necho 'OK Pleased to meet you'\nwhile IFS= read -r line; do\n  printf '%s\\n' \"$line\" "
        ">> '" +
            (folder_.path() / "told").string() + "'\n  case \"$line\" in\n  GETPIN) " + answer_to_getpin +
            " ;;\n  OPTION*) echo 'ERR 83886254 Unknown option' ;;\n  *) echo OK ;;\n  esac\ndone\n",
        0700);
  }
  SecureBuffer ask(const std::string& answer_to_getpin, std::chrono::seconds limit = plenty,
                   const std::stop_token& stop = {},
                   const std::string& description = "Token \"demo\"\n100 % yours\x1b") const {
    const PinentryTexts texts{.title = "koshin",
                              .description = description,
                              .prompt = "PIN:",
                              .error = "",
                              .ok = "_OK",
                              .cancel = ""};
    return ask_pinentry(texts, stop, limit, pinentry(answer_to_getpin));
  }
  std::string told() const {
    std::ostringstream text;
    text << std::ifstream(folder_.path() / "told").rdbuf();
    return text.str();
  }
  static std::string text_of(const SecureBuffer& buffer) { return {buffer.view().data(), buffer.size()}; }

 private:
  test::TemporaryDirectory folder_;
};

TEST_F(PinentryTest, GivesTheSecretDecoded) {
  EXPECT_EQ(text_of(ask("echo 'S PASSWORD_FROM_CACHE'; echo 'D 12%25%0A34'; echo 'D 56'; echo OK")),
            "12%\n3456");
  EXPECT_THAT(told(), HasSubstr("SETTITLE koshin\nSETDESC Token \"demo\"%0A100 %25 yours\uFFFD\nSETPROMPT "
                                "PIN:\nSETOK _OK\nGETPIN\n"));
  EXPECT_THAT(told(), Not(HasSubstr("SETERROR")));
}

TEST_F(PinentryTest, ALineIsNoLongerThanAssuanAllowsAndEndsWithAWholeCharacter) {
  ask("echo 'D 1'; echo OK", plenty, {}, std::string(700, '%') + std::string(700, 'x'));
  std::istringstream lines(told());
  std::string line;
  while (std::getline(lines, line) && !line.starts_with("SETDESC")) {
  }
  EXPECT_LE(line.size(), 1000U);
  EXPECT_THAT(line, testing::EndsWith("%25%25"));
}

TEST_F(PinentryTest, CancellingIsPinCancelled) {
  for (const char* const code : {"83886179", "83886194", "83886142"}) {
    EXPECT_EQ(
        failure_of([&] { (void)ask(std::string("echo 'ERR ") + code + " Operation cancelled'"); }).reason,
        Reason::pin_cancelled)
        << code;
  }
}

TEST_F(PinentryTest, WhateverElseGoesWrongIsPinentryFailed) {
  for (const char* const answer :
       {"echo 'ERR 83886086 No terminal'", "exit 1", "yes 'S x'", "head -c 5000 /dev/zero",
        "echo 'D 12%4z'; echo OK", "echo 'D 12%'; echo OK"}) {
    EXPECT_EQ(failure_of([&] { (void)ask(answer); }).reason, Reason::pinentry_failed) << answer;
  }
  EXPECT_EQ(failure_of([&] { (void)ask("echo OK"); }).reason, Reason::pin_required) << "nothing was entered";
}

TEST_F(PinentryTest, ItsOwnWordsArePassedOn) {
  const Failure failure =
      failure_of([&] { (void)ask("echo 'ERR 83918950 Inappropriate ioctl for device <Pinentry>'"); });
  EXPECT_EQ(failure.retry(), Retry::after_user_action);
  EXPECT_THAT(failure.detail, HasSubstr("pinentry said: Inappropriate ioctl for device <Pinentry>"));
}

TEST_F(PinentryTest, OneThatOthersCanWriteIsNotStarted) {
  const auto program = pinentry("echo 'D 1234'; echo OK");
  std::filesystem::permissions(program, std::filesystem::perms::all);
  const Failure failure = failure_of([&] { (void)ask_pinentry({}, {}, plenty, program); });
  EXPECT_EQ(failure.reason, Reason::pinentry_failed);
  EXPECT_THAT(failure.detail, HasSubstr(program.string()));
  EXPECT_EQ(told(), "") << "and it was told nothing";
}

TEST_F(PinentryTest, WordsThatMayRepeatWhatWasTypedAreNot) {
  const Failure failure = failure_of([&] { (void)ask("echo 'ERR 83886087 bad PIN 4829157'"); });
  EXPECT_EQ(failure.reason, Reason::pinentry_failed);
  EXPECT_THAT(failure.detail, HasSubstr("pinentry said: code 83886087"));
  EXPECT_THAT(failure.detail, Not(HasSubstr("4829157")));
}

TEST_F(PinentryTest, AnErrorWithoutWordsIsGivenByItsNumber) {
  const Failure failure = failure_of([&] { (void)ask("echo 'ERR 83918950'"); });
  EXPECT_THAT(failure.detail, HasSubstr("code 83918950"));
}

TEST_F(PinentryTest, WhatItWritesToStandardErrorIsKeptForTheFailureAndShownNowhere) {
  testing::internal::CaptureStderr();
  const Failure failure = failure_of([&] {
    (void)ask("echo 'cannot open display: :7' >&2; head -c 100000 /dev/zero | tr '\\0' x >&2; exit 1");
  });
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
  EXPECT_EQ(failure.reason, Reason::pinentry_failed);
  EXPECT_THAT(failure.detail, HasSubstr("on standard error: cannot open display: :7"));
  EXPECT_LE(failure.detail.size(), 800U);
}

TEST_F(PinentryTest, OneThatIsMissingIsALocalCause) {
  const Failure failure = failure_of([] { (void)ask_pinentry({}, {}, plenty, "/no/such/pinentry"); });
  EXPECT_EQ(failure.reason, Reason::pinentry_failed);
  EXPECT_NE(failure.retry(), Retry::later);
  EXPECT_THAT(failure.detail, HasSubstr("/no/such/pinentry"));
}

TEST_F(PinentryTest, WhatIsNoUtf8IsNotGivenOut) {
  for (const char* const answer : {"printf 'D \\202\\263\\202\\255\\nOK\\n'", "echo 'D 12%0034'; echo OK"}) {
    EXPECT_EQ(failure_of([&] { (void)ask(answer); }).reason, Reason::secret_unusable) << answer;
  }
}

TEST_F(PinentryTest, ASecretThatIsTooLongIsRefused) {
  const Failure failure =
      failure_of([&] { (void)ask("for i in 1 2 3 4; do echo \"D $(printf '%0300d' 7)\"; done; echo OK"); });
  EXPECT_EQ(failure.reason, Reason::secret_unusable);
  EXPECT_THAT(failure.detail, Not(HasSubstr("000")));
}

TEST_F(PinentryTest, IsNotWaitedForLongerThanAllowed) {
  EXPECT_EQ(failure_of([&] { (void)ask("exec sleep 300", std::chrono::seconds(1)); }).reason,
            Reason::pin_cancelled);
}

TEST_F(PinentryTest, AStopRequestEndsIt) {
  std::stop_source source;
  std::thread stopper([&] {
    while (told().find("GETPIN") == std::string::npos)
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    source.request_stop();
  });
  EXPECT_EQ(failure_of([&] { (void)ask("exec sleep 300", plenty, source.get_token()); }).reason,
            Reason::interrupted);
  stopper.join();
}

}  // namespace
}  // namespace koshin
