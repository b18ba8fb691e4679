// SPDX-License-Identifier: MIT
// What the trials with a PIV card share.
#pragma once

#include <memory>
#include <stdexcept>

#include "faults/piv_card.hpp"
#include "faults/trial.hpp"
#include "pkcs11/session.hpp"

namespace koshin::faults {

inline Plan on_piv_card(Plan plan = {}) {
  plan.module = piv_module();
  return plan;
}

/// The card of the trial in use, past its management key.
inline std::unique_ptr<pkcs11::Session> session_beneath() {
  const auto module = pkcs11::Module::load(test::SoftHsm::module());
  const std::string pin = test::SoftHsm::default_pin;
  for (const auto& token : module->tokens()) {
    if (token.label != Stage::token_label) continue;
    auto session = pkcs11::Session::open(module, token.slot, pkcs11::Access::read_write);
    session->login(pkcs11::User::user, {pin.data(), pin.size()});
    return session;
  }
  throw std::runtime_error("the card is not there");
}

/// Of the slot of the card in use; empty where it has no key.
inline test::Bytes public_key_in(unsigned char slot) {
  for (const auto& object : session_beneath()->objects_with_id(test::Bytes{slot}))
    if (object.object_class == pkcs11::ObjectClass::public_key) return object.public_key;
  return {};
}

/// The first leg of a renewal; tests/cards has both, with cards whose slots are as real ones.
inline const std::string piv_settings = "token.profile = \"piv\"\nrenewal.home_slot = \"never\"\n";

struct PivTrial : Trial {
  explicit PivTrial(Stage& stage, std::string_view so_pin = management_key) : Trial(stage, piv_settings) {
    act_as_officer_with(so_pin);
  }
  Run renew(const Plan& plan = {}) { return Trial::renew(on_piv_card(plan)); }
  Run prune() { return Trial::prune(on_piv_card()); }
};

}  // namespace koshin::faults
