// SPDX-License-Identifier: MIT
// The messages between parent and worker: JSON lines, one job in, events out. docs/messages.md documents the
// schema.
//
// stdin of a worker: one line with the job, then for each secret of Job::secrets, in that order, a frame: the
// length in two bytes (big-endian) and the secret's bytes. JSON never contains secrets.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "foundation/base/calendar.hpp"
#include "foundation/failures/failure.hpp"
#include "foundation/jobs/steps.hpp"

namespace koshin::messages {

inline constexpr int schema_version = 1;
inline constexpr std::size_t max_job_line = 64 * 1024;
inline constexpr std::string_view go_line = R"({"schema":1,"type":"go"})";
/// How long a worker waits for go_line; longer than the default of page.idle_timeout.
inline constexpr std::chrono::minutes time_to_go{15};

enum class JobKind {
  inspect,
  renew,
  enroll,
  prune,
  cancel,
  doctor,
  change_pin,  ///< the PIN is replaced by whoever knows it
  reset_pin    ///< a PIN is set without the old one: with the PUK, or by the security officer
};
enum class SecretKind {
  pin,
  security_officer_pin,
  passphrase,  ///< of a person at the authority, beside the certificate: Settings::Authority::http_user
  reissue_code,
  puk,
  new_pin,
  proxy_password  ///< of Job::proxy_user
};

struct Job {
  JobKind kind = JobKind::inspect;
  std::string settings_file;  ///< empty: the standard chain
  std::string bank;           ///< the bank whose settings apply; empty: the only bank, or for inspect all
  std::string module;  ///< path or "p11-kit:NAME"; must be one of the settings' modules; empty: all, in order
  std::string token_uri;  ///< RFC 7512, without pin-value; empty: the settings', else the only token there is
  std::string
      certificate_sha256;  ///< renew/prune: which certificate, hexadecimal; empty: the one that is due
  bool also_not_renewed =
      false;  ///< prune: also a certificate that koshin has not renewed, after a second confirmation
  bool also_decrypting = false;  ///< prune: also a certificate for encryption, after a third confirmation
  bool dry_run = false;          ///< renew/enroll: preflight only
  bool keep_key = false;         ///< cancel: the unused pair stays on the token, and no PIN is needed
  /// cancel: the number of the record that is given up; 0: the latest of this token.
  std::uint64_t record_number = 0;
  bool await_go = false;  ///< renew: emit `ready` after the preflight and wait for `go`
  bool force = false;     ///< renew: even when not due, or after the same wrong answer twice; enroll: see
                          ///< docs/messages.md
  bool insist_count_low = false;  ///< present the PIN although a wrong one was entered before
  bool insist_final_try = false;  ///< present the PIN although one more wrong PIN locks the token
  bool unattended = false;        ///< the PIN comes from a pin-source, no person is present
  bool protected_path = false;    ///< the PIN is typed on the reader
  bool tell_readers = false;      ///< inspect: report the reader of each token, one more call for each
  std::string
      subject_user;  ///< enroll on an empty token: the user ID part of the CN, if the help desk gave one
  std::string key;   ///< renew, enroll: one of renewal.key_choices; empty: renewal.key
  std::string
      proxy_user;  ///< whom the person names to the proxy, with a proxy_password; empty: the settings'
  /// Where proxy_user counts, each as Failure::proxy names it; at any other proxy the settings' user does.
  std::vector<std::string> proxies;
  std::vector<SecretKind> secrets;  ///< frames that follow, in this order
};

/// The purpose of a certificate by its extensions (docs/inventory.md has the rule).
enum class Purpose {
  log_in,       ///< client authentication: always renewed (others: renewal.purposes)
  signature,    ///< signs documents or mail, or anything else that is no log-in
  encryption,   ///< for encryption: messages can only be read with its key
  authority,    ///< issues certificates
  placeholder,  ///< self-issued, only fills the place beside a key
  unreadable,   ///< cannot be parsed
  unknown       ///< none of these
};
/// The state of a certificate's private key.
enum class KeyState {
  present,
  missing,
  unknown,  ///< undetermined: no PIN was given, or the key does not reveal its public key
  shared    ///< present, and another certificate on the token has the same key
};

/// When a key asks for the PIN and for a touch of the token, and that it was made on the token, as far as the
/// token's own certificate for the key says so (renewal/token/attestation.hpp). Empty and false: not known.
struct KeyPolicies {
  std::string pin;    ///< "never", "once" (for each log-in), "always" (for each use)
  std::string touch;  ///< "never", "always", "cached" (a touch is good for some seconds)
  bool attested = false;
  bool needs_touch() const { return touch == "always" || touch == "cached"; }
};

struct CertificateReport {
  std::string sha256, key_id, label, subject, issuer,
      serial;  ///< hexadecimal where bytes; names per RFC 2253
  std::string organization, organizational_unit, common_name;
  std::string email;  ///< the first rfc822Name of its alternative names
  TimePoint not_before{}, not_after{};
  std::string key_algorithm;  ///< "ec-p256", "rsa-2048", or what OpenSSL calls it
  bool has_public_key = false;
  bool is_private = false;  ///< CKA_PRIVATE: visible only after a login
  Purpose purpose = Purpose::log_in;
  KeyState key_state = KeyState::unknown;
  bool decrypts = false;         ///< data may have been encrypted for it that only its key decrypts
  bool commits_content = false;  ///< contentCommitment without ExtendedKeyUsage
  std::string holder;            ///< digest of subject and alternative names
  std::string issuer_key;  ///< identifies its issuer: "key:…", or "name:…" where only the name is known
  /// Its issuer is certified by the configured authority's anchors, or by the certificates that the authority
  /// has sent. False: it is not, or the question did not matter.
  bool issuer_vouched = false;
  /// The bank of the settings that claims it, by name (renewal/policy/claims.hpp); empty: the bank without a
  /// name.
  std::string bank;
  bool unclaimed = false;             ///< of a purpose that is renewed, and no bank claims it
  std::vector<std::string> disputed;  ///< the banks that claim it, if several: it belongs to none
  std::string lineage;      ///< SHA-256 of the latest certificate of its lineage; empty where there is none
  std::string replaced_by;  ///< SHA-256 of the certificate on the token that replaces it; else empty
  std::string
      weakness;  ///< why this computer's OpenSSL refuses it; empty: it does not, or the purpose is not log-in
  bool renewed =
      false;  ///< renewed by koshin, and its successor is on the token: may be offered for deletion
  KeyPolicies key_policies;  ///< of its key
  /// Known only from a snapshot (renewal/policy/recall.hpp). In no message.
  bool recalled = false;
};

/// Whether the certificate's private key is on the token, as far as known.
constexpr bool has_key(KeyState state) {
  return state == KeyState::present || state == KeyState::shared;
}

struct KeyReport {  ///< a key without certificate
  std::string key_id, label, key_algorithm;
  bool is_private = false;
  bool ours = false;    ///< made by koshin on any computer, by its CKA_ID
  std::string made_on;  ///< "2026-11-28", from the label of a key of koshin's; else empty
  KeyPolicies key_policies;
};

/// How the management key of a card is to be had, by what the card says of it without any secret
/// (docs/decisions/0018-management-key.md). It makes keys and writes certificates.
enum class ManagementKey {
  none,        ///< the user's PIN does everything
  unknown,     ///< the card could not be asked
  given,       ///< an administrator has it
  behind_pin,  ///< the card keeps it, and its module fetches it with the PIN
  derived,     ///< it is computed from the PIN and a salt on the card
  factory,     ///< still the one that every card of its kind leaves the factory with
  unusable     ///< of an algorithm that the token's module does not know
};

struct TokenReport {
  std::string module, uri, label, manufacturer, model, serial, slot_description;
  bool initialized = true, write_protected = false, login_required = true, protected_path = false;
  bool pin_set = true, pin_count_low = false, pin_final_try = false, pin_locked = false;
  bool pin_to_be_changed = false;   ///< the PIN must be changed before use
  bool pin_change_unknown = false;  ///< a change was cut off here: the old PIN counts, or the new one
  unsigned pin_min = 0, pin_max = 0;
  std::optional<std::uint64_t> free_memory;
  std::vector<CertificateReport> certificates;
  std::vector<KeyReport> keys_without_certificate;
  bool private_objects_hidden = false;  ///< private objects may exist that need the PIN
  ManagementKey management_key = ManagementKey::none;
  std::string trouble;                     ///< reason id when the objects could not be read
  std::vector<std::string> other_modules;  ///< further modules of the settings that show the token
};

struct StepEvent {
  Step step;
  bool finished = false;
  bool resumed = false;  ///< completed by an earlier run
  std::string note;      ///< for the progress display, may be empty
};
struct NoticeEvent {  ///< information for the person that does not stop the job
  std::string code;   ///< "tls_capped_at_1_2", "pin_count_low", …
  std::string text;
};
/// The token has been asked for a signature and takes its time: the person may have to touch it. Withdrawn by
/// a second event when the token has answered.
struct TouchEvent {
  bool certain = false;  ///< the key is known to ask for a touch; false: it may
  bool over = false;
};
/// Of a job with await_go: all checks have passed and nothing was changed. The worker stays logged in and
/// waits, at most time_to_go, for the line go_line on stdin. At the end of the input the job ends as a dry
/// run.
struct ReadyEvent {};
struct InspectResult {
  std::vector<TokenReport> tokens;
  struct ModuleTrouble {
    std::string module;
    Failure failure;
  };
  std::vector<ModuleTrouble> modules_in_trouble;
};
struct RenewResult {
  bool dry_run = false;
  TokenReport token;
  CertificateReport old_certificate, new_certificate;  ///< enroll: old_certificate is empty
};
struct PendingResult {  ///< the authority has deferred its decision
  TimePoint ask_again{};
  std::string message;
};
struct PruneResult {
  CertificateReport deleted;
  /// Keys that are still on the token: unreadable public key objects, and keys that the module claimed to
  /// have deleted.
  std::vector<KeyReport> kept;
};
struct CancelResult {
  std::string state;        ///< of the given-up renewal, "requested"; empty: only unused keys were removed
  TimePoint started{};      ///< of that renewal
  bool enrollment = false;  ///< it was a re-issue
  std::vector<KeyReport> removed;  ///< unused keys of koshin's that were removed
  std::vector<KeyReport> kept;     ///< unused keys that are still on the token
};
struct PinResult {  ///< of change_pin and reset_pin: the new PIN counts
  TokenReport token;
  std::string pin_file;  ///< the file with the PIN of unattended renewals, which holds the old one; or empty
};
struct DoctorResult {
  /// `name`, `text` and `advice` are English, for readers that do not know the identifiers; programs with a
  /// user interface take the texts of the identifiers (renewal/policy/doctor_words.hpp).
  struct Check {
    std::string name, status /* ok, warning, failed, skipped */, text, advice;
    std::string id;                   ///< id of the subject: "pin"
    std::string subject;              ///< distinguishes several subjects of a kind: the module
    std::string finding;              ///< id of the finding: "pin_final_try"; empty: see `reason`
    std::optional<Reason> reason;     ///< the failure that a renewal would meet
    std::vector<std::string> values;  ///< values in the finding's text; without a finding: the detail
  };
  std::vector<Check> checks;
};
/// The last line of every worker is one of the results or a Failure.
using Event = std::variant<StepEvent, NoticeEvent, TouchEvent, ReadyEvent, InspectResult, RenewResult,
                           PendingResult, PruneResult, CancelResult, PinResult, DoctorResult, Failure>;

std::string_view to_string(JobKind kind);
std::string_view to_string(SecretKind kind);
std::string_view to_string(Purpose purpose);
std::string_view to_string(KeyState state);
std::string_view to_string(ManagementKey key);

/// One line without newline.
std::string to_json(const Job& job);
std::string to_json(const Event& event);
/// Parse one line. Throw FailureError{job_invalid}; the detail names the wrong member.
Job parse_job(std::string_view line);
void parse_go(std::string_view line);
Event parse_event(std::string_view line);

/// Whether the event is a worker's last one.
bool is_final(const Event& event);

}  // namespace koshin::messages
