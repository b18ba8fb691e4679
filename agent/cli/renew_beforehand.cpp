// SPDX-License-Identifier: MIT
#include "cli/renew_beforehand.hpp"

#include <algorithm>

#include "cli/progress.hpp"
#include "foundation/system/paths.hpp"
#include "renewal/journal/journal.hpp"
#include "renewal/policy/claims.hpp"
#include "renewal/policy/home_slot.hpp"
#include "renewal/policy/inventory.hpp"
#include "renewal/policy/policy.hpp"
#include "renewal/policy/recall.hpp"
#include "renewal/policy/token_profile.hpp"

namespace koshin::cli {
namespace {

/// Whether nothing is due because another computer has written the new certificate: only its proof is left.
bool only_proof_is_left(const Session& session, const messages::TokenReport& token, renewal::Journal& journal,
                        const Failure& failure) {
  if (session.arguments.dry_run) return false;
  const auto records = renewal::of_bank(
      journal.history_of(renewal::token_key(token), renewal::records_looked_back), token, session.settings);
  return renewal::left_to_prove(failure, token, records, session.settings.expect) != nullptr;
}

enum class SecondLeg {
  none,
  left,    ///< the job goes on with it
  refused  ///< it is left as well, and was refused before
};

/// Whether nothing is due, and the certificate in use, unless another is named, waits for its home slot. The
/// report has no public keys: a key without certificate in a slot whose renewal was completed counts as
/// another program's here, and the job itself looks closer.
SecondLeg second_leg_of(const Session& session, const messages::TokenReport& token, renewal::Journal& journal,
                        const Failure& failure) {
  if (failure.reason != Reason::not_due) return SecondLeg::none;
  auto records = journal.history_of(renewal::token_key(token), renewal::records_looked_back);
  std::erase_if(records, [](const auto& one) { return one.state == renewal::State::completed; });
  const auto* waiting =
      renewal::waits_for_home(token, session.settings, records, session.now, session.arguments.certificate);
  if (waiting == nullptr) return SecondLeg::none;
  return renewal::second_leg_was_refused(*waiting, session.settings, records) ? SecondLeg::refused
                                                                              : SecondLeg::left;
}

/// Throws for --if-due where the second leg was refused before: a timer would be refused each day. The
/// person's next `koshin renew` asks again.
void leave_to_a_person(const Session& session, SecondLeg leg, const Failure& failure) {
  if (!session.arguments.if_due || leg != SecondLeg::refused) return;
  Progress(session.console)
      .on_event(messages::NoticeEvent{"home_slot_emptied", "The second leg of a renewal was refused."});
  throw FailureError(failure);
}

/// The token as it shows without the PIN, with what is remembered of it.
messages::TokenReport recalled_for(const Session& session, const messages::TokenReport& shown,
                                   const renewal::TokenMemory* memory) {
  messages::TokenReport token = renewal::recalled(shown, memory, session.now);
  renewal::assign_banks(token, renewal::claims_of(session.settings));
  return token;
}

/// Runs a job without a PIN, which asks the authority for its date and issuers, and throws its failure.
/// Returns when only the PIN is missing.
void ask_without_pin(const Session& session, const messages::TokenReport& token) {
  messages::Job job = job_for(session, messages::JobKind::renew);
  job.module = token.module;
  job.token_uri = token.uri;
  job.dry_run = true;
  job.force = session.arguments.force;
  const auto event = run_worker(session, std::move(job), {}, [](const messages::Event&) {});
  const auto* failure = std::get_if<Failure>(&event);
  if (failure != nullptr && failure->reason != Reason::pin_required) throw FailureError(*failure);
}

}  // namespace

void check_renewal_makes_sense(const Session& session, const messages::TokenReport& shown) {
  const auto journal = renewal::Journal::open(paths::journal_file());
  const auto remembered = journal->memory(renewal::token_key(shown), session.settings.bank());
  const renewal::TokenMemory* const memory = remembered ? &*remembered : nullptr;
  const messages::TokenReport token = recalled_for(session, shown, memory);
  const auto unfinished = renewal::of_bank(journal->all_unfinished(), token, session.settings);
  if (renewal::unfinished_on(token, unfinished) != nullptr) return;
  const auto choice = renewal::choose_certificate(token, session.arguments.certificate, session.settings,
                                                  session.now, session.arguments.force);
  if (!choice.failure || renewal::pin_may_tell(choice, token, memory)) return;
  if (only_proof_is_left(session, token, *journal, *choice.failure)) return;
  const SecondLeg leg = second_leg_of(session, token, *journal, *choice.failure);
  leave_to_a_person(session, leg, *choice.failure);
  if (leg != SecondLeg::none) return;
  if (!renewal::authority_may_tell(*choice.failure, token, session.settings.expect))
    throw FailureError(*choice.failure);
  ask_without_pin(session, token);
}

bool only_proof_is_unfinished(const Session& session, const messages::TokenReport& token) {
  const auto journal = renewal::Journal::open(paths::journal_file());
  const auto records = renewal::of_bank(journal->all_unfinished(), token, session.settings);
  const auto* unfinished = renewal::unfinished_on(token, records);
  if (unfinished == nullptr || !renewal::only_proof_is_left(*unfinished)) return false;
  // One that another program has deleted since is written again, by whoever makes keys.
  return std::ranges::any_of(token.certificates, [&](const messages::CertificateReport& one) {
    return renewal::is_issued_for(one, *unfinished);
  });
}

void check_no_refused_leg(const Session& session) {
  if (!session.arguments.if_due) return;
  const auto journal = renewal::Journal::open(paths::journal_file());
  const auto all = journal->history(renewal::records_looked_back);
  const auto refused = [&](const renewal::Record& one) {
    return one.state == renewal::State::abandoned && one.last_failure &&
           renewal::profile_of(session.settings).is_home(one.key_id);
  };
  if (std::none_of(all.begin(), all.end(), refused)) return;
  const auto tokens = inspect_eligible(session).tokens;
  if (tokens.size() != 1) return;
  const auto memory = journal->memory(renewal::token_key(tokens.front()), session.settings.bank());
  const auto token = recalled_for(session, tokens.front(), memory ? &*memory : nullptr);
  const auto unfinished = renewal::of_bank(journal->all_unfinished(), token, session.settings);
  if (renewal::unfinished_on(token, unfinished) != nullptr) return;
  const auto choice = renewal::choose_certificate(token, session.arguments.certificate, session.settings,
                                                  session.now, session.arguments.force);
  if (choice.failure)
    leave_to_a_person(session, second_leg_of(session, token, *journal, *choice.failure), *choice.failure);
}

}  // namespace koshin::cli
