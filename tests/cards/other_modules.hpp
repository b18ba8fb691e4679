// SPDX-License-Identifier: MIT
// What every module that nobody here wrote is put through.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "module_stage.hpp"

namespace koshin::cards {

namespace fs = std::filesystem;

inline constexpr const char* token_label = "work";

class OtherModules : public testing::Test {
 protected:
  /// The bank's answer is lost, the next run goes on with the same pair and the same certificate, the token
  /// shows both certificates, and the old one is deleted.
  void expect_whole_life(const std::string& pin) {
    stage.bank().set("drop_after_issue", "1");
    const auto lost = stage.run(messages::JobKind::renew, {pin, {}, {}});
    EXPECT_EQ(lost.failure(), Reason::authority_unreachable) << lost.in_words();
    const auto renewed = stage.run(messages::JobKind::renew, {pin, {}, {}});
    ASSERT_TRUE(std::holds_alternative<messages::RenewResult>(renewed.last)) << renewed.in_words();
    EXPECT_EQ(stage.bank().issued(), 1U);
    expect_certificates(pin, 2);
    const auto pruned = stage.run(messages::JobKind::prune, {pin, {}, {}});
    const auto* result = std::get_if<messages::PruneResult>(&pruned.last);
    ASSERT_NE(result, nullptr) << pruned.in_words();
    EXPECT_THAT(result->kept, testing::SizeIs(0)) << pruned.in_words();
    expect_certificates(pin, 1);
  }
  void expect_certificates(const std::string& pin, std::size_t count) {
    const auto run = stage.run(messages::JobKind::inspect, {pin, {}, {}});
    const auto* found = std::get_if<messages::InspectResult>(&run.last);
    ASSERT_NE(found, nullptr) << run.in_words();
    ASSERT_THAT(found->tokens, testing::SizeIs(1)) << run.in_words();
    EXPECT_THAT(found->tokens[0].certificates, testing::SizeIs(count)) << run.in_words();
    EXPECT_THAT(found->tokens[0].keys_without_certificate, testing::SizeIs(0)) << run.in_words();
  }
  void expect_wrong_pin(const std::string& pin) {
    const auto run = stage.run(messages::JobKind::renew, {pin, {}, {}});
    EXPECT_EQ(run.failure(), Reason::pin_incorrect) << run.in_words();
    EXPECT_EQ(stage.bank().issued(), 0U);
  }

  ModuleStage stage;
};

}  // namespace koshin::cards
