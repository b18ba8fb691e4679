// SPDX-License-Identifier: MIT
// The persistent data of a renewal and of a token: plain values, stored by the journal, read by policy and
// agent.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "foundation/base/calendar.hpp"
#include "foundation/failures/failure.hpp"
#include "foundation/jobs/messages.hpp"
#include "renewal/policy/record_state.hpp"

namespace koshin::renewal {

using Bytes = std::vector<std::uint8_t>;

struct TokenKey {  ///< manufacturer + model + serial
  std::string manufacturer, model, serial;
  bool operator==(const TokenKey&) const = default;
};

/// The key of a token in the journal. Where the serial number identifies nothing (empty, zeros, "123": all
/// tokens of a TPM, of NSS and of opencryptoki share it) the label becomes part of the key.
TokenKey token_key(std::string manufacturer, std::string model, std::string serial, const std::string& label);
TokenKey token_key(const messages::TokenReport& report);
/// Whether the token's serial number identifies nothing: label, slot and the certificates on the token have
/// to tell such tokens apart, and two of them may have the same label.
bool is_one_of_many(const TokenKey& token);
/// The serial number as the token reports it, without the label that may be part of the key: for people, logs
/// and comparison with `koshin inspect`.
std::string serial_number(const TokenKey& token);

/// One renewal (or enrolment) of one token.
struct Record {
  std::int64_t number = 0;  ///< given by the journal
  TokenKey token;
  std::string token_label;
  std::string bank;  ///< name of the bank in the settings; empty: a bank without a name, or not recorded
  bool enrollment = false;  ///< a re-issue: no old certificate authenticates it
  std::string
      old_sha256;  ///< hexadecimal; for an enrolment: of the certificate whose name it took over, if any
  std::string key_algorithm;  ///< "ec-p256"
  bool same_key = false;      ///< certifies the old key again, nothing is generated
  State state = State::planned;
  Bytes key_id;                            ///< CKA_ID of the new pair
  Bytes public_key, request, certificate;  ///< DER, empty until known
  /// DER of the certificate that the new one overwrites on the token: kept from before it is overwritten, so
  /// that it can be written back. Empty where none is overwritten.
  Bytes replaced_certificate;
  Bytes exchange_state;  ///< protocol state that belongs to the request; only the protocol reads it
  std::optional<TimePoint> ask_again;
  std::optional<Failure> last_failure;
  TimePoint started{}, changed{};
  TimePoint new_not_after{};  ///< of the issued certificate
  /// A request for this pair may have reached the authority, and the authority has not refused it: the pair
  /// may have been certified although no certificate was received here.
  bool pair_sent = false;
  /// The authority has refused this pair, which it may have certified before, or the certificate issued for
  /// the pair does not log in: the pair is never used again.
  bool pair_refused = false;
  /// The unusable answer (or lost_answer), and how many times in a row it came; empty and 0 before the first.
  std::optional<Reason> wrong_answer;
  unsigned wrong_answers = 0;
};

/// Changes the state and clears the members that belong to the previous state: the failure, unless `state` is
/// abandoned and the failure is the reason, and `ask_again`.
void enter(Record& record, State state, TimePoint now);

/// The time before which the authority asked not to be contacted (Retry-After of the last failure, RFC 9110
/// section 10.2.3). Empty: none, or the time was computed with a clock that was ahead.
std::optional<TimePoint> wait_asked_for(const Record& record, TimePoint now);

/// Whether the reason is an unusable answer of the authority, each of which may have made the authority issue
/// a certificate, or a certificate that does not log in.
bool is_wrong_answer(Reason reason);
/// The value of Record::wrong_answer for a lost answer, however it was lost: the authority may have issued a
/// certificate each time, as with unusable answers.
inline constexpr Reason lost_answer = Reason::authority_unreachable;
/// After this many equal answers in a row the request is not repeated automatically.
inline constexpr unsigned max_wrong_answers = 2;
/// Whether the same wrong answer came twice, or two answers in a row were lost: the request is repeated only
/// when a person says so.
bool needs_a_person(const Record& record);
/// Whether the written certificate repeatedly failed to log in: a further proof, or giving the record up,
/// requires a person.
bool proof_needs_a_person(const Record& record);

/// Whether nothing is left of the record but the proof of its written certificate, which needs the user's PIN
/// alone. Not so where that certificate was refused and the one that it has overwritten is still to be
/// written back.
bool only_proof_is_left(const Record& record);

/// Whether the journal alone may have the certificate that the record renews: its own certificate may have
/// overwritten that one (a PIV slot), and is not known to log in. Whoever gives the record up loses it then,
/// unless it is seen on the token.
bool may_have_the_only_copy(const Record& record);

/// Whether the record was given up with a recorded reason and a certificate that was never seen to log in:
/// refused at the log-in, or cancelled by a person. Such a certificate replaces nothing.
bool is_given_up_unproved(const Record& record);
/// Whether the record was given up because the certificate did not log in, refused by the server or by this
/// computer's own rules.
bool was_refused_at_log_in(const Record& record);

/// Whether the record was written by a clock that was ahead and has been set back since.
bool is_from_the_future(const Record& record, TimePoint now);
/// Whether the authority has deferred its decision and `ask_again` is in the future. An `ask_again` beyond
/// longest_retry_after, or one set by a clock that was ahead, is ignored.
bool waits_for_authority(const Record& record, TimePoint now);

/// All objects of a token, as last seen with the PIN.
struct Snapshot {
  TimePoint at{};
  messages::TokenReport report;
};

/// The persistent memory of a token, for the agent and `koshin status`.
struct TokenMemory {
  TokenKey token;
  std::string label, module;  ///< the module that owned it last
  /// The bank that decision, certificate, reminders and snooze belong to; empty: the bank without a name. All
  /// other members belong to the token, whatever the bank.
  std::string bank;
  /// The last decision and its certificate, written together by keep_decision() so that decision,
  /// fingerprint, purpose and notAfter always concern one certificate. Empty where the decision concerns
  /// none.
  std::string last_decision, certificate_sha256;
  std::string email;  ///< of the certificate's holder, if the certificate has one
  messages::Purpose purpose = messages::Purpose::log_in;  ///< of that certificate
  std::optional<TimePoint> not_after;
  std::optional<TimePoint> last_seen, snoozed_at, last_notified;
  /// The certificate of the last notification, and its reminder threshold.
  std::string told_sha256, notified_threshold;
  std::optional<Snapshot> snapshot;
  bool pin_source_refused =
      false;  ///< the unattended PIN was wrong: not presented again until the source changes
  /// A line for each source: its identity when its PIN was refused (path, mtime, size; no secret), with a
  /// prefix while a log-in's result is unknown, and where the PIN was changed since.
  std::string pin_source_stamp;
};

}  // namespace koshin::renewal
