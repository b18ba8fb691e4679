// SPDX-License-Identifier: MIT
#include "renewal/steps/key_policies.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "foundation/log/log.hpp"
#include "renewal/token/failure_translation.hpp"

namespace koshin::renewal {
namespace {

/// Reads the new key's attestation and says in which way the key is used otherwise than the old one. Nothing
/// is said of a policy that the token does not tell, or that a later firmware has added. Throws
/// pkcs11::Error.
void compare_policies(Workspace& work) {
  const messages::KeyPolicies& old = work.old_report.key_policies;
  work.token.read_attestation(work.record.key_id);
  const Attestation* made = attestation_of(work.token.attestations(), work.record.public_key);
  if (made == nullptr) return;
  const messages::KeyPolicies& now = made->policies;
  const auto tell = [&](const char* code, const std::string& what, const std::string& was,
                        const std::string& is) {
    work.context.emit(messages::NoticeEvent{
        code, "The new key's " + what + " policy is \"" + is + "\", the old one's is \"" + was + "\"."});
  };
  const bool touch_known = !old.touch.empty() && !now.touch.empty();
  if (touch_known && old.needs_touch() && !now.needs_touch())
    tell("touch_policy_dropped", "touch", old.touch, now.touch);
  if (touch_known && !old.needs_touch() && now.needs_touch())
    tell("touch_policy_added", "touch", old.touch, now.touch);
  if (!old.pin.empty() && !now.pin.empty() && old.pin != now.pin)
    tell("pin_policy_changed", "PIN", old.pin, now.pin);
}

}  // namespace

pkcs11::KeyUsePolicies policies_to_keep(const Workspace& work) {
  const auto number = [](const std::string& word, const std::array<std::string_view, 3>& words) {
    const auto found = std::ranges::find(words, word);
    return found == words.end() ? 0U : static_cast<unsigned>(found - words.begin()) + 1;
  };
  const messages::KeyPolicies& old = work.old_report.key_policies;
  if (!old.attested) return {};
  return {number(old.pin, {"never", "once", "always"}), number(old.touch, {"never", "always", "cached"})};
}

void tell_of_new_key(Workspace& work) {
  if (!std::exchange(work.key_untold, false)) return;
  try {
    compare_policies(work);
  } catch (const std::exception& error) {
    const auto* token = dynamic_cast<const pkcs11::Error*>(&error);
    if (token != nullptr && pkcs11::classify(*token) == pkcs11::Trouble::token_gone) throw;
    log::warning(log::Event::none, "the new key's policies cannot be read: " + as_failure(error).detail);
  }
}

}  // namespace koshin::renewal
