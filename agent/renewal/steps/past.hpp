// SPDX-License-Identifier: MIT
// What an earlier run has left: a renewal to go on with, one to give up, a key pair to use after all.
#pragma once

#include "renewal/steps/key_choice.hpp"
#include "renewal/steps/workspace.hpp"
#include "renewal/token/left_pairs.hpp"

namespace koshin::renewal {

/// Before the token is touched: the authority has said when to ask again for what this job is about, and that
/// is not yet. Empty otherwise.
std::optional<messages::PendingResult> still_pending(const JobContext& context, OpenToken& token);

/// The certificate that is renewed although a record of this token, which can only wait, is unfinished: its
/// fingerprint, or nothing (renewal/policy/precedence.hpp).
std::string due_beside_unfinished(const Workspace& work);

/// The same of one record that the token is known to hold.
std::optional<messages::PendingResult> not_yet(const JobContext& context, const Record& record);

/// With the objects known: the unfinished renewal of this token and the job's bank, whoever's, of this number
/// (0: the latest). Tokens may share manufacturer, model and serial number.
std::optional<Record> unfinished_of(const JobContext& context, const OpenToken& token,
                                    const messages::TokenReport& report, std::uint64_t number);
/// With all objects seen: one that was begun for the job's bank on a token of this name and of which nothing is
/// there.
std::optional<Record> vanished_from(const JobContext& context, const OpenToken& token,
                                    const messages::TokenReport& report, std::uint64_t number);

/// With the objects known: takes over the unfinished renewal of this token that is_errand_of() this job into
/// `work.record`, with the state corrected to what the token really holds, or gives it up when it cannot come
/// to an end any more. Throws FailureError {reissue_needed}, and {clock_wrong} where the authority says so.
void take_over_unfinished(Workspace& work, const messages::TokenReport& report);
/// Gives up what take_over_unfinished() found to be hopeless, as soon as something may be changed.
void give_up_hopeless(Workspace& work);

/// For an enrolment that goes on with a request of an earlier run, when the name is settled: one with another
/// name (the user ID was corrected) is signed anew with the same key.
void renew_request(Workspace& work);

/// For an enrolment with nothing unfinished: the last run may have come to its end without anybody being
/// told, and whoever runs it again has a code that is used up. Takes its record over when the certificate
/// that it fetched minutes ago is on the token and still logs in; says false when there is something to do.
bool take_over_enrolled(Workspace& work);

/// For a renewal with nothing due because the new certificate is on the token, written by another computer:
/// takes it over as written, so that it is shown to log in before this computer counts it as the one in use;
/// the journal is told once something may be changed. Says false when there is no such certificate, or this
/// computer knows of it.
bool take_over_written(Workspace& work, const messages::TokenReport& report);

/// A pair of koshin's for the certificate of this job, whole and without certificate, that the authority has
/// not refused: no pair is ever made in vain, whichever computer made it. Empty when there is none of this
/// algorithm.
std::optional<LeftPair> find_unused_pair(Workspace& work, const std::string& algorithm);
/// Removes what koshin has left for this certificate and cannot use: blank objects, halves of pairs, and
/// pairs of which the token does not say that they were made on it.
void clear_useless_pairs(Workspace& work);
/// Before another pair is made: of those that the authority has refused, the latest stays.
void remove_refused_pairs(Workspace& work);
/// Once the new certificate has logged in: removes what else koshin has made for the old one and nothing on
/// the token is for. Nobody can use it any more.
void remove_left_pairs(Workspace& work);

/// Whose pairs this job makes and takes up, once preflight has chosen.
LineageMark lineage_of(const Workspace& work);

/// Gives up a renewal that has no certificate yet and whose key is another one than settings, person or
/// authority want by now; `wish` is what they want. Says whether it was given up. Throws what choose_key()
/// throws when somebody has named a key that cannot be had: nobody gets another one than was named.
bool give_up_unfit(Workspace& work, const KeyWish& wish, const pkcs11::MechanismSupport& mechanisms);
/// Whether the authority may have certified the pair of this record before it was asked just now: an answer
/// to an earlier request was lost. Whatever stands between here and the authority may have sent a first
/// request twice: a pair that is refused a second time counts as certified too, once for a certificate, so
/// that an authority which refuses everything does not get pair after pair.
bool may_have_certified(const Workspace& work);
/// Throws FailureError{answer_wrong_twice}: the authority is not asked a third time for what was wrong twice,
/// nor is another certificate asked for by itself when the last one did not log in, unless a person says so.
void check_wrong_answers(const Workspace& work);

}  // namespace koshin::renewal
