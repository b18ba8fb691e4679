// SPDX-License-Identifier: MIT
// What the doctor looks at and may find, with the texts of each. Part of doctor_words.cpp.
#pragma once

#include <array>
#include <string_view>

#include "foundation/texts/doctor.hpp"
#include "renewal/policy/doctor_words.hpp"

namespace koshin::renewal {

struct ExaminedRow {
  Examined examined;
  std::string_view id;
  Text name;
};

inline constexpr std::array<ExaminedRow, examined_count> examined_rows{{
    {Examined::settings, "settings", texts::doctor_examined_settings},
    {Examined::journal, "journal", texts::doctor_examined_journal},
    {Examined::memory_lock, "memory_lock", texts::doctor_examined_memory_lock},
    {Examined::registered_modules, "registered_modules", texts::doctor_examined_registered_modules},
    {Examined::module, "module", texts::doctor_examined_module},
    {Examined::token, "token", texts::doctor_examined_token},
    {Examined::pin, "pin", texts::doctor_examined_pin},
    {Examined::log_in, "log_in", texts::doctor_examined_log_in},
    {Examined::mechanisms, "mechanisms", texts::doctor_examined_mechanisms},
    {Examined::pairs, "pairs", texts::doctor_examined_pairs},
    {Examined::certificate, "certificate", texts::doctor_examined_certificate},
    {Examined::strength, "strength", texts::doctor_examined_strength},
    {Examined::key, "key", texts::doctor_examined_key},
    {Examined::anchors, "anchors", texts::doctor_examined_anchors},
    {Examined::proxy, "proxy", texts::doctor_examined_proxy},
    {Examined::authority, "authority", texts::doctor_examined_authority},
    {Examined::authority_log_in, "authority_log_in", texts::doctor_examined_authority_log_in},
    {Examined::clock, "clock", texts::doctor_examined_clock},
    {Examined::chain, "chain", texts::doctor_examined_chain},
    {Examined::attributes, "attributes", texts::doctor_examined_attributes},
    {Examined::new_key, "new_key", texts::doctor_examined_new_key},
    {Examined::security_officer, "security_officer", texts::doctor_examined_security_officer},
    {Examined::home_slot, "home_slot", texts::doctor_examined_home_slot},
    {Examined::proof, "proof", texts::doctor_examined_proof},
}};

struct FindingRow {
  Finding finding;
  std::string_view id;
  Text text;
  Text advice;  ///< empty: that of the check's reason, if it has one
};

inline constexpr std::array<FindingRow, finding_count> finding_rows{{
    {Finding::settings_read, "settings_read", texts::doctor_finding_settings_read, {}},
    {Finding::journal_in_order, "journal_in_order", texts::doctor_finding_journal_in_order, {}},
    {Finding::journal_unfinished, "journal_unfinished", texts::doctor_finding_journal_unfinished,
     texts::doctor_advice_journal_unfinished},
    {Finding::journal_insists, "journal_insists", texts::doctor_finding_journal_insists,
     texts::doctor_advice_journal_insists},
    {Finding::memory_lock_enough, "memory_lock_enough", texts::doctor_finding_memory_lock_enough, {}},
    {Finding::memory_lock_low, "memory_lock_low", texts::doctor_finding_memory_lock_low,
     texts::doctor_advice_memory_lock_low},
    {Finding::modules_registered, "modules_registered", texts::doctor_finding_modules_registered, {}},
    {Finding::modules_none_registered,
     "modules_none_registered",
     texts::doctor_finding_modules_none_registered,
     {}},
    {Finding::module_tokens, "module_tokens", texts::doctor_finding_module_tokens, {}},
    {Finding::token_found, "token_found", texts::doctor_finding_token_found, {}},
    {Finding::token_write_protected,
     "token_write_protected",
     texts::doctor_finding_token_write_protected,
     {}},
    {Finding::pin_in_order, "pin_in_order", texts::doctor_finding_pin_in_order, {}},
    {Finding::pin_not_set, "pin_not_set", texts::doctor_finding_pin_not_set, {}},
    {Finding::pin_locked, "pin_locked", texts::doctor_finding_pin_locked, {}},
    {Finding::pin_to_be_changed, "pin_to_be_changed", texts::doctor_finding_pin_to_be_changed, {}},
    {Finding::pin_final_try, "pin_final_try", texts::doctor_finding_pin_final_try, {}},
    {Finding::pin_count_low, "pin_count_low", texts::doctor_finding_pin_count_low, {}},
    {Finding::pin_accepted, "pin_accepted", texts::doctor_finding_pin_accepted, {}},
    {Finding::pin_not_given, "pin_not_given", texts::doctor_finding_pin_not_given,
     texts::doctor_advice_pin_not_given},
    {Finding::mechanisms_found, "mechanisms_found", texts::doctor_finding_mechanisms_found, {}},
    {Finding::mechanisms_without_pss,
     "mechanisms_without_pss",
     texts::doctor_finding_mechanisms_without_pss,
     {}},
    {Finding::mechanisms_none, "mechanisms_none", texts::doctor_finding_mechanisms_none,
     texts::doctor_advice_mechanisms_none},
    {Finding::pairs_match, "pairs_match", texts::doctor_finding_pairs_match, {}},
    {Finding::pair_id_mismatch, "pair_id_mismatch", texts::doctor_finding_pair_id_mismatch,
     texts::doctor_advice_pair_id_mismatch},
    {Finding::pair_key_missing, "pair_key_missing", texts::doctor_finding_pair_key_missing, {}},
    {Finding::pair_keys_alone, "pair_keys_alone", texts::doctor_finding_pair_keys_alone,
     texts::doctor_advice_pair_keys_alone},
    {Finding::certificate_chosen, "certificate_chosen", texts::doctor_finding_certificate_chosen, {}},
    {Finding::certificate_hidden, "certificate_hidden", texts::doctor_finding_certificate_hidden,
     texts::doctor_advice_certificate_hidden},
    {Finding::strength_sufficient, "strength_sufficient", texts::doctor_finding_strength_sufficient, {}},
    {Finding::key_can_sign, "key_can_sign", texts::doctor_finding_key_can_sign, {}},
    {Finding::anchors_of_system, "anchors_of_system", texts::doctor_finding_anchors_of_system, {}},
    {Finding::anchors_read, "anchors_read", texts::doctor_finding_anchors_read, {}},
    {Finding::anchors_not_roots, "anchors_not_roots", texts::doctor_finding_anchors_not_roots,
     texts::doctor_advice_anchors_not_roots},
    {Finding::proxy_none, "proxy_none", texts::doctor_finding_proxy_none, {}},
    {Finding::proxy_of_settings, "proxy_of_settings", texts::doctor_finding_proxy_of_settings, {}},
    {Finding::proxy_of_environment, "proxy_of_environment", texts::doctor_finding_proxy_of_environment, {}},
    {Finding::proxy_password_in_clear, "proxy_password_in_clear",
     texts::doctor_finding_proxy_password_in_clear, texts::doctor_advice_proxy_password_in_clear},
    {Finding::authority_answers, "authority_answers", texts::doctor_finding_authority_answers, {}},
    {Finding::authority_lets_in, "authority_lets_in", texts::doctor_finding_authority_lets_in, {}},
    {Finding::authority_asks, "authority_asks", texts::doctor_finding_authority_asks, {}},
    {Finding::authority_did_not_ask, "authority_did_not_ask", texts::doctor_finding_authority_did_not_ask,
     texts::doctor_advice_authority_did_not_ask},
    {Finding::clock_plausible, "clock_plausible", texts::doctor_finding_clock_plausible, {}},
    {Finding::clock_off, "clock_off", texts::doctor_finding_clock_off, texts::doctor_advice_clock_off},
    {Finding::clock_outside_validity,
     "clock_outside_validity",
     texts::doctor_finding_clock_outside_validity,
     {}},
    {Finding::clock_untold, "clock_untold", texts::doctor_finding_clock_untold, {}},
    {Finding::chain_trusted, "chain_trusted", texts::doctor_finding_chain_trusted, {}},
    {Finding::chain_by_another, "chain_by_another", texts::doctor_finding_chain_by_another,
     texts::doctor_advice_chain_by_another},
    {Finding::attributes_none, "attributes_none", texts::doctor_finding_attributes_none, {}},
    {Finding::attributes_untold, "attributes_untold", texts::doctor_finding_attributes_untold, {}},
    {Finding::attributes_wanted, "attributes_wanted", texts::doctor_finding_attributes_wanted, {}},
    {Finding::key_will_be_made, "key_will_be_made", texts::doctor_finding_key_will_be_made, {}},
    {Finding::key_certified_again, "key_certified_again", texts::doctor_finding_key_certified_again, {}},
    {Finding::memory_low, "memory_low", texts::doctor_finding_memory_low, texts::doctor_advice_memory_low},
    {Finding::officer_not_tried, "officer_not_tried", texts::doctor_finding_officer_not_tried, {}},
    {Finding::officer_given, "officer_given", texts::doctor_finding_officer_given,
     texts::doctor_advice_officer_given},
    {Finding::officer_behind_pin, "officer_behind_pin", texts::doctor_finding_officer_behind_pin, {}},
    {Finding::officer_derived, "officer_derived", texts::doctor_finding_officer_derived, {}},
    {Finding::officer_factory, "officer_factory", texts::doctor_finding_officer_factory,
     texts::doctor_advice_officer_factory},
    {Finding::officer_algorithm, "officer_algorithm", texts::doctor_finding_officer_algorithm,
     texts::doctor_advice_officer_algorithm},
    {Finding::home_slot_next, "home_slot_next", texts::doctor_finding_home_slot_next, {}},
    {Finding::home_slot_waits, "home_slot_waits", texts::doctor_finding_home_slot_waits,
     texts::doctor_advice_home_slot_waits},
    {Finding::home_slot_spare, "home_slot_spare", texts::doctor_finding_home_slot_spare, {}},
    {Finding::needs_pin, "needs_pin", texts::doctor_finding_needs_pin, {}},
    {Finding::not_reached, "not_reached", texts::doctor_finding_not_reached, {}},
    {Finding::proof_lets_in, "proof_lets_in", texts::doctor_finding_proof_lets_in, {}},
    {Finding::proof_refused, "proof_refused", texts::doctor_finding_proof_refused,
     texts::doctor_advice_proof_refused},
    {Finding::proof_by_page, "proof_by_page", texts::doctor_finding_proof_by_page, {}},
    {Finding::proof_left_open, "proof_left_open", texts::doctor_finding_proof_left_open,
     texts::doctor_advice_proof_left_open},
    {Finding::proof_by_handshake, "proof_by_handshake", texts::doctor_finding_proof_by_handshake,
     texts::doctor_advice_proof_by_handshake},
}};

}  // namespace koshin::renewal
