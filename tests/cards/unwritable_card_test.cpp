// SPDX-License-Identifier: MIT
// A PIV card that cannot be written as the settings have it: through Debian's OpenSC, and through ykcs11
// without the profile piv. It is said before a PIN is presented, and nothing is asked of the authority.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "card_stage.hpp"
#include "module_stage.hpp"

namespace koshin::cards {
namespace {

using testing::HasSubstr;
using testing::Not;

struct Case {
  const char* name;
  bool opensc;
  const char* settings;
  const char* finding;
};

class UnwritableCard : public testing::TestWithParam<Case> {
 protected:
  /// Presented, it would cost a try, which damage() counts.
  static constexpr const char* wrong_pin = "999999";

  void SetUp() override {
    if (const auto why = CardStage::missing(); !why.empty()) GTEST_SKIP() << "SKIPPED: " << why;
    std::string settings = GetParam().settings;
    if (GetParam().opensc) {
      const auto opensc = opensc_module();
      if (opensc.empty()) GTEST_SKIP() << "SKIPPED: opensc-pkcs11 is not installed";
      settings += "token.modules = [\"" + opensc.string() + "\"]\n";
    }
    stage.emplace();
    stage->use_settings(settings);
    stage->plug();
  }
  JobRun run(messages::JobKind kind, const std::string& pin) {
    messages::Job job;
    job.kind = kind;
    job.force = kind == messages::JobKind::renew;
    return stage->run(std::move(job), {pin, management_key_in_hexadecimal(), {}});
  }
  void expect_refused(messages::JobKind kind) {
    const JobRun ended = run(kind, wrong_pin);
    EXPECT_EQ(ended.failure(), Reason::token_write_refused) << ended.in_words();
    EXPECT_EQ(stage->issued(), 0u);
    for (const auto& damage : stage->damage()) ADD_FAILURE() << damage;
  }

  std::optional<CardStage> stage;
};

TEST_P(UnwritableCard, is_refused_before_a_pin_is_presented_and_before_the_authority_is_asked) {
  expect_refused(messages::JobKind::renew);
}

TEST_P(UnwritableCard, is_told_by_the_doctor_with_the_way_out) {
  const JobRun ended = run(messages::JobKind::doctor, card_pin);
  const auto* doctor = std::get_if<messages::DoctorResult>(&ended.last);
  ASSERT_NE(doctor, nullptr) << ended.in_words();
  const auto row = std::ranges::find_if(doctor->checks, [](const auto& one) { return one.id == "writing"; });
  ASSERT_NE(row, doctor->checks.end()) << ended.in_words();
  EXPECT_EQ(row->status, "failed");
  EXPECT_EQ(row->finding, GetParam().finding);
  EXPECT_EQ(row->reason, Reason::token_write_refused);
  EXPECT_THAT(row->advice, HasSubstr(GetParam().opensc ? "ykcs11" : "piv"));
  for (const auto& one : doctor->checks)
    EXPECT_THAT(one.advice, Not(HasSubstr("renewal.key"))) << one.id << ": no way out here";
}

INSTANTIATE_TEST_SUITE_P(
    Each, UnwritableCard,
    testing::Values(Case{"opensc", true, "token.profile = \"generic\"\n", "write_reads_only"},
                    Case{"opensc_with_the_same_key", true,
                         "token.profile = \"generic\"\nrenewal.key = \"renew\"\n", "write_reads_only"},
                    Case{"opensc_as_piv", true, "renewal.key = \"renew\"\n", "write_reads_only"},
                    Case{"ykcs11_as_generic", false, "token.profile = \"generic\"\n", "write_needs_piv"},
                    Case{"ykcs11_as_generic_with_the_same_key", false,
                         "token.profile = \"generic\"\nrenewal.key = \"renew\"\n", "write_needs_piv"}),
    [](const auto& one) { return std::string(one.param.name); });

}  // namespace
}  // namespace koshin::cards
