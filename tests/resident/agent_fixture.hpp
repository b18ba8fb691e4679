// SPDX-License-Identifier: MIT
// An agent in a world of the test's making.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fake_world.hpp"

namespace koshin::test {

inline constexpr char reader_a[] = "Reader A";
inline constexpr char reader_b[] = "Reader B";

class AgentTest : public ::testing::Test {
 protected:
  resident::Agent& agent() {
    if (!agent_) {
      agent_.emplace(world, std::make_shared<const Deployment>(Deployment{settings, {settings}}),
                     leave_when_idle);
      agent_->start();
    }
    return *agent_;
  }
  void insert(unsigned events = 1) { agent().on_readers({reader_with_card(reader_a, events)}, false); }
  void pull(unsigned events = 2) { agent().on_readers({empty_reader(reader_a, events)}, false); }
  messages::TokenReport token(int days_left, const std::string& serial = "1",
                              const std::string& slot = "") const {
    return token_with_certificate(serial, world.clock, days_left, slot);
  }
  void crash() { agent().on_inspected(Failure{Reason::module_crashed, "signal 11", {}}); }

  AgentTest() {
    settings.token.modules = {"/first.so", "/second.so"};
    settings.reminders.thresholds = {CalendarDuration{.days = 7}};
  }
  FakeWorld world;
  Settings settings;
  std::optional<std::chrono::seconds> leave_when_idle;
  std::optional<resident::Agent> agent_;
};

}  // namespace koshin::test
