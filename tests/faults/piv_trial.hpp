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

}  // namespace koshin::faults
