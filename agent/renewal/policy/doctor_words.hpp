// SPDX-License-Identifier: MIT
// Subjects and findings of the doctor as text. The worker sends identifiers and values, and the English text
// for readers that do not know an identifier; the command line shows the text of the language that was asked
// for.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "foundation/failures/failure.hpp"
#include "foundation/jobs/messages.hpp"

namespace koshin::renewal {

enum class Examined {
  settings,
  journal,
  memory_lock,
  registered_modules,
  module,
  token,
  pin,
  log_in,
  mechanisms,
  pairs,
  certificate,
  strength,
  key,
  anchors,
  proxy,
  authority,
  authority_log_in,
  clock,
  chain,
  attributes,
  new_key,
  security_officer,
  home_slot,
  touch,
  attestation,
  writing,
  proof,
};
inline constexpr std::size_t examined_count = static_cast<std::size_t>(Examined::proof) + 1;

enum class Finding {
  settings_read,
  purposes_without_label,
  journal_in_order,
  journal_unfinished,
  journal_insists,
  memory_lock_enough,
  memory_lock_low,
  modules_registered,
  modules_none_registered,
  module_tokens,
  token_found,
  token_write_protected,
  pin_in_order,
  pin_not_set,
  pin_locked,
  pin_to_be_changed,
  pin_final_try,
  pin_count_low,
  pin_change_unknown,
  pin_file_outdated,
  pin_accepted,
  pin_not_given,
  mechanisms_found,
  mechanisms_without_pss,
  mechanisms_none,
  mechanisms_read_only,
  pairs_match,
  pair_id_mismatch,
  pair_key_missing,
  pair_keys_alone,
  pair_unreadable,
  pair_old_beside_new,
  certificate_chosen,
  certificate_hidden,
  strength_sufficient,
  key_can_sign,
  anchors_of_system,
  anchors_read,
  anchors_not_roots,
  proxy_none,
  proxy_of_settings,
  proxy_of_environment,
  proxy_of_answer,
  proxy_none_by_answer,
  proxy_next_in_list,
  proxy_password_in_clear,
  authority_answers,
  authority_lets_in,
  authority_asks,
  authority_did_not_ask,
  clock_plausible,
  clock_off,
  clock_outside_validity,
  clock_untold,
  chain_trusted,
  chain_by_another,
  attributes_none,
  attributes_untold,
  attributes_wanted,
  key_will_be_made,
  key_certified_again,
  memory_low,
  officer_not_tried,
  officer_given,
  officer_behind_pin,
  officer_derived,
  officer_factory,
  officer_algorithm,
  home_slot_next,
  home_slot_waits,
  home_slot_spare,
  touch_not_needed,
  touch_needed,
  touch_untold,
  key_attested,
  write_reads_only,
  write_needs_piv,
  write_known,
  write_untried,
  write_untold,
  needs_pin,
  not_reached,
  proof_lets_in,
  proof_refused,
  proof_by_page,
  proof_left_open,
  proof_by_handshake,
  proof_by_key,
};
inline constexpr std::size_t finding_count = static_cast<std::size_t>(Finding::proof_by_key) + 1;

std::string_view to_string(Examined examined);  ///< "memory_lock"
std::string_view to_string(Finding finding);    ///< "pin_final_try"

using DoctorCheck = messages::DoctorResult::Check;

// `pin_name`: the bank's word for the PIN (pin_name.hpp).
/// "memory lock", "module /usr/lib/m.so". The text that the worker sent when the check's identifier is
/// unknown.
std::string name_in_words(const DoctorCheck& check, Language language, std::string_view pin_name = {});
/// The finding as text. The text that the worker sent when neither finding nor reason is known.
std::string text_in_words(const DoctorCheck& check, Language language, std::string_view pin_name = {});
/// Whether the check leaves open if a renewal would succeed: the check could not be made, or only the renewal
/// itself will show the result.
bool leaves_open(const DoctorCheck& check);
/// What the administrator can do about the finding; empty when there is nothing to do.
std::string advice_in_words(const DoctorCheck& check, Language language, std::string_view pin_name = {});

}  // namespace koshin::renewal
