// SPDX-License-Identifier: MIT
// What follows from a refused proof stands behind the server's answer, and comes off again.
#include "renewal/policy/proof_consequences.hpp"

#include <gtest/gtest.h>

#include "foundation/base/text.hpp"

namespace koshin::renewal {
namespace {

constexpr ProofConsequence next_steps[] = {ProofConsequence::given_up, ProofConsequence::tried_again};
constexpr ProofConsequence places[] = {ProofConsequence::old_on_token, ProofConsequence::old_not_seen,
                                       ProofConsequence::old_not_written_back};

TEST(ProofConsequences, ComeOffTheAnswerAgain) {
  const std::string answer = "403: not registered; ask the desk";
  for (const auto next : next_steps) {
    for (const auto place : places) {
      const std::string detail = with_consequences(answer, {next, place});
      EXPECT_GT(detail.size(), answer.size() + 40);
      EXPECT_TRUE(detail.starts_with(answer + "; ")) << detail;
      EXPECT_EQ(without_consequences(detail), answer);
      EXPECT_EQ(without_consequences(with_consequences(answer, {place})), answer);
    }
  }
  EXPECT_EQ(with_consequences(answer, {}), answer);
}

TEST(ProofConsequences, AreInNoOtherDetail) {
  for (const char* detail : {"", "502", "the authority said; the old certificate is on the token, or not"})
    EXPECT_EQ(without_consequences(detail), detail);
}

TEST(ProofConsequences, AreWholeBehindAnAnswerThatIsTooLong) {
  const std::string detail =
      with_consequences(std::string(3000, 'x'), {ProofConsequence::given_up, ProofConsequence::old_on_token});
  EXPECT_LE(detail.size(), printable_limit);
  EXPECT_TRUE(detail.ends_with("; the old certificate is on the token"));
  EXPECT_EQ(without_consequences(detail).find_first_not_of('x'), std::string::npos);
}

}  // namespace
}  // namespace koshin::renewal
