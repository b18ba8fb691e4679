// SPDX-License-Identifier: MIT
// What parent and worker say to each other: JSON lines, one job in, events out. docs/messages.md documents
// the schema.
//
// stdin of a worker: one line with the job, then for each secret the job announces, in that order, a frame of
// two bytes big-endian length and that many bytes. Secrets never travel in JSON.
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
/// Longer than a page waits for a person by default (page.idle_timeout).
inline constexpr std::chrono::minutes time_to_go{15};

enum class JobKind { inspect, renew, enroll, prune, cancel, doctor };
enum class SecretKind { pin, security_officer_pin, http_password, reissue_code };

struct Job {
  JobKind kind = JobKind::inspect;
  std::string settings_file;  ///< empty: the standard chain
  std::string bank;           ///< whose settings these are; empty: the only bank, or inspect: all of them
  std::string module;  ///< path or "p11-kit:NAME"; must be one of the settings' modules; empty: all, in order
  std::string token_uri;  ///< RFC 7512, without pin-value; empty: the settings', else the only token there is
  std::string
      certificate_sha256;         ///< renew/prune: which certificate, hexadecimal; empty: the one that is due
  bool also_not_renewed = false;  ///< prune: also what no renewal has replaced, after a second yes
  bool also_decrypting = false;   ///< prune: also what old mail is encrypted for, after a third yes
  bool dry_run = false;           ///< renew/enroll: preflight only
  bool keep_key = false;  ///< cancel: the unused pair stays on the token, whose PIN is not needed then
  /// cancel: the number of the record that is given up; 0: the latest of this token.
  std::uint64_t record_number = 0;
  bool await_go = false;          ///< renew: after the preflight, `ready` is said and `go` is waited for
  bool force = false;             ///< renew: even when not due
  bool insist_count_low = false;  ///< go on though a wrong PIN was entered before: whoever gave the PIN knows
  bool insist_final_try = false;  ///< go on though one more wrong PIN locks the token
  bool unattended = false;        ///< the PIN comes from a pin-source, nobody is there
  bool protected_path = false;    ///< the PIN is typed on the reader
  bool tell_readers = false;      ///< inspect: which reader each token sits in, one call more for each
  std::string subject_user;       ///< enroll on an empty token: the CN's user ID part, when the desk gave one
  std::string key;                ///< renew, enroll: one of renewal.key_choices; empty: renewal.key
  std::vector<SecretKind> secrets;  ///< frames that follow, in this order
};

/// What a certificate is there for, by what it says itself (docs/inventory.md has the rule).
enum class Purpose {
  log_in,       ///< client authentication: what this program renews
  signature,    ///< signs documents or mail, or is for anything else that is no log-in
  encryption,   ///< others encrypt for it; without its key what they sent cannot be read
  authority,    ///< issues certificates
  placeholder,  ///< nobody has issued it: it only fills the place beside a key
  unreadable,   ///< cannot be parsed
  unknown       ///< says nothing that fits any of these
};
/// What is known of a certificate's private key.
enum class KeyState {
  present,
  missing,
  unknown,  ///< cannot be told: without the PIN, or because the key does not tell whose it is
  shared    ///< present, and another certificate on the token is for the same key
};

struct CertificateReport {
  std::string sha256, key_id, label, subject, issuer,
      serial;  ///< hexadecimal where bytes; names per RFC 2253
  std::string organization, organizational_unit, common_name;
  std::string email;  ///< the first rfc822Name of its alternative names
  TimePoint not_before{}, not_after{};
  std::string key_algorithm;  ///< "ec-p256", "rsa-2048", or what OpenSSL calls it
  bool has_public_key = false;
  bool is_private = false;  ///< CKA_PRIVATE: shows only with the PIN
  Purpose purpose = Purpose::log_in;
  KeyState key_state = KeyState::unknown;
  bool decrypts = false;         ///< what others have encrypted for it can be read with its key alone
  bool commits_content = false;  ///< contentCommitment, and no ExtendedKeyUsage that says what else
  std::string holder;            ///< digest of subject and alternative names: whose it is
  std::string
      issuer_key;  ///< tells its issuer: "key:…" by the issuer's key, "name:…" where only that is known
  /// Its issuer is known to be one that the configured authority's anchors, or the certificates it has given,
  /// vouch for. False: it is not, or that was not asked, since nothing depended on it.
  bool issuer_vouched = false;
  /// Which bank of the settings claims it, by name (renewal/policy/claims.hpp); empty: the one without a
  /// name.
  std::string bank;
  bool unclaimed = false;             ///< it is for logging in, and no bank claims it
  std::vector<std::string> disputed;  ///< several do: these; then it is none's
  std::string lineage;      ///< SHA-256 of the latest certificate of its lineage; empty where there is none
  std::string replaced_by;  ///< SHA-256 of the certificate on the token that has taken its place; else empty
  std::string
      weakness;  ///< why this computer's OpenSSL uses it no more; empty: it does, or it is not for log-in
  bool renewed = false;  ///< by this program, and its successor is on the token: may be offered for deletion
  /// It does not show now: a look with the PIN has found it before (renewal/policy/recall.hpp). In no
  /// message.
  bool recalled = false;
};

/// Whether the certificate's private key is on the token, as far as was seen.
constexpr bool has_key(KeyState state) {
  return state == KeyState::present || state == KeyState::shared;
}

struct KeyReport {  ///< a key without certificate
  std::string key_id, label, key_algorithm;
  bool is_private = false;
  bool ours = false;    ///< made by koshin, on whichever computer: its CKA_ID says so
  std::string made_on;  ///< "2026-11-28", when a key of ours tells; else empty
};

struct TokenReport {
  std::string module, uri, label, manufacturer, model, serial, slot_description;
  bool initialized = true, write_protected = false, login_required = true, protected_path = false;
  bool pin_set = true, pin_count_low = false, pin_final_try = false, pin_locked = false;
  bool pin_to_be_changed = false;  ///< before it can be used
  unsigned pin_min = 0, pin_max = 0;
  std::optional<std::uint64_t> free_memory;
  std::vector<CertificateReport> certificates;
  std::vector<KeyReport> keys_without_certificate;
  bool private_objects_hidden = false;     ///< there may be more, which shows only with the PIN
  std::string trouble;                     ///< reason id when the objects could not be read
  std::vector<std::string> other_modules;  ///< of the settings, that show the same token as well
};

struct StepEvent {
  Step step;
  bool finished = false;
  bool resumed = false;  ///< found done by an earlier run
  std::string note;      ///< for the progress display, may be empty
};
struct NoticeEvent {  ///< something the person should know, which does not stop the job
  std::string code;   ///< "tls_capped_at_1_2", "pin_count_low", …
  std::string text;
};
/// Of a job with await_go: all that can be checked is in order and nothing was changed. The worker stays
/// logged in and waits, at most time_to_go, for the line go_line on stdin. The end of the input instead makes
/// the job a dry run.
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
struct PendingResult {  ///< the authority will decide later
  TimePoint ask_again{};
  std::string message;
};
struct PruneResult {
  CertificateReport deleted;
  std::vector<KeyReport>
      kept;  ///< public key objects beside it that cannot be read: nobody knows whose they are
};
struct CancelResult {
  std::string state;    ///< of the renewal that was given up, "requested"; empty: only left keys were removed
  TimePoint started{};  ///< of that renewal
  bool enrollment = false;         ///< it was a re-issue
  std::vector<KeyReport> removed;  ///< unused keys of koshin's that are no longer on the token
  std::vector<KeyReport> kept;     ///< and those that still are
};
struct DoctorResult {
  /// `name`, `text` and `advice` are English, for readers that know no better; whoever speaks to people takes
  /// the words for the identifiers (renewal/policy/doctor_words.hpp).
  struct Check {
    std::string name, status /* ok, warning, failed, skipped */, text, advice;
    std::string id;                   ///< of what was looked at: "pin"
    std::string subject;              ///< which one, when there are several of its kind: a module
    std::string finding;              ///< id of what was found: "pin_final_try"; empty: `reason` says it all
    std::optional<Reason> reason;     ///< the failure that a renewal would meet
    std::vector<std::string> values;  ///< what goes into the words of the finding; alone: the detail
  };
  std::vector<Check> checks;
};
/// The last line of every worker is one of the results or a Failure.
using Event = std::variant<StepEvent, NoticeEvent, ReadyEvent, InspectResult, RenewResult, PendingResult,
                           PruneResult, CancelResult, DoctorResult, Failure>;

std::string_view to_string(JobKind kind);
std::string_view to_string(SecretKind kind);
std::string_view to_string(Purpose purpose);
std::string_view to_string(KeyState state);

/// One line without newline.
std::string to_json(const Job& job);
std::string to_json(const Event& event);
/// Throw FailureError{job_invalid} saying which member is wrong.
Job parse_job(std::string_view line);
void parse_go(std::string_view line);
Event parse_event(std::string_view line);

/// True for what a worker says last.
bool is_final(const Event& event);

}  // namespace koshin::messages
