// SPDX-License-Identifier: MIT
// What is on a token, as everything that decides about certificates sees it: lineages, which certificate has
// taken the place of which, what may be deleted, whose journal entries these are. Pure; docs/inventory.md
// explains it with a picture.
#pragma once

#include <string>
#include <vector>

#include "foundation/base/calendar.hpp"
#include "foundation/jobs/messages.hpp"
#include "foundation/settings/expectation.hpp"
#include "foundation/settings/settings.hpp"
#include "renewal/policy/record.hpp"

namespace koshin::renewal {

/// An old certificate and the one that was fetched in its place.
struct Renewed {
  std::string old_sha256, new_sha256;
  /// By an enrolment, which takes over no more than a name: another authority's certificate may bear it as
  /// well.
  bool by_name = false;
};

/// What the journal says of the certificates of a token.
struct RenewalsSoFar {
  std::vector<Renewed> completed;  ///< the new certificate took the place of the old one, and has logged in
  std::vector<Renewed> refused;    ///< it finally did not log in, or was given up before it had
};

/// Of one lineage, which came first: by the end of validity, then its begin, then the fingerprint. A strict
/// order of all certificates.
bool is_earlier(const messages::CertificateReport& one, const messages::CertificateReport& other);

/// How sure it is that the certificate has its key, by what shows: 0 it has not, 1 nothing tells, 2 it has,
/// or its public key is there. Nothing takes the place of one that is surer.
int certainty_of_key(const messages::CertificateReport& certificate);

/// Of one lineage by what they say themselves: holder, issuer, purpose and use. (A record may join others.)
bool are_of_one_lineage(const messages::CertificateReport& one, const messages::CertificateReport& other);

/// Whether `later` takes the place of `earlier`, of the same lineage, given how sure it is that each has its
/// key: it is later, has begun, and its key is no less sure.
bool takes_the_place(const messages::CertificateReport& later, int certainty_of_later,
                     const messages::CertificateReport& earlier, int certainty_of_earlier, TimePoint now);

/// Fills `lineage`, `replaced_by` and `renewed` of every certificate of the token. What is filled in already
/// is forgotten.
///
/// A lineage is the certificates of one holder, issuer, purpose and use; a completed record joins those of
/// its two certificates, whatever their issuers; one of an enrolment does only where the old one has expired
/// or is known to be the authority's own. A later certificate of the lineage takes the place of an earlier
/// one as soon as it is valid, unless its key is missing, or seems to be while the earlier one's is there.
/// One that was refused, or given up unproved, takes nobody's place: the one that it was to replace is in use
/// again, and stands in its place.
void take_stock(messages::TokenReport& token, const RenewalsSoFar& so_far, TimePoint now);

/// What settings.expect looks at of a certificate.
CertificateNames names_of(const messages::CertificateReport& certificate);

/// Whether a certificate is one of ours at all: for logging in, settings.expect fits its names, and no other
/// bank of the settings claims it (assign_banks() in renewal/policy/claims.hpp).
bool is_ours(const messages::CertificateReport& certificate, const Settings::Expect& expect);

/// The certificate with this fingerprint; null when it is not on the token.
const messages::CertificateReport* find_certificate(const messages::TokenReport& token,
                                                    std::string_view sha256);

/// What has to be confirmed before a certificate is deleted with its key.
enum class Deletion {
  renewed,      ///< this program has renewed it, and its successor is on the token and valid: one yes
  not_renewed,  ///< anything else: a second one that names the certificate
  decrypting    ///< not renewed, or renewed, but old mail needs its key: a third one
};
Deletion deletion_of(const messages::CertificateReport& certificate);

/// A new certificate of ours, by koshin's mark, that stands in the place of another one on the token and that
/// `records`, this computer's about the token, do not know: another computer has written it, and nobody here
/// has seen it log in. Null when there is none. While one is there and nothing is due, a renewal is no more
/// than its proof.
const messages::CertificateReport* written_elsewhere(const messages::TokenReport& token,
                                                     const std::vector<Record>& records,
                                                     const Settings::Expect& expect);
/// That certificate, where the choice of one to renew has failed because nothing is due: to see it log in is
/// all that is left to do. Null where something else is.
const messages::CertificateReport* left_to_prove(const Failure& choice, const messages::TokenReport& token,
                                                 const std::vector<Record>& records,
                                                 const Settings::Expect& expect);
/// How many of the journal's latest records about a token `written_elsewhere` is asked with.
inline constexpr std::size_t records_looked_back = 100;
/// The certificate in whose place another one stands directly, the last of them; null when there is none.
const messages::CertificateReport* predecessor_of(const messages::CertificateReport& certificate,
                                                  const messages::TokenReport& token);

/// Tokens that several modules show are told of once, as the first module shows them that can read them; the
/// others are named in `other_modules`. The same is what has one key (token_key()), label and certificates;
/// two tokens of one module are always two.
std::vector<messages::TokenReport> each_once(std::vector<messages::TokenReport> tokens);

/// Whether a certificate or a key with this CKA_ID (hexadecimal, not empty) shows on the token.
bool shows_key(const messages::TokenReport& token, const std::string& key_id);

/// Whether what the journal says is about this very token: tokens of one manufacturer and model may share a
/// serial number.
enum class About { yes, no, unknown };
/// Yes when the token shows something that the record names: the key pair, the old certificate, the new one.
/// Unknown while private objects are hidden. Of a record that has made nothing yet, the label decides.
About is_about(const Record& record, const messages::TokenReport& token);
/// Whose a record is, for everybody who asks: of the tokens with its manufacturer, model and serial number it
/// is of the one that is_about() says; what cannot be told while private objects are hidden is told by the
/// label. `token` is one of those.
bool belongs_to(const Record& record, const messages::TokenReport& token);
/// Of all unfinished records of this computer, in the order of their numbers, the latest that belongs to the
/// token; null when there is none. A token may hold several, of several holders: which of them a job goes on
/// with is told by is_errand_of() (renewal/steps/errand.hpp), once the token is open.
const Record* unfinished_on(const messages::TokenReport& token, const std::vector<Record>& unfinished);
/// By the certificate it names, else by the label.
bool is_about(const TokenMemory& memory, const messages::TokenReport& token);

}  // namespace koshin::renewal
