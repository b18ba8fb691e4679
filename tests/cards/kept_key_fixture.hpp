// SPDX-License-Identifier: MIT
// A PIV card whose key stays (renewal.key = "renew"), in its reader, and a bank that issues for such a key.
#pragma once

#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "card_stage.hpp"

namespace koshin::cards {

class KeptKeyTest : public testing::Test {
 protected:
  void SetUp() override {
    if (const auto why = CardStage::missing(); !why.empty()) GTEST_SKIP() << "SKIPPED: " << why;
    stage.emplace();
    stage->bank().set("repeat_key", "anew");
    stage->use_settings(keeping);
    stage->plug();
  }
  /// Whether it lets new certificates log in.
  void bank_takes(bool taken) { stage->bank().set("login.status", taken ? "0" : "403:not registered"); }

  const std::string keeping = "renewal.key = \"renew\"\n";
  std::optional<CardStage> stage;
};

}  // namespace koshin::cards
