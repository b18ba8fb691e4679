// SPDX-License-Identifier: MIT
// How many certificates an authority issues for one renewal when one of its answers gets lost or is of no
// use: one, or one more where the authority itself makes it so. Prints the table (./dev bench --only
// lost-answers).
#include <gmock/gmock.h>

#include <array>
#include <iomanip>
#include <iostream>

#include "faults/trial.hpp"

namespace koshin::faults {
namespace {

struct Loss {
  const char* name;
  const char* fault;   ///< switch of the bank, taken once; null: nothing is lost
  bool issued_unseen;  ///< the certificate was issued, and nobody here has seen it
};
constexpr std::array losses{Loss{"nothing", nullptr, false},
                            Loss{"/cacerts", "cacerts.drop_after_issue", false},
                            Loss{"half of /cacerts", "cacerts.truncate", false},
                            Loss{"/csrattrs", "csrattrs.drop_after_issue", false},
                            Loss{"the request", "drop_before_issue", false},
                            Loss{"the certificate", "drop_after_issue", true},
                            Loss{"half of the certificate", "truncate", true},
                            Loss{"noise instead of it", "garbage", true},
                            Loss{"an endless one", "oversize", true},
                            Loss{"the log-in", "login.drop_after_issue", false}};

/// What an authority does with a key that it has certified before.
struct Authority {
  const char* name;
  const char* repeat_key;  ///< switch of the bank
  std::size_t one_more;    ///< certificates that a lost answer costs
};
constexpr std::array authorities{Authority{"gives the same certificate again", "0", 0},
                                 Authority{"issues another one", "anew", 1},
                                 Authority{"says that a key is certified once", "refused", 1},
                                 Authority{"refuses it in words of its own", "forbidden", 1}};

struct Count {
  std::size_t issued = 0;
  int runs = 0;
  bool complete = false;
  std::vector<std::string> losses = {};  ///< on the token, at the end
};

/// Runs until the renewal is complete, at most four times.
Count renew_in_spite_of(const Authority& authority, const Loss& loss, int attempts) {
  Stage stage;
  Trial trial(stage, "authority.attempts = " + std::to_string(attempts) + "\n");
  stage.bank().set("csrattrs", "sha256");
  stage.bank().set("repeat_key", authority.repeat_key);
  if (loss.fault != nullptr) stage.bank().set(loss.fault, "1");
  Count count;
  while (count.runs < 4 && !count.complete) {
    const auto run = trial.renew();
    ++count.runs;
    count.complete = std::holds_alternative<messages::RenewResult>(run.last);
  }
  count.issued = stage.bank().issued();
  count.losses = trial.storm_losses();
  return count;
}

class Issuance : public testing::TestWithParam<Authority> {};

TEST_P(Issuance, one_certificate_a_renewal_whichever_answer_gets_lost) {
  const auto& authority = GetParam();
  std::cout << "an authority that " << authority.name << "\n  " << std::left << std::setw(26) << "lost answer"
            << "issued (runs) with 3 attempts, with 1\n";
  for (const auto& loss : losses) {
    std::cout << "  " << std::setw(26) << loss.name;
    for (const int attempts : {3, 1}) {
      const Count count = renew_in_spite_of(authority, loss, attempts);
      EXPECT_TRUE(count.complete) << loss.name;
      EXPECT_THAT(count.losses, testing::IsEmpty()) << loss.name;
      EXPECT_EQ(count.issued, 1 + (loss.issued_unseen ? authority.one_more : 0)) << loss.name;
      std::cout << count.issued << " (" << count.runs << ")  ";
    }
    std::cout << "\n";
  }
}

INSTANTIATE_TEST_SUITE_P(Authorities, Issuance, testing::ValuesIn(authorities), [](const auto& one) {
  const std::string repeat = one.param.repeat_key;
  return repeat == "0"         ? std::string("SameAgain")
         : repeat == "anew"    ? std::string("Anew")
         : repeat == "refused" ? std::string("Once")
                               : std::string("OnceInOtherWords");
});

}  // namespace
}  // namespace koshin::faults
