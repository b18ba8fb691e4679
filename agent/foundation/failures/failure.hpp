// SPDX-License-Identifier: MIT
// The list of all failure reasons, shared by users, administrators and scripts.
#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

#include "foundation/base/text.hpp"
#include "foundation/texts/text.hpp"

namespace koshin {

/// Stable identifiers: their spelling (ReasonInfo::id) is part of the interface of the command line, the
/// event log and the pipes.
enum class Reason {
  // this program and its surroundings
  internal_error,
  usage_error,
  interrupted,
  deadline_exceeded,
  settings_invalid,
  settings_unsafe,
  journal_unusable,
  clock_wrong,
  job_invalid,
  worker_failed,
  disk_full,
  output_lost,
  // the module
  module_not_configured,
  module_not_found,
  module_not_loadable,
  module_incompatible,
  module_crashed,
  module_hung,
  module_unsafe,
  // the token
  token_not_found,
  token_ambiguous,
  token_removed,
  token_uninitialized,
  token_write_protected,
  token_full,
  token_busy,
  card_held,
  token_mechanism_unsupported,
  token_error,
  token_write_refused,
  touch_missing,
  so_pin_required,
  so_pin_incorrect,
  management_key_unsupported,
  // the PIN
  pin_required,
  pin_incorrect,
  pin_length_invalid,
  pin_locked,
  pin_count_low,
  pin_final_try,
  pin_expired,
  pin_not_set,
  pin_cancelled,
  pin_source_unsafe,
  pin_refused_before,
  secret_unusable,
  pinentry_failed,
  pin_source_unusable,
  puk_incorrect,
  new_pin_refused,
  pin_change_unsupported,
  pin_change_unknown,
  // certificates and keys on the token
  certificate_not_found,
  certificate_ambiguous,
  bank_ambiguous,
  certificate_unreadable,
  key_not_found,
  key_pair_mismatch,
  key_not_made_on_token,
  key_algorithm_not_allowed,
  certificate_too_weak,
  key_may_not_sign,
  // policy
  not_due,
  reissue_needed,
  certificate_not_valid_yet,
  prune_not_allowed,
  nothing_to_delete,
  prune_ambiguous,
  nothing_unfinished,
  given_up,
  // the way to the authority
  authority_not_configured,
  authority_unreachable,
  authority_timeout,
  proxy_failed,
  proxy_authentication_failed,
  authority_untrusted,
  authority_name_mismatch,
  authority_certificate_expired,
  tls_failed,
  passphrase_required,
  authority_certificate_too_weak,
  certificate_not_requested,
  issuer_untrusted,
  proxy_unusable,
  tls_impossible,
  // the authority's answers
  authority_refused,
  authority_authentication_failed,
  authority_busy,
  authority_error,
  authority_response_invalid,
  authority_response_too_large,
  authority_redirect_refused,
  authority_pending,
  reissue_code_invalid,
  authority_key_already_certified,
  // what was issued
  issued_key_mismatch,
  issued_subject_changed,
  issued_san_changed,
  issued_policy_mismatch,
  issued_chain_untrusted,
  issued_validity_invalid,
  issued_usage_changed,
  issued_too_weak,
  // an answer that comes again
  answer_wrong_twice,
  // after writing
  readback_mismatch,
  proof_impossible,
  proof_failed,
};

enum class Retry { never, after_user_action, later };

/// A row of the table of failures, from which docs/failure-reasons.md and all messages are made.
struct ReasonInfo {
  /// The row's words in one language.
  struct Words {
    std::string_view cause;                 ///< one plain sentence for the person at the keyboard
    std::string_view user_action;           ///< what that person can do
    std::string_view administrator_action;  ///< what the administrator can do
  };
  Reason reason;
  std::string_view id;  ///< "pin_incorrect"
  Retry retry;
  int exit_code;  ///< of koshin and koshin-worker
  Text cause, user_action, administrator_action;
  Words in(Language language) const {
    return {cause.in(language), user_action.in(language), administrator_action.in(language)};
  }
};

std::span<const ReasonInfo> reason_table();
const ReasonInfo& info(Reason reason);
/// The reason with this id; empty for any other text.
std::optional<Reason> parse_reason(std::string_view id);
std::string_view to_string(Retry retry);
std::optional<Retry> parse_retry(std::string_view text);

/// A failure as it crosses a process boundary. `detail` is for the administrator: printable, at most
/// max_detail bytes, never containing a secret.
struct Failure {
  static constexpr std::size_t max_detail = printable_limit;
  Reason reason = Reason::internal_error;
  std::string detail;
  /// When retry is `later`: the minimum delay, if one was given (Retry-After).
  std::optional<std::chrono::seconds> retry_after;
  /// Of proxy_authentication_failed: the proxy that has asked who is there, "http://proxy.example:3128",
  /// never with a user; empty where it is not known, and for every other reason. For the parent of a worker:
  /// no journal keeps it.
  std::string proxy = {};
  Retry retry() const { return info(reason).retry; }
  int exit_code() const { return info(reason).exit_code; }
};

/// The exception that carries a Failure inside a process.
class FailureError : public std::runtime_error {
 public:
  explicit FailureError(Failure failure);
  const Failure& failure() const noexcept { return failure_; }

 private:
  Failure failure_;
};

/// Throws FailureError.
[[noreturn]] void fail(Reason reason, std::string detail);

}  // namespace koshin
