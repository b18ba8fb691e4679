// SPDX-License-Identifier: MIT
// The one JSON document of a command, also while it is kept for what follows the command.
#include "cli/console.hpp"

#include <gmock/gmock.h>

#include <stdexcept>

namespace koshin::cli {
namespace {

Arguments with_json() {
  Arguments arguments;
  arguments.json = true;
  return arguments;
}

TEST(Document, that_is_kept_is_written_with_what_is_added) {
  const Console console(with_json(), false, true);
  testing::internal::CaptureStdout();
  console.hold_document();
  console.document(R"({"first":1})");
  EXPECT_EQ(testing::internal::GetCapturedStdout(), "");
  testing::internal::CaptureStdout();
  console.end_document(R"(,"then":2)");
  EXPECT_EQ(testing::internal::GetCapturedStdout(), "{\"first\":1,\"then\":2}\n");
}

TEST(Document, a_second_one_is_an_error_and_the_first_stands) {
  const Console console(with_json(), false, true);
  console.hold_document();
  console.document(R"({"first":1})");
  EXPECT_THROW(console.document(R"({"second":1})"), std::logic_error);
  testing::internal::CaptureStdout();
  console.end_document("");
  EXPECT_EQ(testing::internal::GetCapturedStdout(), "{\"first\":1}\n");
}

TEST(Document, that_comes_after_the_end_has_what_was_added) {
  const Console console(with_json(), false, true);
  console.hold_document();
  console.end_document(R"(,"then":2)");
  testing::internal::CaptureStdout();
  console.document(R"({"failure":1})");
  EXPECT_EQ(testing::internal::GetCapturedStdout(), "{\"failure\":1,\"then\":2}\n");
}

}  // namespace
}  // namespace koshin::cli
