// SPDX-License-Identifier: MIT
// Key pairs that koshin has made and that no certificate on the token is for: what an interrupted, refused or
// given-up renewal leaves, on this computer or on another one, whole, half or blank.
#pragma once

#include <optional>
#include <vector>

#include "renewal/policy/record.hpp"
#include "renewal/token/marks.hpp"
#include "renewal/token/open_token.hpp"

namespace koshin::renewal {

struct LeftPair {
  Bytes key_id;                              ///< empty when its making was cut off before it had one
  std::vector<pkcs11::TokenObject> objects;  ///< the private key first; one of them when it is half a pair
  Bytes public_key;                          ///< DER SubjectPublicKeyInfo; empty when it cannot be told
  std::int64_t record = 0;  ///< number of this computer's last record about it; 0: there is none
  bool sent = true;  ///< the authority may have certified it: it was asked to, or that is not known here
  bool refused_before = false;  ///< the authority has said no to its first request
  bool refused = false;         ///< it is not taken up again
  bool blank = false;           ///< one object without name and content, perhaps a certificate
  bool whole() const {
    return objects.front().object_class == pkcs11::ObjectClass::private_key && !public_key.empty();
  }
};

/// Whose pairs are looked for.
struct LeftBy {
  std::optional<LineageMark> lineage;  ///< empty: anybody's that koshin has made
  std::string old_sha256;              ///< of the certificate that is renewed: pairs of before the marks
  Bytes subject = {};                  ///< DER, whose: pairs of before the marks that an enrolment has made
};

/// With all objects known, private ones among them. A pair counts as koshin's by its mark, or because this
/// computer's journal says so, never by its label alone when it has a CKA_ID. A PIV slot is among them only
/// with the key that the journal names.
///
/// Blank objects (Session::is_blank()) come first, whoever's: nobody can use them. A private key counts as
/// one only when koshin was making a key as a call was cut off – this computer has a record without public
/// key, or the token has a public key with a mark and no private one –, since a token need not tell anything
/// of a private key.
std::vector<LeftPair> left_pairs(OpenToken& token, Journal& journal, const LeftBy& by);

/// Certificates that were fetched and finally did not log in, as this computer's journal knows, with their
/// keys; those only in whose place one that has logged in is on the token, valid at `now`.
std::vector<LeftPair> refused_certificates(const OpenToken& token, Journal& journal, TimePoint now);

/// Of the private key, or of the half there is.
messages::KeyReport report_pair(const LeftPair& pair);

/// Deletes the pair, the private key first, as whoever makes keys on this token.
void remove_pair(OpenToken& token, const LeftPair& pair);

}  // namespace koshin::renewal
