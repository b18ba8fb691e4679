// SPDX-License-Identifier: MIT
// What is remembered about a renewal and about a token: plain values, kept by the journal, looked at by
// policy and agent.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "foundation/base/calendar.hpp"
#include "foundation/failures/failure.hpp"
#include "foundation/jobs/messages.hpp"

namespace koshin::renewal {

using Bytes = std::vector<std::uint8_t>;

/// Where a renewal stands: the last thing that is durably known. Order is the order of progress.
enum class State {
  planned,    ///< key_id chosen; C_GenerateKeyPair may or may not have happened
  generated,  ///< public_key known
  requested,  ///< request (PKCS#10) signed; it may or may not have been sent
  pending,    ///< the authority answered: later (ask_again)
  issued,     ///< certificate received and checked; C_CreateObject may or may not have happened
  written,    ///< certificate object is on the token and was read back
  completed,  ///< the new certificate has logged in
  abandoned,  ///< given up: the authority has said no, or a person said so
};
std::string_view to_string(State state);
/// The inverse of to_string; empty for any other text.
std::optional<State> parse_state(std::string_view text);
/// Neither completed nor abandoned.
bool is_unfinished(State state);

struct TokenKey {  ///< manufacturer + model + serial
  std::string manufacturer, model, serial;
  bool operator==(const TokenKey&) const = default;
};

/// The one rule of what a token is remembered by. Where the serial number says nothing (none, zeros, "123":
/// all tokens of a TPM, of NSS and of opencryptoki have the same) the label takes part.
TokenKey token_key(std::string manufacturer, std::string model, std::string serial, const std::string& label);
TokenKey token_key(const messages::TokenReport& report);
/// The serial number as the token says it, without the label that may take part in the key: for people, logs
/// and whoever compares it with `koshin inspect`.
std::string serial_number(const TokenKey& token);

/// One renewal (or enrolment) of one token.
struct Record {
  std::int64_t number = 0;  ///< given by the journal
  TokenKey token;
  std::string token_label;
  std::string bank;           ///< of the settings, by name; empty: of one without a name, or not recorded
  bool enrollment = false;    ///< a re-issue: no old certificate authenticates it
  std::string old_sha256;     ///< hexadecimal; of an enrolment: whose name it took over, if any
  std::string key_algorithm;  ///< "ec-p256"
  bool same_key = false;      ///< EST 'renew': certifies the old key again, nothing is generated
  State state = State::planned;
  Bytes key_id;                            ///< CKA_ID of the new pair
  Bytes public_key, request, certificate;  ///< DER, empty until known
  Bytes exchange_state;                    ///< the authority's protocol's own, that goes with the request
  std::optional<TimePoint> ask_again;
  std::optional<Failure> last_failure;
  TimePoint started{}, changed{};
  TimePoint new_not_after{};  ///< of the issued certificate
  /// A request for this pair may have reached an authority that has not said no to it: it may have been
  /// certified without anybody here having seen the certificate.
  bool pair_sent = false;
  /// The authority has refused this pair, which it may have certified before, or what it issued for it does
  /// not log in: the pair is never taken up again.
  bool pair_refused = false;
  /// The answer that could not be used (or lost_answer), and how many times in a row it was this one; empty
  /// and 0 before.
  std::optional<Reason> wrong_answer;
  unsigned wrong_answers = 0;
};

/// Changes the state, and drops what only the state before had: the failure, unless it is why the record is
/// given up, and when the authority is to be asked again.
void enter(Record& record, State state, TimePoint now);

/// Until when the authority has asked not to be asked again (Retry-After of the last failure); empty: it has
/// not, or a clock that was ahead has dated its wish.
std::optional<TimePoint> wait_asked_for(const Record& record, TimePoint now);

/// What an authority said that cannot be used, though each asking may have made it issue a certificate; and
/// that the certificate does not log in.
bool is_wrong_answer(Reason reason);
/// How an answer that got lost counts in Record::wrong_answer, whichever way it was lost: the authority may
/// have issued a certificate each time, as with answers that are wrong.
inline constexpr Reason lost_answer = Reason::authority_unreachable;
/// The same answer is asked for once more, and then not again by itself.
inline constexpr unsigned enough_wrong_answers = 2;
/// The same wrong answer came twice, or none arrived twice: it is not asked for again unless a person says
/// so.
bool needs_a_person(const Record& record);
/// What was written did not log in, time and again: it is tried again, or given up, only while a person is
/// there.
bool proof_needs_a_person(const Record& record);

/// Given up, for a reason that is kept with it, with a certificate that nobody has seen log in: because it
/// was refused there or because a person said so. It takes nobody's place.
bool is_given_up_unproved(const Record& record);
/// Given up because the certificate did not log in, by the server's word or by this computer's own rules.
bool was_refused_at_log_in(const Record& record);

/// The clock was ahead when the record was written, and has been set right since.
bool is_from_the_future(const Record& record, TimePoint now);
/// The authority decides later, and is not to be asked yet. A time that lies further ahead than an authority
/// is granted, or that a clock from the future has set, is not believed.
bool waits_for_authority(const Record& record, TimePoint now);

/// What the last look with the PIN has found on a token: all of it.
struct Look {
  TimePoint at{};
  messages::TokenReport report;
};

/// What the agent and `koshin status` remember about a token.
struct TokenMemory {
  TokenKey token;
  std::string label, module;  ///< the module that owned it last
  /// Whose decision, certificate, reminders and quiet these are; empty: of the only bank. All else is the
  /// token's, whichever bank is asked for.
  std::string bank;
  /// The last decision, and the certificate it is about: written together (keep_decision()), so that the
  /// three are always of one certificate. Empty where the decision concerns none.
  std::string last_decision, certificate_sha256;
  std::string email;  ///< of that certificate's holder, where it tells
  std::optional<TimePoint> not_after;
  std::optional<TimePoint> last_seen, snoozed_at, last_notified;
  /// Of which certificate the person was told last, and at which reminder threshold.
  std::string told_sha256, notified_threshold;
  std::optional<Look> look;
  bool pin_source_refused =
      false;                     ///< the unattended PIN was wrong once: never again until the source changes
  std::string pin_source_stamp;  ///< identity of the source when it was refused (path, mtime, size), no
                                 ///< secret; with a word in front while it is not known whether it was
};

}  // namespace koshin::renewal
