// SPDX-License-Identifier: MIT
// What may be on the token after a check.
#include "module_check/contents.hpp"

#include <gtest/gtest.h>

namespace koshin::module_check {
namespace {

const std::vector<std::string> issued{"aa11", "bb22"};

ObjectFacts certificate(const std::string& sha256) {
  return {.kind = "certificate", .id = "05", .label = {}, .certificate_sha256 = sha256, .digest = "0"};
}

TEST(ContentsAfterACheck, are_no_certificate_of_the_check_also_where_the_keys_stay) {
  for (const bool keeps_pairs : {false, true})
    EXPECT_FALSE(may_stay(certificate("bb22"), issued, keeps_pairs, {"05"}));
}

TEST(ContentsAfterACheck, are_keys_and_what_the_module_shows_beside_them_where_keys_stay) {
  const ObjectFacts key{
      .kind = "private key", .id = "05", .label = {}, .certificate_sha256 = {}, .digest = "0"};
  for (const ObjectFacts& object : {key, certificate("cc33")}) {
    EXPECT_TRUE(may_stay(object, issued, true, {}));
    EXPECT_TRUE(may_stay(object, issued, false, {"05"}));
    EXPECT_FALSE(may_stay(object, issued, false, {"06"}));
  }
}

}  // namespace
}  // namespace koshin::module_check
