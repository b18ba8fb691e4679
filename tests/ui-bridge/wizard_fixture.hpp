// SPDX-License-Identifier: MIT
// The wizard beside a host that only writes down what it is asked.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "ui-bridge/wizard/wizard.hpp"

namespace koshin::ui {

using std::chrono::days;

inline const TimePoint today = *parse_rfc3339("2026-11-23T09:00:00Z");

inline messages::CertificateReport certificate(TimePoint not_after) {
  messages::CertificateReport report;
  report.sha256 = std::string(64, 'a');
  report.common_name = "12345678901234 user0001";
  report.serial = "0A";
  report.not_before = not_after - days{365};
  report.not_after = not_after;
  report.key_state = messages::KeyState::present;
  return report;
}

inline messages::TokenReport token(TimePoint not_after) {
  messages::TokenReport report;
  report.module = "/lib/module.so";
  report.uri = "pkcs11:serial=1";
  report.label = "Token";
  report.serial = "1";
  report.pin_min = 4;
  report.certificates = {certificate(not_after)};
  return report;
}

inline SecureBuffer secret(std::string_view text) {
  return SecureBuffer::copy_of({text.data(), text.size()});
}

struct FakeHost : WizardHost {
  struct Started {
    messages::Job job;
    std::vector<std::string> secrets;
  };
  std::vector<Started> jobs;
  std::vector<std::string> gone_on_to;
  std::optional<renewal::Record> record;
  std::optional<std::vector<renewal::Record>> known;  ///< what the journal has of any token
  std::map<std::string, renewal::Record> record_of;   ///< by serial number
  bool stopped = false, went = false, let_gone = false, ended = false, snoozed = false, old_renewed = true;

  void start_job(messages::Job job, std::vector<SecureBuffer> secrets) override {
    Started started{std::move(job), {}};
    for (const auto& secret : secrets)
      started.secrets.emplace_back(secret.view().begin(), secret.view().end());
    jobs.push_back(std::move(started));
  }
  void stop_job() override { stopped = true; }
  void go() override { went = true; }
  void let_go() override { let_gone = true; }
  void changed() override {}
  void finished() override { ended = true; }
  std::optional<Failure> snooze(const messages::TokenReport&) override {
    snoozed = !snooze_fails;
    return snooze_fails;
  }
  void went_on(const std::string& uri) override { gone_on_to.push_back(uri); }
  std::optional<renewal::Record> unfinished(const messages::TokenReport& token) override {
    const auto found = record_of.find(renewal::token_key(token).serial);
    return found == record_of.end() ? record : std::optional(found->second);
  }
  std::optional<renewal::TokenMemory> memory(const renewal::TokenKey&) override { return {}; }
  std::optional<std::vector<renewal::Record>> records(const renewal::TokenKey&) override { return known; }
  TimePoint now() override { return today; }
  std::optional<Failure> snooze_fails;
};

class WizardTest : public testing::Test {
 protected:
  FakeHost host;
  Settings settings;
  Wizard wizard{host, settings, {}};

  void open(const messages::TokenReport& report) {
    wizard.open();
    wizard.on_event(messages::InspectResult{{report}, {}});
  }
  bool pin(std::string_view text) { return wizard.enter_pin(secret(text)); }
  bool code(std::string_view text) { return wizard.enter_code(secret(text)); }
  bool act(std::string name, std::string token_uri = {}, bool checked = false) {
    return wizard.act({std::move(name), std::move(token_uri), {}, {}, checked});
  }
  void execute() { act("execute", "pkcs11:serial=1"); }
  /// The token after a renewal of what expires at `old_expiry`, as the worker reports it.
  messages::TokenReport renewed_token(TimePoint old_expiry) {
    auto report = token(old_expiry);
    report.certificates.push_back(certificate(today + days{365}));
    report.certificates.back().sha256 = std::string(64, 'b');
    report.certificates.front().replaced_by = std::string(64, 'b');
    report.certificates.front().renewed = host.old_renewed;
    return report;
  }
  messages::RenewResult result() {
    const auto report = renewed_token(today + days{12});
    return {false, report, report.certificates.front(), report.certificates.back()};
  }
  void to_notice() {
    open(token(today + days{12}));
    pin("1234");
    wizard.on_event(messages::ReadyEvent{});
  }
  void to_start() {
    to_notice();
    act("next");
  }
  Screen screen() const { return wizard.model().screen; }
  std::optional<Reason> reason() const {
    return wizard.model().failure ? std::optional(wizard.model().failure->reason) : std::nullopt;
  }
};

}  // namespace koshin::ui
