// SPDX-License-Identifier: MIT
// The inventory of a token, the base of every decision about certificates: lineages, replacement, what may be
// deleted, and which journal entries belong to the token. Pure functions; docs/inventory.md explains the
// model with a picture.
#pragma once

#include <string>
#include <vector>

#include "foundation/base/calendar.hpp"
#include "foundation/jobs/messages.hpp"
#include "foundation/settings/expectation.hpp"
#include "foundation/settings/settings.hpp"
#include "renewal/policy/record.hpp"

namespace koshin::renewal {

/// An old certificate and the certificate that was fetched in its place.
struct Renewed {
  std::string old_sha256, new_sha256;
  /// By an enrolment, which takes over only the name: another authority's certificate may bear the same name.
  bool by_name = false;
};

/// The renewals of a token's certificates that the journal has recorded.
struct RenewalsSoFar {
  std::vector<Renewed> completed;  ///< the new certificate has logged in and replaces the old one
  std::vector<Renewed>
      refused;  ///< the new certificate was refused at the log-in, or given up before its log-in
};

/// Order of the certificates in a lineage: by notAfter, then notBefore, then fingerprint. A strict total
/// order of all certificates. Of equal validity, where an authority's certificates begin and end with the
/// day, the one in a card's spare slot is earlier than others: that in the home slot was renewed from it.
bool is_earlier(const messages::CertificateReport& one, const messages::CertificateReport& other);

/// How certain it is that the private key of the certificate is on the token: 0 the key is missing, 1
/// unknown, 2 the private key or its public key object is present. A certificate never replaces a certificate
/// with greater certainty.
int certainty_of_key(const messages::CertificateReport& certificate);

/// Whether the contents of two certificates put them into one lineage: the same holder, issuer, purpose and
/// use. (A journal record may join other certificates.)
bool are_of_one_lineage(const messages::CertificateReport& one, const messages::CertificateReport& other);

/// Whether `later` replaces `earlier`, of the same lineage, given the certainty of both keys: `later` is
/// later, its validity has begun, and its key is no less certain.
bool takes_the_place(const messages::CertificateReport& later, int certainty_of_later,
                     const messages::CertificateReport& earlier, int certainty_of_earlier, TimePoint now);

/// Fills `lineage`, `replaced_by` and `renewed` of every certificate of the token and overwrites earlier
/// values.
///
/// A lineage holds the certificates of one holder, issuer, purpose and use. A completed record joins the
/// lineages of its two certificates, whatever their issuers; a completed enrolment joins them only where the
/// old certificate has expired or is known to be the authority's own. A later certificate of the lineage
/// replaces an earlier one as soon as it is valid, unless its key is missing, or seems to be missing while
/// the earlier key is present. A certificate that was refused, or given up unproved, replaces nothing: the
/// certificate that it was to replace is in use again, and takes its place.
void assign_lineages(messages::TokenReport& token, const RenewalsSoFar& so_far, TimePoint now);

/// The names of a certificate that settings.expect is compared with.
CertificateNames names_of(const messages::CertificateReport& certificate);

/// Whether a certificate is ours: the settings renew those of its purpose (renewed_purposes.hpp), its names
/// match settings.expect, and no other bank of the settings claims it (assign_banks() in
/// renewal/policy/claims.hpp).
bool is_ours(const messages::CertificateReport& certificate, const Settings::Expect& expect);

/// The certificate with this fingerprint; null when it is not on the token.
const messages::CertificateReport* find_certificate(const messages::TokenReport& token,
                                                    std::string_view sha256);

/// Which confirmations the deletion of a certificate with its key requires.
enum class Deletion {
  renewed,      ///< koshin has renewed the certificate, and its successor is on the token and valid: one
                ///< confirmation
  not_renewed,  ///< any other certificate: a second confirmation that names the certificate
  decrypting    ///< old mail may be encrypted for its key: a third confirmation, renewed or not
};
Deletion deletion_of(const messages::CertificateReport& certificate);

/// A new certificate of ours that another computer has written: its CKA_ID has koshin's mark, it replaces
/// another certificate on the token, and `records`, this computer's records of the token, do not know it.
/// Nobody here has seen it log in. Null when there is none. While there is one and nothing is due, a renewal
/// consists of its proof alone.
const messages::CertificateReport* written_elsewhere(const messages::TokenReport& token,
                                                     const std::vector<Record>& records,
                                                     const Settings::Expect& expect);
/// The certificate of written_elsewhere(), if `choice` failed because nothing is due: its proof is then all
/// that is left to do. Null otherwise.
const messages::CertificateReport* left_to_prove(const Failure& choice, const messages::TokenReport& token,
                                                 const std::vector<Record>& records,
                                                 const Settings::Expect& expect);
/// How many of the journal's latest records of a token are passed to written_elsewhere().
inline constexpr std::size_t records_looked_back = 100;
/// The last certificate that `certificate` replaces directly; null when there is none.
const messages::CertificateReport* predecessor_of(const messages::CertificateReport& certificate,
                                                  const messages::TokenReport& token);

/// Reports each token once when several modules show it: as shown by the first module that can read it, with
/// the other modules in `other_modules`. Two reports are of the same token when token_key(), label and
/// certificates are equal; two tokens of one module are always different tokens.
std::vector<messages::TokenReport> each_once(std::vector<messages::TokenReport> tokens);

/// Whether the token shows a certificate or a key with this CKA_ID (hexadecimal, not empty).
bool shows_key(const messages::TokenReport& token, const std::string& key_id);

/// Whether `certificate` is the one that was issued for the record: of its CKA_ID and its notAfter. The
/// CKA_ID alone does not tell: on a card it is the slot's, whatever is in the slot today.
bool is_issued_for(const messages::CertificateReport& certificate, const Record& record);

/// Whether a record belongs to this very token: tokens of one manufacturer and model may share a serial
/// number.
enum class RecordMatch { yes, no, unknown };
/// Yes when the token shows an object that the record names: the key pair, the old certificate or the new
/// one. Unknown while private objects are hidden. For a record that has made nothing yet the label decides.
/// Where the serial number says nothing (is_one_of_many()), a CKA_ID that is a mere number, such as that of a
/// card's slot, names no token: every such card shows it. Unknown where nothing else shows.
RecordMatch match_record(const Record& record, const messages::TokenReport& token);
/// Whether the record belongs to `token`, among the tokens with its manufacturer, model and serial number: as
/// match_record() says; where private objects are hidden and the match is unknown, the label decides. Where
/// the serial number says nothing (is_one_of_many()), the record's old certificate has to show as soon as the
/// token shows any for logging in: another token may have the same label.
bool belongs_to(const Record& record, const messages::TokenReport& token);
/// The latest of the unfinished records (in ascending order of their numbers) that belongs to the token; null
/// when there is none. A token may have several unfinished records, of several holders: continues_record()
/// (renewal/steps/errand.hpp) selects the record of a job once the token is open.
const Record* unfinished_on(const messages::TokenReport& token, const std::vector<Record>& unfinished);
/// Whether the memory belongs to `token`: by the certificate that the memory names, else by the label.
bool belongs_to(const TokenMemory& memory, const messages::TokenReport& token);

}  // namespace koshin::renewal
