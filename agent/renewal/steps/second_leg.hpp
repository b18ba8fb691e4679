// SPDX-License-Identifier: MIT
// The two legs of a renewal on a card with home slots (renewal/policy/home_slot.hpp): the first makes the new
// key in a spare slot and proves it, the second makes the key of the home slot anew, authenticated by the
// spare slot's certificate, and clears the spare slot. Each leg is a record of its own and runs through the
// same steps; a record is the second leg where its CKA_ID is that of a home slot.
#pragma once

#include <optional>

#include "renewal/steps/workspace.hpp"

namespace koshin::renewal {

/// Whether the workspace's record brings a certificate from a spare slot to its home slot.
bool is_second_leg(const Workspace& work);

/// The home slot for this job's new pair; empty when the pair goes into a spare slot or has no slot.
std::optional<Bytes> home_target(const Workspace& work);

/// Why the planned record, whose pair goes into a home slot, has no slot any more; empty when it has, and for
/// all other records.
std::string why_without_home(const Workspace& work, const messages::TokenReport& report,
                             const Record& record);

/// Whether the slot has a key that belongs to no certificate in it, that no record of this computer knows and
/// that is not of the type that the second leg makes: another program's, which is left alone.
bool holds_another_key(const Workspace& work, const Bytes& slot, const std::string& key_algorithm);

/// Whether the key in the home slot was made by an interrupted second leg, on this or another computer: it
/// has only a placeholder or the certificate of another key beside it, and was neither used up nor refused.
/// Such a pair is taken over; the key of any certificate in the slot is not.
bool is_of_second_leg(const Workspace& work, const Bytes& slot);

/// Whether a certificate in the slot has its key, or may have it: a key need not tell its public half.
bool has_old_pair(const Workspace& work, const Bytes& slot);

/// Whether the record that was just completed is a first leg and the second one follows now. Emits a notice
/// where only the security officer's PIN is missing.
bool second_leg_follows(Workspace& work);
/// Prepares the workspace for the second leg, in the same session.
void begin_second_leg(Workspace& work);
/// Tells which slot has the certificate that works, where the second leg has not come to its end, and whether
/// the home slot still has its earlier pair, by the token's objects.
void tell_of_unfinished_leg(const Workspace& work);
/// The failure of a second leg, with the slots in its detail; that of any other leg unchanged.
Failure with_slots_named(const Workspace& work, Failure failure);

}  // namespace koshin::renewal
