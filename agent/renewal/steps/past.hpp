// SPDX-License-Identifier: MIT
// Remains of earlier runs: a record to resume or to give up, a key pair to use.
#pragma once

#include "renewal/steps/key_choice.hpp"
#include "renewal/steps/workspace.hpp"
#include "renewal/token/left_pairs.hpp"

namespace koshin::renewal {

/// Before the token is accessed: the pending result, if the authority has set a later time for this job's
/// record. Empty otherwise.
std::optional<messages::PendingResult> still_pending(const JobContext& context, OpenToken& token);

/// Fingerprint of the certificate that is renewed although another record of this token is unfinished and can
/// only wait; empty when there is none (renewal/policy/precedence.hpp).
std::string due_beside_unfinished(const Workspace& work);

/// still_pending() for a record that is known to belong to the token.
std::optional<messages::PendingResult> not_yet(const JobContext& context, const Record& record);

/// Requires the token's objects. The unfinished record of this token and the job's bank, of any holder, with
/// this number (0: the latest). Tokens may share manufacturer, model and serial number.
std::optional<Record> unfinished_of(const JobContext& context, const OpenToken& token,
                                    const messages::TokenReport& report, std::uint64_t number);
/// Requires all objects, private ones included. An unfinished record of the job's bank and of a token with
/// this label, of which nothing is on the token. Where the serial number says nothing, only by its number: it
/// may be another token's.
std::optional<Record> vanished_from(const JobContext& context, const OpenToken& token,
                                    const messages::TokenReport& report, std::uint64_t number);

/// Whether the record's pair is on the token. (The public key object may have been deleted: the journal has
/// the public key.)
bool pair_is_there(const OpenToken& token, const Record& record);
/// belongs_to() with private objects known. For a record that has made nothing yet, the label decides; also
/// for an enrolment whose pair is gone, since no old certificate identifies it. Where the serial number says
/// nothing, only an object on the token does: another token may have the same label.
bool is_of(const Record& record, const OpenToken& token, const messages::TokenReport& report);

/// Requires the token's objects. Moves the unfinished record that this job continues (continues_record())
/// into `work.record`, with its state corrected to the objects on the token, or marks it as hopeless when it
/// cannot be completed. Throws FailureError{reissue_needed}, and {clock_wrong} when the authority's clock
/// differs.
void take_over_unfinished(Workspace& work, const messages::TokenReport& report);
/// Gives up the record that take_over_unfinished() has marked as hopeless, once changes are allowed.
void give_up_hopeless(Workspace& work);

/// For an enrolment that resumes a request of an earlier run, once the name is known: a request with another
/// name (the user ID was corrected) is signed again with the same key.
void renew_request(Workspace& work);

/// The unfinished second leg of this token whose spare slot has the certificate with this fingerprint.
std::optional<Record> unfinished_leg(const Workspace& work, const std::string& spare_sha256);

/// For the second leg `work.named` → home slot: goes on with its unfinished record, as
/// take_over_unfinished().
void take_over_leg(Workspace& work);

/// Whether the unfinished record is the second leg of an enrolment that take_over_enrolled() takes over: the
/// second leg is gone on with afterwards.
bool is_left_to_enrolled(const Workspace& work, const Record& record);

/// For an enrolment without an unfinished record: the last run may have been completed without its result
/// being seen, and its code is used up. Takes over that record and returns true when the certificate fetched
/// minutes ago is on the token and still logs in. Where its second leg is complete, that certificate counts.
bool take_over_enrolled(Workspace& work);

/// For a renewal with nothing due because another computer has written the new certificate: takes the
/// certificate over as a record in state written, so that its proof follows; the journal is written once
/// changes are allowed. Returns false when there is no such certificate, or this computer's journal knows it.
bool take_over_written(Workspace& work, const messages::TokenReport& report);

/// An unused pair of koshin's for the certificate of this job, made on any computer: complete, without
/// certificate and not refused by the authority. Empty when there is none of this algorithm.
std::optional<LeftPair> find_unused_pair(Workspace& work, const std::string& algorithm);
/// Removes remains for this certificate that cannot be used: blank objects, halves of pairs, and pairs that
/// the token does not report as generated on it (CKA_LOCAL).
void clear_useless_pairs(Workspace& work);
/// Called before another pair is generated: removes the pairs that the authority has refused, except the
/// latest.
void remove_refused_pairs(Workspace& work);
/// Called once the new certificate has logged in: removes the other pairs that koshin has made for the old
/// certificate and that no certificate on the token uses.
void remove_left_pairs(Workspace& work);

/// The lineage of the pairs that this job generates and uses, once preflight has chosen the certificate.
LineageMark lineage_of(const Workspace& work);

/// Gives up a record without certificate whose key does not match `wish`, the present requirements of
/// settings, person and authority. Returns whether the record was given up. Throws as choose_key() when an
/// explicitly named key type is unavailable: no other type is used instead.
bool give_up_unfit(Workspace& work, const KeyWish& wish, const pkcs11::MechanismSupport& mechanisms);
/// Whether the authority may have certified the record's pair before this run's request: the answer to an
/// earlier request was lost. A proxy may have sent a first request twice, so a pair that is refused a second
/// time counts as certified too, but only once for a certificate: an authority that refuses everything does
/// not get an endless series of pairs.
bool may_have_certified(const Workspace& work);
/// Throws FailureError{answer_wrong_twice} unless a person insists: a request whose answer was wrong twice is
/// not repeated, nor is another certificate requested when the last one did not log in.
void check_wrong_answers(const Workspace& work);

}  // namespace koshin::renewal
