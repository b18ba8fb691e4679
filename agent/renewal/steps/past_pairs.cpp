// SPDX-License-Identifier: MIT
// Pairs of earlier runs: used, given up or removed; and requests that are not repeated.
#include <algorithm>

#include "foundation/log/log.hpp"
#include "renewal/policy/proof_consequences.hpp"
#include "renewal/steps/past.hpp"
#include "renewal/steps/steps.hpp"
#include "renewal/token/failure_translation.hpp"
#include "renewal/token/token_report.hpp"

namespace koshin::renewal {
namespace {

constexpr std::size_t records_for_pairs = 100;

LeftPairFilter wanted_by(const Workspace& work) {
  const bool named = work.old_certificate || !work.context.job.subject_user.empty();
  return {lineage_of(work), work.old_certificate ? work.old_certificate->sha256() : work.record.old_sha256,
          named ? subject_of(work) : Bytes{}, work.record.number};
}

bool is_trustworthy(Workspace& work, const LeftPair& pair) {
  return work.token.accepts_key(pair.objects.front());
}

/// The page without a choice of key types sends the first of renewal.key_choices.
bool is_preset(const JobContext& context) {
  const auto& offered = context.settings.renewal.key_choices;
  return context.job.key.empty() || (!offered.empty() && context.job.key == offered.front());
}

/// Whether a person chose the record's key type among those that the settings still offer.
bool was_chosen(const JobContext& context, const Record& record, const KeyWish& wish) {
  const auto& offered = context.settings.renewal.key_choices;
  return is_preset(context) && !record.same_key &&
         std::any_of(offered.begin(), offered.end(), [&](const std::string& type) {
           return (type == "same" ? wish.old_algorithm : type) == record.key_algorithm;
         });
}

/// Whether settings or job explicitly name another key type.
bool another_is_named(const Workspace& work, const KeyWish& wish) {
  const bool named = wish.policy != "same" && !(wish.policy == "renew" && work.record.same_key);
  return named && wish.policy != work.record.key_algorithm && !was_chosen(work.context, work.record, wish);
}

/// Whether the authority holds a request for the pair, or may have certified it. What the authority requires,
/// which may be unreadable today and readable tomorrow, does not justify giving such a pair up.
bool is_known_to_authority(const Record& record, const KeyWish& wish) {
  return record.state == State::pending || (record.pair_sent && !wish.authority_told);
}

bool fits(const Workspace& work, const KeyWish& wish, const KeyChoice& wanted) {
  const Record& record = work.record;
  if (wanted.same_key == record.same_key && wanted.algorithm == record.key_algorithm) return true;
  if (is_known_to_authority(record, wish)) return !another_is_named(work, wish);
  return authority_takes(wish, record.key_algorithm) && was_chosen(work.context, record, wish);
}

/// The records of the certificates in a row that were issued for the old certificate and did not log in, the
/// latest first.
std::vector<Record> refused_proofs(const Workspace& work) {
  std::vector<Record> refused;
  for (Record& record : work.context.journal.history_of(work.token.key(), records_for_pairs)) {
    if (record.old_sha256 != work.record.old_sha256) continue;
    if (!was_refused_at_log_in(record)) break;
    refused.push_back(std::move(record));
  }
  return refused;
}

/// A pair that cannot be removed does no harm: the error is logged only.
bool try_to_remove(Workspace& work, const LeftPair& pair) {
  try {
    remove_pair(work.token, pair);
    return true;
  } catch (const pkcs11::Error& error) {
    log::warning(log::Event::none, "an unused key pair stays: " + as_failure(error).detail);
    return false;
  }
}

/// The recorded answer, as long as no other failure has replaced it.
std::string what_was_wrong(const Record& record) {
  if (!record.last_failure || record.last_failure->reason != record.wrong_answer) return {};
  const std::string answer = without_consequences(record.last_failure->detail);
  return answer.empty() ? answer : " (" + answer + ")";
}

[[noreturn]] void refuse_to_ask(const std::string& what) {
  fail(Reason::answer_wrong_twice,
       what + "; koshin renew --force asks once more, koshin cancel gives the renewal up");
}

}  // namespace

LineageMark lineage_of(const Workspace& work) {
  if (const auto marked = lineage_in_id(work.record.key_id)) return *marked;
  if (work.old_certificate) return lineage_mark(*work.old_certificate);
  for (const auto& object : work.token.objects()) {
    if (object.object_class != pkcs11::ObjectClass::certificate || work.record.old_sha256.empty()) continue;
    try {
      const auto certificate = enrollment::Certificate::from_der(object.certificate);
      if (certificate.sha256() == work.record.old_sha256) return lineage_mark(certificate);
    } catch (const FailureError&) {  // not a certificate
    }
  }
  return lineage_mark(subject_of(work));
}

std::optional<LeftPair> find_unused_pair(Workspace& work, const std::string& algorithm) {
  auto left = left_pairs(work.token, work.context.journal, wanted_by(work));
  // Pairs that the authority has certainly never certified come first.
  std::stable_sort(left.begin(), left.end(), [](const auto& a, const auto& b) { return !a.sent && b.sent; });
  for (LeftPair& pair : left) {
    if (pair.refused || !pair.whole() || pair.key_id.empty()) continue;
    if (key_algorithm_of(pair.public_key) == algorithm && is_trustworthy(work, pair)) return std::move(pair);
  }
  return {};
}

void clear_useless_pairs(Workspace& work) {
  if (!work.token.profile().deletes_pairs() || work.record.same_key) return;
  for (const LeftPair& pair : left_pairs(work.token, work.context.journal, wanted_by(work))) {
    const bool others =
        pair.key_id.empty() || is_marked(pair.key_id);  // pairs without a mark are identified by their record
    const bool useless =
        !pair.whole() || (others && pair.key_id != work.record.key_id && !is_trustworthy(work, pair));
    // The half of a pair proves that a blank private key is koshin's: it is removed only after the blank key.
    if (useless && !try_to_remove(work, pair) && pair.blank) return;
  }
}

void remove_refused_pairs(Workspace& work) {
  if (!work.token.profile().deletes_pairs()) return;
  auto left = left_pairs(work.token, work.context.journal, wanted_by(work));
  std::erase_if(left, [](const LeftPair& pair) { return !pair.refused; });
  std::sort(left.begin(), left.end(), [](const auto& a, const auto& b) { return a.record > b.record; });
  for (std::size_t i = 1; i < left.size(); ++i) try_to_remove(work, left[i]);
}

void remove_left_pairs(Workspace& work) {
  for (const LeftPair& pair : left_pairs(work.token, work.context.journal, wanted_by(work))) {
    if (pair.key_id == work.record.key_id) continue;
    // After the first refusal the next run resumes at the proof.
    if (!work.resumed_issued) remove_pair(work.token, pair);
    if (work.resumed_issued && !try_to_remove(work, pair)) continue;
    if (pair.blank) continue;
    work.context.emit(messages::NoticeEvent{
        "unused_pair_removed", "A key pair that an earlier try had left without certificate was removed."});
  }
}

bool give_up_unfit(Workspace& work, const KeyWish& wish, const pkcs11::MechanismSupport& mechanisms) {
  Record& record = work.record;
  if (record.number == 0 || record.state >= State::issued) return false;
  KeyChoice wanted;
  try {
    wanted = choose_key(wish, mechanisms);
  } catch (const FailureError&) {
    if (another_is_named(work, wish)) throw;  // the same failure as for a new record
    return false;                             // no other key is available: the record continues
  }
  if (fits(work, wish, wanted)) return false;
  record.last_failure = Failure{Reason::given_up,
                                "its key is of type " + record.key_algorithm + ", wanted now is " +
                                    (wanted.same_key ? "the old key" : wanted.algorithm),
                                {}};
  work.hopeless = std::move(record);
  work.record = {};
  give_up_hopeless(work);
  return true;
}

bool may_have_certified(const Workspace& work) {
  if (work.sent_before.value_or(false)) return true;
  if (work.record.wrong_answer != Reason::authority_refused) return false;
  const auto history = work.context.journal.history_of(work.token.key(), records_for_pairs);
  return std::none_of(history.begin(), history.end(), [&](const Record& record) {
    return record.state == State::abandoned && record.pair_refused && record.certificate.empty() &&
           record.old_sha256 == work.record.old_sha256;
  });
}

void check_wrong_answers(const Workspace& work) {
  const Record& record = work.record;
  if (work.context.job.force) return;
  if (record.number != 0 && needs_a_person(record)) {
    const bool lost = record.wrong_answer == lost_answer;
    const std::string how = lost ? "lost" : std::string(info(*record.wrong_answer).id);
    refuse_to_ask("the authority's answer was " + how + " " + std::to_string(record.wrong_answers) +
                  " times in a row, and each asking may make it issue another certificate" +
                  what_was_wrong(record));
  }
  if (record.number != 0 || work.enrolling()) return;
  constexpr std::size_t enough = 2;
  const auto refused = refused_proofs(work);
  if (refused.size() >= enough || (!refused.empty() && work.context.job.unattended)) {
    refuse_to_ask(std::to_string(refused.size()) + " new certificates in a row did not log in" +
                  what_was_wrong(refused.front()));
  }
}

}  // namespace koshin::renewal
