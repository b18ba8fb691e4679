// SPDX-License-Identifier: MIT
// Unattended renewal of several certificates: which jobs run, and which end is told.
#include "resident/unattended_sitting.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace koshin::resident {
namespace {

using messages::Event;
using messages::Job;
using messages::JobKind;
using messages::Purpose;
using testing::ElementsAre;

const TimePoint now = *parse_rfc3339("2026-12-01T00:00:00Z");

/// The token is looked at without the PIN.
constexpr const char* look = "inspect pkcs11:serial=1";

class UnattendedSitting : public testing::Test {
 protected:
  UnattendedSitting() {
    settings.expect.purposes = {"login", "signature", "encryption"};
    add("l1", Purpose::log_in);
    add("s1", Purpose::signature);
    add("e1", Purpose::encryption);
    job.kind = JobKind::renew;
    job.token_uri = "pkcs11:serial=1?pin-source=file:/pin";
    job.unattended = true;
  }
  void add(const std::string& sha256, Purpose purpose) {
    messages::CertificateReport one;
    one.sha256 = sha256;
    one.subject = one.holder = "CN=user";
    one.purpose = purpose;
    one.key_state = messages::KeyState::present;
    one.not_before = now - std::chrono::days{300};
    one.not_after = now + std::chrono::days{10};
    token.certificates.push_back(std::move(one));
  }
  Event renewed(const std::string& sha256) {
    auto next = *std::ranges::find(token.certificates, sha256, &messages::CertificateReport::sha256);
    for (auto& one : token.certificates)
      if (one.sha256 == sha256) one.replaced_by = "next " + sha256;
    next.sha256 = "next " + sha256;
    next.not_after = now + valid_for;
    token.certificates.push_back(std::move(next));
    messages::RenewResult result;
    result.token = token;
    result.new_certificate = token.certificates.back();
    return result;
  }
  /// Renews what is named; `failing` fails.
  Event run_all(const std::string& failing = {}, Reason why = Reason::authority_refused) {
    return renew_all_unattended(job, unfinished, settings, now, [&](const Job& one) -> Event {
      const std::string name = one.certificate_sha256.empty() ? "unnamed" : one.certificate_sha256;
      ran.push_back(one.kind == JobKind::inspect ? "inspect " + one.token_uri : name);
      if (one.kind == JobKind::inspect) return messages::InspectResult{{token}, {}};
      EXPECT_TRUE(one.unattended);
      if (name == failing || name == "unnamed") return Failure{why, {}, {}};
      return renewed(name);
    });
  }

  Settings settings;
  messages::TokenReport token;
  Job job;
  std::vector<renewal::Record> unfinished;
  std::chrono::days valid_for{365};
  std::vector<std::string> ran;
};

TEST_F(UnattendedSitting, OneAfterTheOther) {
  EXPECT_TRUE(std::holds_alternative<messages::RenewResult>(run_all()));
  EXPECT_THAT(ran, ElementsAre(look, "l1", "s1", "e1"));
}

TEST_F(UnattendedSitting, OneThatIsRefusedIsToldAndDoesNotKeepTheOthers) {
  const Event end = run_all("s1");
  EXPECT_THAT(ran, ElementsAre(look, "l1", "s1", "e1"));
  ASSERT_TRUE(std::holds_alternative<Failure>(end));
  EXPECT_EQ(std::get<Failure>(end).reason, Reason::authority_refused);
}

TEST_F(UnattendedSitting, TheFirstThatFailsKeepsNoneFromBeingTriedOnce) {
  EXPECT_TRUE(std::holds_alternative<Failure>(run_all("l1")));
  EXPECT_THAT(ran, ElementsAre(look, "l1", "s1", "e1"));
}

TEST_F(UnattendedSitting, AnUnfinishedSignatureThatFailsEachTimeIsTriedOnceAndLast) {
  renewal::Record record;
  record.old_sha256 = "s1";
  record.state = renewal::State::requested;
  record.last_failure = Failure{Reason::authority_error, {}, {}};
  unfinished = {record};
  EXPECT_TRUE(std::holds_alternative<Failure>(run_all("s1", Reason::authority_error)));
  EXPECT_THAT(ran, ElementsAre(look, "l1", "e1", "s1"));
}

TEST_F(UnattendedSitting, WhatItHasFetchedIsNotRenewedOnceMore) {
  valid_for = std::chrono::days{12};
  EXPECT_TRUE(std::holds_alternative<messages::RenewResult>(run_all()));
  EXPECT_THAT(ran, ElementsAre(look, "l1", "s1", "e1"));
}

TEST_F(UnattendedSitting, WhereNothingShowsTheOrdinaryRenewalRuns) {
  token.certificates.clear();
  EXPECT_TRUE(std::holds_alternative<Failure>(run_all()));
  EXPECT_THAT(ran, ElementsAre(look, "unnamed"));
}

TEST_F(UnattendedSitting, AWrongPinIsTriedOnce) {
  run_all("l1", Reason::pin_incorrect);
  EXPECT_THAT(ran, ElementsAre(look, "l1"));
}

TEST_F(UnattendedSitting, LogInAloneIsOneJob) {
  settings.expect.purposes = {"login"};
  run_all();
  EXPECT_THAT(ran, ElementsAre("unnamed"));
}

}  // namespace
}  // namespace koshin::resident
