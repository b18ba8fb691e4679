// SPDX-License-Identifier: MIT
// The Assuan dialogue with a pinentry, played by shell scripts.
#include "cli/pinentry.hpp"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

#include "foundation/failure.hpp"
#include "support/temporary_directory.hpp"

namespace koshin::cli {
namespace {

using testing::HasSubstr;

class Pinentry : public testing::Test {
 protected:
  /// `getpin` is what the script does on GETPIN; every line it reads is kept.
  std::string script(const std::string& getpin, const std::string& greeting = "OK ready") {
    const auto path = directory_.path() / "pinentry";
    std::ofstream out(path);
    out << "#!/bin/sh\nlog='" << (directory_.path() / "log").string() << "'\necho '" << greeting << "'\n"
        << "while read -r line; do\n  echo \"$line\" >>\"$log\"\n  case \"$line\" in\n    GETPIN) " << getpin
        << " ;;\n    OPTION*) echo 'ERR 1 unknown option' ;;\n    *) echo '# a comment'; echo OK ;;\n  "
           "esac\ndone\n";
    out.close();
    std::filesystem::permissions(path, std::filesystem::perms::owner_all);
    return path.string();
  }
  std::string log() const {
    std::ifstream in(directory_.path() / "log");
    return {std::istreambuf_iterator<char>(in), {}};
  }
  std::string ask(const std::string& program) {
    const SecureBuffer pin = ask_pinentry({.program = program,
                                           .title = "T",
                                           .description = "Token \"100%\"\nPIN",
                                           .prompt = "PIN:",
                                           .warning = "last try"},
                                          interrupt_);
    return {pin.view().begin(), pin.view().end()};
  }
  Failure failure_of(const std::string& program) {
    try {
      return {Reason::internal_error, "got " + ask(program), {}};
    } catch (const FailureError& error) {
      return error.failure();
    }
  }

  test::TemporaryDirectory directory_;
  Interrupt interrupt_;
};

TEST_F(Pinentry, the_pin_comes_back_unescaped) {
  EXPECT_EQ(ask(script("echo 'D 12%2534%0A'; echo OK")), "12%34\n");
}

TEST_F(Pinentry, texts_go_out_escaped_in_one_line) {
  ask(script("echo 'D 1'; echo OK"));
  EXPECT_THAT(log(), HasSubstr("SETDESC Token \"100%25\"%0APIN\n"));
  EXPECT_THAT(log(), HasSubstr("SETERROR last try\n"));
}

TEST_F(Pinentry, cancelling_is_a_reason_of_its_own) {
  EXPECT_EQ(failure_of(script("echo 'ERR 83886179 Operation cancelled'")).reason, Reason::pin_cancelled);
}

TEST_F(Pinentry, an_empty_pin_is_cancelling) {
  EXPECT_EQ(failure_of(script("echo OK")).reason, Reason::pin_cancelled);
  EXPECT_EQ(failure_of(script("echo 'D '; echo OK")).reason, Reason::pin_cancelled);
}

TEST_F(Pinentry, one_that_ends_without_an_answer_is_said_so) {
  const Failure failure = failure_of(script("exit 0"));
  EXPECT_EQ(failure.reason, Reason::pin_required);
  EXPECT_THAT(failure.detail, HasSubstr("ended early"));
}

TEST_F(Pinentry, one_that_does_not_exist_is_named) {
  const Failure failure = failure_of("/nonexistent/pinentry");
  EXPECT_EQ(failure.reason, Reason::pin_required);
  EXPECT_THAT(failure.detail, HasSubstr("/nonexistent/pinentry"));
}

TEST_F(Pinentry, one_that_talks_without_end_is_cut_off) {
  EXPECT_THAT(failure_of(script("head -c 100000 /dev/zero | tr '\\0' x")).detail,
              HasSubstr("too long a line"));
}

TEST_F(Pinentry, one_that_greets_wrongly_is_refused) {
  EXPECT_THAT(failure_of(script("echo 'D 1'", "ERR 1 no display")).detail, HasSubstr("no greeting"));
}

TEST_F(Pinentry, more_than_a_secret_can_be_is_refused) {
  EXPECT_EQ(failure_of(script("printf 'D %0300d\\n' 1")).reason, Reason::pin_length_invalid);
}

}  // namespace
}  // namespace koshin::cli
