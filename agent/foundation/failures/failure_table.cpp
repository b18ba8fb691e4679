// SPDX-License-Identifier: MIT
// The table of failures, in the order of the enumeration; its texts are in the catalogues, under each row's
// id.
#include <algorithm>
#include <array>
#include <stdexcept>

#include "foundation/failures/failure.hpp"
#include "foundation/texts/failure.hpp"

namespace koshin {
namespace {

constexpr std::size_t reason_count = static_cast<std::size_t>(Reason::proof_failed) + 1;

/// A reason without its three texts does not compile.
consteval ReasonInfo row(Reason reason, std::string_view id, Retry retry, int exit_code) {
  const auto text = [&](std::string_view part) {
    const Text found = texts::find(texts::all_failure, id, part);
    if (found.empty()) throw std::invalid_argument("the catalogues lack failure.<id>.<part>");
    return found;
  };
  return {reason, id, retry, exit_code, text(".cause"), text(".user_action"), text(".administrator_action")};
}

constexpr std::array<ReasonInfo, reason_count> table{{
    // this program, its surroundings, and the token's software module
    row(Reason::internal_error, "internal_error", Retry::later, 1),
    row(Reason::usage_error, "usage_error", Retry::never, 2),
    row(Reason::interrupted, "interrupted", Retry::later, 5),
    row(Reason::deadline_exceeded, "deadline_exceeded", Retry::later, 6),
    row(Reason::settings_invalid, "settings_invalid", Retry::never, 3),
    row(Reason::settings_unsafe, "settings_unsafe", Retry::never, 4),
    row(Reason::journal_unusable, "journal_unusable", Retry::after_user_action, 7),
    row(Reason::clock_wrong, "clock_wrong", Retry::after_user_action, 8),
    row(Reason::job_invalid, "job_invalid", Retry::never, 9),
    row(Reason::worker_failed, "worker_failed", Retry::later, 10),
    row(Reason::disk_full, "disk_full", Retry::later, 120),
    row(Reason::output_lost, "output_lost", Retry::never, 121),
    row(Reason::module_not_configured, "module_not_configured", Retry::never, 11),
    row(Reason::module_not_found, "module_not_found", Retry::never, 12),
    row(Reason::module_not_loadable, "module_not_loadable", Retry::never, 13),
    row(Reason::module_incompatible, "module_incompatible", Retry::never, 14),
    row(Reason::module_crashed, "module_crashed", Retry::later, 15),
    row(Reason::module_hung, "module_hung", Retry::later, 16),
    row(Reason::module_unsafe, "module_unsafe", Retry::never, 17),
    // the token itself
    row(Reason::token_not_found, "token_not_found", Retry::after_user_action, 20),
    row(Reason::token_ambiguous, "token_ambiguous", Retry::after_user_action, 21),
    row(Reason::token_removed, "token_removed", Retry::after_user_action, 22),
    row(Reason::token_uninitialized, "token_uninitialized", Retry::never, 23),
    row(Reason::token_write_protected, "token_write_protected", Retry::never, 24),
    row(Reason::token_full, "token_full", Retry::after_user_action, 25),
    row(Reason::token_busy, "token_busy", Retry::later, 26),
    row(Reason::card_held, "card_held", Retry::after_user_action, 39),
    row(Reason::token_mechanism_unsupported, "token_mechanism_unsupported", Retry::never, 27),
    row(Reason::token_error, "token_error", Retry::later, 28),
    row(Reason::token_write_refused, "token_write_refused", Retry::never, 36),
    row(Reason::touch_missing, "touch_missing", Retry::after_user_action, 37),
    row(Reason::so_pin_required, "so_pin_required", Retry::never, 30),
    row(Reason::so_pin_incorrect, "so_pin_incorrect", Retry::after_user_action, 31),
    row(Reason::management_key_unsupported, "management_key_unsupported", Retry::never, 29),
    // the PIN, what is on the token, and policy
    row(Reason::pin_required, "pin_required", Retry::after_user_action, 40),
    row(Reason::pin_incorrect, "pin_incorrect", Retry::after_user_action, 41),
    row(Reason::pin_length_invalid, "pin_length_invalid", Retry::after_user_action, 42),
    row(Reason::pin_locked, "pin_locked", Retry::never, 43),
    row(Reason::pin_count_low, "pin_count_low", Retry::after_user_action, 32),
    row(Reason::pin_final_try, "pin_final_try", Retry::after_user_action, 44),
    row(Reason::pin_expired, "pin_expired", Retry::after_user_action, 45),
    row(Reason::pin_not_set, "pin_not_set", Retry::never, 46),
    row(Reason::pin_cancelled, "pin_cancelled", Retry::after_user_action, 47),
    row(Reason::pin_source_unsafe, "pin_source_unsafe", Retry::never, 48),
    row(Reason::pin_refused_before, "pin_refused_before", Retry::after_user_action, 49),
    row(Reason::secret_unusable, "secret_unusable", Retry::after_user_action, 33),
    row(Reason::pinentry_failed, "pinentry_failed", Retry::after_user_action, 34),
    row(Reason::pin_source_unusable, "pin_source_unusable", Retry::never, 35),
    row(Reason::puk_incorrect, "puk_incorrect", Retry::after_user_action, 38),
    row(Reason::new_pin_refused, "new_pin_refused", Retry::after_user_action, 67),
    row(Reason::pin_change_unsupported, "pin_change_unsupported", Retry::never, 68),
    row(Reason::pin_change_unknown, "pin_change_unknown", Retry::after_user_action, 69),
    // certificates and keys on the token, and what policy says about them
    row(Reason::certificate_not_found, "certificate_not_found", Retry::after_user_action, 50),
    row(Reason::certificate_ambiguous, "certificate_ambiguous", Retry::after_user_action, 51),
    row(Reason::bank_ambiguous, "bank_ambiguous", Retry::after_user_action, 59),
    row(Reason::certificate_unreadable, "certificate_unreadable", Retry::never, 52),
    row(Reason::key_not_found, "key_not_found", Retry::never, 53),
    row(Reason::key_pair_mismatch, "key_pair_mismatch", Retry::never, 54),
    row(Reason::key_not_made_on_token, "key_not_made_on_token", Retry::never, 55),
    row(Reason::key_algorithm_not_allowed, "key_algorithm_not_allowed", Retry::never, 56),
    row(Reason::certificate_too_weak, "certificate_too_weak", Retry::never, 57),
    row(Reason::key_may_not_sign, "key_may_not_sign", Retry::never, 58),
    row(Reason::not_due, "not_due", Retry::later, 60),
    row(Reason::reissue_needed, "reissue_needed", Retry::after_user_action, 61),
    row(Reason::certificate_not_valid_yet, "certificate_not_valid_yet", Retry::later, 62),
    row(Reason::prune_not_allowed, "prune_not_allowed", Retry::never, 63),
    row(Reason::nothing_to_delete, "nothing_to_delete", Retry::never, 65),
    row(Reason::prune_ambiguous, "prune_ambiguous", Retry::after_user_action, 66),
    row(Reason::nothing_unfinished, "nothing_unfinished", Retry::never, 64),
    row(Reason::given_up, "given_up", Retry::after_user_action, 122),
    // the way to the authority
    row(Reason::authority_not_configured, "authority_not_configured", Retry::never, 70),
    row(Reason::authority_unreachable, "authority_unreachable", Retry::later, 71),
    row(Reason::authority_timeout, "authority_timeout", Retry::later, 72),
    row(Reason::proxy_failed, "proxy_failed", Retry::later, 73),
    row(Reason::proxy_authentication_failed, "proxy_authentication_failed", Retry::never, 74),
    row(Reason::authority_untrusted, "authority_untrusted", Retry::never, 75),
    row(Reason::authority_name_mismatch, "authority_name_mismatch", Retry::never, 76),
    row(Reason::authority_certificate_expired, "authority_certificate_expired", Retry::later, 77),
    row(Reason::tls_failed, "tls_failed", Retry::later, 78),
    row(Reason::passphrase_required, "passphrase_required", Retry::after_user_action, 79),
    row(Reason::authority_certificate_too_weak, "authority_certificate_too_weak", Retry::never, 95),
    row(Reason::certificate_not_requested, "certificate_not_requested", Retry::never, 96),
    row(Reason::issuer_untrusted, "issuer_untrusted", Retry::never, 97),
    row(Reason::proxy_unusable, "proxy_unusable", Retry::after_user_action, 91),
    row(Reason::tls_impossible, "tls_impossible", Retry::never, 92),
    // what the authority answers
    row(Reason::authority_refused, "authority_refused", Retry::never, 80),
    row(Reason::authority_authentication_failed, "authority_authentication_failed", Retry::never, 81),
    row(Reason::authority_busy, "authority_busy", Retry::later, 82),
    row(Reason::authority_error, "authority_error", Retry::later, 83),
    row(Reason::authority_response_invalid, "authority_response_invalid", Retry::later, 84),
    row(Reason::authority_response_too_large, "authority_response_too_large", Retry::never, 85),
    row(Reason::authority_redirect_refused, "authority_redirect_refused", Retry::never, 86),
    row(Reason::authority_pending, "authority_pending", Retry::later, 87),
    row(Reason::reissue_code_invalid, "reissue_code_invalid", Retry::after_user_action, 88),
    row(Reason::authority_key_already_certified, "authority_key_already_certified", Retry::later, 89),
    // what was issued, and what was found after writing
    row(Reason::issued_key_mismatch, "issued_key_mismatch", Retry::never, 100),
    row(Reason::issued_subject_changed, "issued_subject_changed", Retry::never, 101),
    row(Reason::issued_san_changed, "issued_san_changed", Retry::never, 102),
    row(Reason::issued_policy_mismatch, "issued_policy_mismatch", Retry::never, 103),
    row(Reason::issued_chain_untrusted, "issued_chain_untrusted", Retry::never, 104),
    row(Reason::issued_validity_invalid, "issued_validity_invalid", Retry::never, 105),
    row(Reason::issued_usage_changed, "issued_usage_changed", Retry::never, 106),
    row(Reason::issued_too_weak, "issued_too_weak", Retry::never, 107),
    row(Reason::answer_wrong_twice, "answer_wrong_twice", Retry::after_user_action, 108),
    row(Reason::readback_mismatch, "readback_mismatch", Retry::later, 110),
    row(Reason::proof_impossible, "proof_impossible", Retry::never, 112),
    row(Reason::proof_failed, "proof_failed", Retry::later, 111),
}};

constexpr bool in_order() {
  for (std::size_t i = 0; i < table.size(); ++i) {
    if (static_cast<std::size_t>(table.at(i).reason) != i || table.at(i).id.empty()) return false;
  }
  return true;
}
static_assert(in_order(), "every Reason has its row, in the order of the enumeration");

}  // namespace

std::span<const ReasonInfo> reason_table() {
  return table;
}

const ReasonInfo& info(Reason reason) {
  return table.at(static_cast<std::size_t>(reason));
}

std::optional<Reason> parse_reason(std::string_view id) {
  const auto* const found =
      std::find_if(table.begin(), table.end(), [&](const ReasonInfo& row) { return row.id == id; });
  if (found == table.end()) return std::nullopt;
  return found->reason;
}

}  // namespace koshin
