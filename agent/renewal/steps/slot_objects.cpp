// SPDX-License-Identifier: MIT
#include "renewal/steps/slot_objects.hpp"

#include <utility>

#include "foundation/log/log.hpp"
#include "renewal/token/failure_translation.hpp"

namespace koshin::renewal {

void forget_slot(Workspace& work, const Bytes& slot, SlotPart part) {
  const auto all = work.token.objects();
  for (const auto& object : all) {
    const bool meant = part == SlotPart::all || object.object_class == pkcs11::ObjectClass::certificate;
    if (object.id == slot && meant) work.token.forget(object.handle);
  }
}

void read_slot_again(Workspace& work, const Bytes& slot) {
  work.token.switch_user(pkcs11::User::user);
  auto there = work.token.session().objects_with_id(slot);
  forget_slot(work, slot, SlotPart::all);
  for (auto& object : there)
    if (object.id == slot && !(work.token.profile().attests_keys() && is_attestation(object)))
      work.token.add(std::move(object));
}

void try_to_read_slot(Workspace& work, const Bytes& slot) {
  try {
    read_slot_again(work, slot);
  } catch (const std::exception& error) {
    log::info(log::Event::none, "the slot cannot be read again: " + as_failure(error).detail);
  }
}

}  // namespace koshin::renewal
