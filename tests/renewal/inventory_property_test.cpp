// SPDX-License-Identifier: MIT
// What must be true of every token, held against 20,000 that a seed has made (KOSHIN_SEED, printed with a
// failure). A token for which it is not true is made smaller until nothing can be left out of it.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "generated_token.hpp"
#include "inventory_oracle.hpp"
#include "renewal/policy/decision.hpp"
#include "renewal/policy/policy.hpp"
#include "report_builder.hpp"

namespace koshin::renewal {
namespace {

using messages::CertificateReport;
using messages::KeyState;
using messages::Purpose;
using messages::TokenReport;
using test::GeneratedToken;

// The sanitizers take ten times as long over each.
#ifdef KOSHIN_ADDRESS_SANITIZER
constexpr int tokens = 2'000;
#else
constexpr int tokens = 20'000;
#endif
const TimePoint now = test::at("2026-12-01T00:00:00Z");

/// Why a property does not hold; empty when it does.
using Problem = std::string;
using Property = Problem (*)(const GeneratedToken&);

void hold(Property property) {
  const std::uint32_t seed = test::seed_of_this_run();
  std::mt19937 random(seed);
  for (int i = 0; i < tokens; ++i) {
    GeneratedToken token = test::generate_token(random);
    Problem problem = property(token);
    if (problem.empty()) continue;
    for (bool smaller = true; smaller;) {
      smaller = false;
      for (GeneratedToken& candidate : test::smaller_tokens(token)) {
        Problem still = property(candidate);
        if (still.empty()) continue;
        token = std::move(candidate);
        problem = std::move(still);
        smaller = true;
        break;
      }
    }
    FAIL() << problem << "\nKOSHIN_SEED=" << seed << ", token number " << i << ", made smaller:\n"
           << describe(token);
  }
}

Choice choose(const TokenReport& report, const GeneratedToken& token) {
  return choose_certificate(report, {}, test::settings_for(token), now, false);
}

Problem chooses_what_is_due(const GeneratedToken& token) {
  const TokenReport report = report_of(token, true, now);
  const auto wanted = test::to_be_renewed(token, now);
  const Choice choice = choose(report, token);
  if (choice.certificate != nullptr && !wanted.contains(choice.certificate->sha256))
    return choice.certificate->sha256 + " is chosen and has not to be renewed";
  if (wanted.empty() || (choice.failure && choice.failure->reason == Reason::certificate_ambiguous))
    return {};
  if (choice.certificate == nullptr) return *wanted.begin() + " is due and nobody is told";
  for (const std::string& other : wanted) {
    if (find_certificate(report, other)->issuer_vouched != choice.certificate->issuer_vouched) continue;
    if (find_certificate(report, other)->not_after < choice.certificate->not_after)
      return other + " expires before " + choice.certificate->sha256 + ", which is chosen";
  }
  const bool known_is_due = std::any_of(wanted.begin(), wanted.end(), [&](const std::string& sha256) {
    return find_certificate(report, sha256)->issuer_vouched;
  });
  if (known_is_due && !choice.certificate->issuer_vouched)
    return choice.certificate->sha256 + " is chosen before what is known to be this authority's";
  return {};
}

TEST(InventoryProperties, TheLogInCertificateThatIsDueIsChosenOrThePersonIsAsked) {
  hold(chooses_what_is_due);
}

Verdict decide_on(const GeneratedToken& token, const TokenReport& report, const Settings& settings) {
  TokenMemory memory;
  memory.told_sha256 = "once here";
  memory.label = report.label;
  return decide({.token = report,
                 .unfinished = nullptr,
                 .memory = token.remembered ? &memory : nullptr,
                 .settings = settings,
                 .now = now,
                 .trigger = Trigger::insertion});
}

/// The doctor asks with force.
Problem tells_what_has_expired(const GeneratedToken& token) {
  const TokenReport report = report_of(token, true, now);
  const auto wanted = test::to_be_reissued(token, now);
  const Settings settings = test::settings_for(token);
  for (const bool force : {false, true}) {
    const Choice choice = choose_certificate(report, {}, settings, now, force);
    if (!test::to_be_renewed(token, now).empty()) continue;
    const bool told = choice.failure && choice.failure->reason == Reason::reissue_needed;
    if (told != !wanted.empty())
      return told ? choice.about->sha256 + " is told of"
                  : *wanted.begin() + " has expired, and nobody is told";
    if (told && !wanted.contains(choice.about->sha256)) return choice.about->sha256 + " is told of instead";
    const bool known_expired = std::any_of(wanted.begin(), wanted.end(), [&](const std::string& sha256) {
      return find_certificate(report, sha256)->issuer_vouched;
    });
    if (told && known_expired && !choice.about->issuer_vouched)
      return choice.about->sha256 + " is told of before what is known to be this authority's";
    const auto decided = decide_on(token, report, settings).decision;
    if (told != (decided == Decision::reissue_needed))
      return "the agent says " + std::string(to_string(decided));
  }
  return {};
}

TEST(InventoryProperties, WhatHasExpiredIsToldWhateverOtherLineagesSay) {
  hold(tells_what_has_expired);
}

Problem replaces_in_order(const GeneratedToken& token) {
  for (const bool with_pin : {true, false}) {
    const TokenReport report = report_of(token, with_pin, now);
    for (const CertificateReport& one : report.certificates) {
      if (one.replaced_by.empty()) continue;
      const CertificateReport* const other = find_certificate(report, one.replaced_by);
      if (other == nullptr) return one.sha256 + " is replaced by one that is not there";
      if (!is_earlier(one, *other) || is_earlier(*other, one)) return one.sha256 + ": no order";
      if (other->purpose != one.purpose || other->holder != one.holder) return one.sha256 + " crosses over";
      if (other->lineage != one.lineage) return one.sha256 + ": another lineage";
      if (other->key_state == KeyState::missing) return one.sha256 + " is replaced by one without a key";
      if (!other->replaced_by.empty() &&
          find_certificate(report, other->replaced_by)->key_state != KeyState::missing)
        return one.sha256 + " is replaced by one that has been replaced itself";
    }
  }
  return {};
}

TEST(InventoryProperties, ReplacementIsAStrictOrderWithinPurposeAndHolder) {
  hold(replaces_in_order);
}

Problem stays_with_its_issuer(const GeneratedToken& token) {
  GeneratedToken without_records = token;
  without_records.records.clear();
  const TokenReport report = report_of(without_records, true, now);
  for (const CertificateReport& one : report.certificates) {
    const CertificateReport* const other = find_certificate(report, one.replaced_by);
    if (other != nullptr && other->issuer_key != one.issuer_key) return one.sha256 + " crosses issuers";
  }
  return {};
}

TEST(InventoryProperties, NothingCrossesIssuersUnlessACompletedRecordSaysSo) {
  hold(stays_with_its_issuer);
}

Problem deletes_old_pairs_only(const GeneratedToken& token) {
  for (const bool with_pin : {true, false}) {
    for (const CertificateReport& one : report_of(token, with_pin, now).certificates) {
      if (deletion_of(one) != Deletion::renewed) continue;
      const auto names_it = [&](const auto& record) {
        return record.state == State::completed && test::fingerprint(record.old_one) == one.sha256;
      };
      if (std::none_of(token.records.begin(), token.records.end(), names_it))
        return one.sha256 + " would be deleted, and no completed record names it as its old one";
      if (one.purpose == Purpose::encryption) return one.sha256 + " would be deleted, and old mail needs it";
    }
  }
  return {};
}

TEST(InventoryProperties, WhatPruneWouldDeleteIsAnOldPairOfACompletedRecord) {
  hold(deletes_old_pairs_only);
}

Problem leaves_somebody_to_log_in(const GeneratedToken& token) {
  const TokenReport report = report_of(token, true, now);
  for (const CertificateReport& one : report.certificates) {
    if (!one.renewed) continue;
    const bool somebody_is_left =
        std::any_of(report.certificates.begin(), report.certificates.end(), [&](const auto& other) {
          return !other.renewed && other.lineage == one.lineage && has_key(other.key_state) &&
                 other.not_after > now;
        });
    if (!somebody_is_left) return one.sha256 + " would be deleted, and nothing of its lineage would be left";
  }
  return {};
}

TEST(InventoryProperties, DeletingAllThatIsOfferedLeavesAValidOneWithItsKey) {
  hold(leaves_somebody_to_log_in);
}

Problem agent_and_renew_agree(const GeneratedToken& token) {
  const Settings settings = test::settings_for(token);
  for (const bool with_pin : {true, false}) {
    const TokenReport report = report_of(token, with_pin, now);
    const Choice choice = choose(report, token);
    const Verdict verdict = decide_on(token, report, settings);
    const bool something_due =
        choice.certificate != nullptr || choice.failure->reason == Reason::certificate_ambiguous;
    if (something_due != (verdict.decision == Decision::due))
      return "renew and agent differ: " + std::string(to_string(verdict.decision)) + ", " + verdict.detail;
    if (something_due && !verdict.notify) return "due, and nobody is told";
  }
  return {};
}

TEST(InventoryProperties, TheAgentSaysDueWhenRenewWouldRenewOrAsk) {
  hold(agent_and_renew_agree);
}

/// Without the PIN less is known, and it is said that it is: whoever has something to renew is told that it
/// is due or that the PIN is needed, unless nothing on the token hints at it, and is never sent for a
/// re-issue.
Problem unknown_is_not_no(const GeneratedToken& token) {
  const auto wanted = test::to_be_renewed(token, now);
  if (wanted.empty()) return {};
  const TokenReport seen = report_of(token, false, now);
  const Verdict verdict = decide_on(token, seen, test::settings_for(token));
  const bool hints = !seen.keys_without_certificate.empty() || token.remembered || !seen.certificates.empty();
  switch (verdict.decision) {
    case Decision::certificate_missing:
    case Decision::key_missing:
      return "a re-issue for what only needs the PIN";
    case Decision::nothing_of_ours: {
      const bool shows_key_of_one = std::any_of(token.certificates.begin(), token.certificates.end(),
                                                [&](const auto& one) { return one.key_public; });
      if (!hints || !(shows_key_of_one && !seen.keys_without_certificate.empty())) return {};
      return "nothing of ours, though a key shows that belongs to none";
    }
    default:
      return {};
  }
}

TEST(InventoryProperties, WhatShowsOnlyWithThePinIsNeverSaidToBeMissing) {
  hold(unknown_is_not_no);
}

/// Where no journal speaks for the later one: whoever shows a public key is not hidden by a copy that does
/// not.
Problem copies_hide_nothing(const GeneratedToken& token) {
  GeneratedToken without_records = token;
  without_records.records.clear();
  const auto wanted = test::to_be_renewed(without_records, now);
  for (const CertificateReport& one : report_of(without_records, false, now).certificates) {
    if (wanted.contains(one.sha256) && one.has_public_key && !one.replaced_by.empty())
      return one.sha256 + " is due and hidden by " + one.replaced_by + ", whose key is not there";
  }
  return {};
}

TEST(InventoryProperties, WithoutThePinACopyWithoutItsKeyHidesNothing) {
  hold(copies_hide_nothing);
}

Problem order_means_nothing(const GeneratedToken& token) {
  TokenReport report = report_of(token, true, now);
  const Choice before = choose(report, token);
  const std::string chosen = before.certificate == nullptr ? "" : before.certificate->sha256;
  std::reverse(report.certificates.begin(), report.certificates.end());
  std::vector<Renewed> renewed;
  for (auto record = token.records.rbegin(); record != token.records.rend(); ++record) {
    if (record->state == State::completed)
      renewed.push_back({test::fingerprint(record->old_one), test::fingerprint(record->new_one)});
  }
  assign_lineages(report, {renewed, {}}, now);
  const Choice after = choose(report, token);
  return chosen == (after.certificate == nullptr ? "" : after.certificate->sha256) ? "" : "the order decides";
}

TEST(InventoryProperties, TheOrderOfObjectsAndRecordsMeansNothing) {
  hold(order_means_nothing);
}

Problem neighbours_mean_nothing(const GeneratedToken& token) {
  const auto chosen_on = [&](const GeneratedToken& which) -> std::string {
    const TokenReport report = report_of(which, true, now);
    const Choice choice = choose(report, which);
    if (choice.certificate != nullptr)
      return choice.certificate->common_name + to_rfc3339(choice.certificate->not_after);
    return choice.failure->reason == Reason::certificate_ambiguous ? "asked" : "none";
  };
  GeneratedToken alone = token;
  for (std::size_t i = alone.certificates.size(); i-- > 0;) {
    if (alone.certificates[i].purpose == Purpose::log_in) continue;
    alone.certificates.erase(alone.certificates.begin() + static_cast<std::ptrdiff_t>(i));
    std::erase_if(alone.records, [&](const auto& r) { return r.old_one == i || r.new_one == i; });
    for (auto& record : alone.records) {
      record.old_one -= record.old_one > i ? 1 : 0;
      record.new_one -= record.new_one > i ? 1 : 0;
    }
  }
  return chosen_on(token) == chosen_on(alone) ? "" : "what is for something else changes the choice";
}

TEST(InventoryProperties, WhatIsForSomethingElseChangesNothing) {
  hold(neighbours_mean_nothing);
}

}  // namespace
}  // namespace koshin::renewal
