// SPDX-License-Identifier: MIT
// What koshin-ui hears on its stdin, by a program in its place that writes it down.
#include "resident/ui_process.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "support/temporary_directory.hpp"

namespace koshin::resident {
namespace {

TEST(UiProcess, HearsHowManyAreDueAndWhatTheOneConcernedIsFor) {
  const test::TemporaryDirectory directory;
  const auto heard = directory.path() / "heard";
  UiProcess process;
  Prompt prompt;
  prompt.certificate_sha256 = "ab";
  prompt.due = 2;
  prompt.purpose = messages::Purpose::signature;
  process.tell_again(prompt);
  prompt.due = 1;
  prompt.purpose = messages::Purpose::log_in;
  process.tell_again(prompt);
  const UiCommand command{"/bin/sh", {"-c", "head -n 2 > \"$0\"", heard.string()}};
  EXPECT_EQ(process.run(command, {}, [](const std::string&) {}), UiProcess::End::done);
  std::ifstream file(heard);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(file), {}),
            "{\"schema\":1,\"type\":\"told_again\",\"reason\":\"due\",\"certificate\":\"ab\",\"due\":2,"
            "\"purpose\":\"signature\"}\n"
            "{\"schema\":1,\"type\":\"told_again\",\"reason\":\"due\",\"certificate\":\"ab\"}\n");
}

}  // namespace
}  // namespace koshin::resident
