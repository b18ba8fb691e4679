// SPDX-License-Identifier: MIT
// Key pairs that koshin has made and that no certificate on the token uses: remains of an interrupted,
// refused or given-up renewal on this or another computer; whole pairs, single keys and blank objects.
#pragma once

#include <optional>
#include <vector>

#include "renewal/policy/left_over.hpp"
#include "renewal/policy/record.hpp"
#include "renewal/token/marks.hpp"
#include "renewal/token/open_token.hpp"

namespace koshin::renewal {

struct LeftPair {
  Bytes key_id;  ///< empty when C_GenerateKeyPair was interrupted before CKA_ID was set
  std::vector<pkcs11::TokenObject>
      objects;              ///< the private key first; a single object when the other half is missing
  Bytes public_key;         ///< DER SubjectPublicKeyInfo; empty when unreadable
  std::int64_t record = 0;  ///< number of this computer's last record of the pair; 0: none
  bool sent =
      true;  ///< the authority may have certified the pair: a request was sent, or that is unknown here
  bool refused_before = false;  ///< the authority has refused the pair's first request
  bool refused = false;         ///< the pair is never used again
  bool blank = false;  ///< a single object without CKA_ID, CKA_LABEL and content, possibly a certificate
  bool whole() const {
    return objects.front().object_class == pkcs11::ObjectClass::private_key && !public_key.empty();
  }
};

/// Which pairs left_pairs() returns.
struct LeftPairFilter {
  std::optional<LineageMark> lineage;  ///< empty: of every lineage
  std::string old_sha256;       ///< of the renewed certificate; selects pairs of versions without marks
  Bytes subject = {};           ///< DER; selects pairs that enrolments of versions without marks have made
  std::int64_t own_record = 0;  ///< number of the record that the job continues; 0: none
};

/// Pairs of other unfinished records, such as those of another bank, are in use and never returned.
/// Requires a login: private objects are known. Where certificates were left unread and there is such a pair,
/// they are read first, so that nothing is removed that one of them is for. A pair counts as koshin's by its
/// mark or by this computer's journal, never by its label alone when it has a CKA_ID. A PIV slot is included
/// only with the key that the journal names.
///
/// A key that may read old mail is never returned: one whose certificate, by this computer's journal, others
/// encrypt for, and one of another computer that is_marked_for_decryption().
///
/// Blank objects (Session::is_blank()) come first, whichever program made them: they are of no use. A blank
/// private key is included only when koshin was interrupted in generating a key – a record of this computer
/// has no public key, or a marked public key has no private one –, since tokens need not reveal any attribute
/// of a private key.
std::vector<LeftPair> left_pairs(OpenToken& token, Journal& journal, const LeftPairFilter& by);

/// CKA_IDs of key pairs that renewals of this computer made and that are never used again: the certificate is
/// not on the token any more (pruned, or cleared by a second leg), or the authority has refused the pair; and
/// those that are given back (is_given_back()). A key that reads old mail is not among them.
std::vector<Bytes> emptied_key_ids(const OpenToken& token, Journal& journal, TimePoint now);

/// CKA_IDs of the keys that read old mail, by this computer's journal, also of those that the token does not
/// show: a PIV card of an older kind does not show a key whose slot has lost its certificate.
std::vector<Bytes> decrypting_key_ids(const OpenToken& token, Journal& journal);

/// The records of this computer that vouch for the key now in the slot or under the CKA_ID that they name:
/// the record tells its public key, or is unfinished and does not know it yet. Any program may have filled a
/// PIV slot since an earlier record named it.
std::vector<Record> records_of_keys(const OpenToken& token, Journal& journal);

/// Certificates that finally did not log in, by this computer's journal, with their keys; only those whose
/// replacement has logged in and is on the token, valid at `now`.
std::vector<LeftPair> refused_certificates(const OpenToken& token, Journal& journal, TimePoint now);

/// The report of the pair's private key, or of its only object.
messages::KeyReport report_pair(const LeftPair& pair);

/// Deletes the objects without a class (Session::objects_without_class()). Only for a job that goes on where
/// koshin was cut off within a call that makes objects: whose they are nothing on the token says, and nobody
/// can use them. One that another program is making at this moment has a class a moment later, and stays.
/// What cannot be deleted is logged.
void remove_objects_without_class(OpenToken& token);

/// Deletes the pair, the private key first, logged in as the role that manages keys
/// (TokenProfile::key_manager()).
void remove_pair(OpenToken& token, const LeftPair& pair);

}  // namespace koshin::renewal
