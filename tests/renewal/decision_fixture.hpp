// SPDX-License-Identifier: MIT
// A token with one certificate of ours, and what is remembered of it.
#pragma once

#include <gtest/gtest.h>

#include <optional>

#include "renewal/policy/decision.hpp"
#include "report_builder.hpp"

namespace koshin::renewal {

inline constexpr const char* expiry = "2026-12-15T10:00:00Z";  // due from 2026-11-15T10:00:00Z

class Deciding : public ::testing::Test {
 protected:
  Deciding() : token(test::token_with({test::certificate("aa", expiry)})) {
    for (const char* threshold : {"P28D", "P7D", "P3D", "P2D", "P1D"}) {
      settings.reminders.thresholds.push_back(*CalendarDuration::parse(threshold));
    }
    memory.told_sha256 = "aa";
    token.keys_without_certificate.push_back({"0a", "of the renewal", "ec-p256", false, false, {}, {}});
  }
  Verdict decide_at(std::string_view now, Trigger trigger = Trigger::timer) const {
    return decide({token, unfinished ? &*unfinished : nullptr, remembered ? &memory : nullptr, settings,
                   test::at(now), trigger, records ? &*records : nullptr});
  }
  void begin(State state, bool enrollment = false) {
    unfinished.emplace();
    unfinished->state = state;
    unfinished->old_sha256 = enrollment ? "" : "aa";
    unfinished->enrollment = enrollment;
    unfinished->key_id = {0x0a};
    unfinished->changed = test::at("2026-11-20T00:00:00Z");
  }
  messages::TokenReport token;
  Settings settings;
  TokenMemory memory;
  bool remembered = true;
  std::optional<Record> unfinished;
  std::optional<std::vector<Record>> records;
};

}  // namespace koshin::renewal
