// SPDX-License-Identifier: MIT
// Whose key is in the slot that a record has planned for its own (docs/decisions/0020-planned-slots.md). A
// slot of a card has no mark, and any program may have made a key there since: a key that cannot be told to
// be koshin's is neither used nor overwritten.
#pragma once

#include <vector>

#include "renewal/steps/workspace.hpp"

namespace koshin::renewal {

enum class SlotKey {
  none,             ///< the slot shows no private key
  unused,           ///< a record of this computer made it, and it was neither certified nor refused
  used_up,          ///< a record of this computer made it; its certificate is gone, or it was refused
  of_certificate,   ///< the certificate in the slot is for it
  made_for_record,  ///< made at the time at which the workspace's record had its key made
  anothers          ///< another program's or another record's, or nothing tells whose
};

/// By the records of this computer that tell its public key; else by the placeholder that the module puts
/// beside a new key, whose date is that of its making. A key that was cut before its placeholder cannot be
/// told from one that another program has made without one: it is `anothers`.
SlotKey whose_key(const Workspace& work, const Bytes& slot);

/// The records of this computer about the pair with this public key in the slot.
std::vector<Record> records_about(const Workspace& work, const Bytes& slot, const Bytes& public_key);

/// Whether the workspace's record has its pair in a place that other programs use too: a slot of a PIV card.
bool in_common_place(const Workspace& work);

/// Whether the slot that the record has planned is not for it any more: there is a certificate before koshin
/// has written any, or a key that is not known to be koshin's, or one that only its attestation tells of.
bool slot_was_taken(const Workspace& work);
/// Whether the slot holds a key of which nothing shows that the workspace's record, or another of koshin's,
/// had it made. Asked before the record is planned anew, by whose time the key would be known.
bool has_anothers_key(const Workspace& work, const Bytes& slot);
/// Emits the notice that such a slot is left alone. Nothing for other places.
void tell_of_taken_slot(const Workspace& work, const Bytes& slot);

/// Notes in the journal the key that is left alone in the spare slot of the planned record, where it may be
/// the one that the record's run was cut behind: alone in the slot, of the planned type and, where the card
/// attests keys, made on it. After a month the slot is given back (is_given_back()).
void note_untold_key(const Workspace& work);

/// Emits the notice that the key that a second leg has found and taken over in its home slot is none that
/// this computer knows: another computer's second leg, or another program, has made it.
void tell_of_found_key(const Workspace& work);

/// Whether the pair in the record's slot may be certified for it: its own, of an earlier run.
bool may_use_pair_in_slot(const Workspace& work);

/// Saves the time at which the making of the record's key begins, by which whose_key() knows the key again.
/// Called right before the card is asked for it.
void note_making(Workspace& work);

}  // namespace koshin::renewal
