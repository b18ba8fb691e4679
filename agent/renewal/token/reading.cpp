// SPDX-License-Identifier: MIT
// Searches by CKA_ID and CKA_SUBJECT instead of reading each certificate.
#include "renewal/token/reading.hpp"

#include <algorithm>
#include <optional>

#include "enrollment/x509/certificate.hpp"
#include "foundation/failures/failure.hpp"
#include "pkcs11/credentials.hpp"
#include "renewal/token/issuers.hpp"
#include "renewal/token/stock_taking.hpp"
#include "renewal/token/token_report.hpp"

namespace koshin::renewal {
namespace {

using enrollment::Certificate;
using pkcs11::Bytes;
using pkcs11::ByteView;
using pkcs11::Credential;
using pkcs11::ObjectClass;
using pkcs11::ObjectList;
using pkcs11::TokenObject;
using Handles = std::vector<std::uint64_t>;

/// A token with so many certificates is read whole.
constexpr std::size_t few_certificates = 16;
/// C_FindObjectsInit, C_FindObjects twice, C_FindObjectsFinal, and one read of what was found.
constexpr std::size_t calls_of_a_search = 5;
/// Searches beside those for the keys' certificates: the subject, and the issuers.
constexpr std::size_t other_searches = 3;
/// From the certificate's issuer upwards: TLS shows what is on the token of the chain.
constexpr int most_issuers = 3;

bool contains(const auto& all, const auto& one) {
  return std::ranges::find(all, one) != all.end();
}

bool is_certificate(const TokenObject& object, const std::string& sha256) {
  return object.object_class == ObjectClass::certificate && !object.certificate.empty() &&
         enrollment::sha256_of(ByteView(object.certificate)) == sha256;
}

/// The reading of one token. Each function returns whether the certificate can be told from what was read.
class NarrowReading {
 public:
  NarrowReading(pkcs11::Session& session, const ObjectList& list, const Interest& interest)
      : session_(session), list_(list), interest_(interest) {}

  bool complete() {
    if (list_.certificates.size() <= few_certificates) return false;
    objects_ = session_.read_listed(list_.others, false);
    keys_are_read_ = true;
    return read_beside_keys() && read_relatives() && all_keys_are_assigned() && !issuers_decide();
  }

  /// All objects, each read once.
  std::vector<TokenObject> everything() {
    if (!keys_are_read_) add(session_.read_listed(list_.others, false));
    add(session_.read_listed(unread(), true));
    return std::move(objects_);
  }

  Handles unread() const {
    Handles left;
    for (const std::uint64_t handle : list_.certificates)
      if (!contains(read_, handle)) left.push_back(handle);
    return left;
  }
  std::vector<TokenObject> objects() { return std::move(objects_); }

 private:
  void add(std::vector<TokenObject> more) {
    for (TokenObject& object : more) objects_.push_back(std::move(object));
  }

  /// Reads those of the certificates that were not read yet. Handles that list_ does not have are none of the
  /// token's certificates: the module has ignored a part of the template.
  bool read_certificates(const std::optional<Handles>& found) {
    if (!found) return false;
    Handles fresh;
    for (const std::uint64_t handle : *found)
      if (contains(list_.certificates, handle) && !contains(read_, handle)) fresh.push_back(handle);
    read_.insert(read_.end(), fresh.begin(), fresh.end());
    add(session_.read_listed(fresh, true));
    return true;
  }

  bool read_beside_keys() {
    std::vector<Bytes> ids = interest_.key_ids;
    for (const TokenObject& key : objects_)
      if (!contains(ids, key.id)) ids.push_back(key.id);
    const std::size_t searches = ids.size() + other_searches;
    if (searches * calls_of_a_search >= list_.certificates.size()) return false;
    return std::ranges::all_of(ids, [&](const Bytes& id) {
      return !id.empty() && read_certificates(session_.certificates_with_id(id));
    });
  }

  /// The certificate's own subject is searched for: a module that does not find it there cannot be asked for
  /// subjects.
  bool read_relatives() {
    const auto named = std::ranges::find_if(objects_, [&](const TokenObject& object) {
      return is_certificate(object, interest_.certificate_sha256);
    });
    if (named == objects_.end()) return false;
    const auto handle = named->handle;
    try {
      const auto certificate = Certificate::from_der(named->certificate);
      const auto same_subject = session_.certificates_with_subject(certificate.subject_der());
      return same_subject && contains(*same_subject, handle) && read_certificates(same_subject) &&
             read_issuers_of(certificate);
    } catch (const FailureError&) {  // unreadable
      return false;
    }
  }

  bool read_issuers_of(Certificate certificate) {
    for (int i = 0; i < most_issuers && !certificate.self_issued(); ++i) {
      const auto name = issuer_name_of(certificate);
      if (!read_certificates(session_.certificates_with_subject(name))) return false;
      const auto issuer = issuer_among_read(certificate);
      if (!issuer) return true;
      certificate = *issuer;
    }
    return true;
  }

  std::optional<Certificate> issuer_among_read(const Certificate& certificate) const {
    for (const Certificate& authority : authorities_among(objects_))
      if (authority.has_issued(certificate)) return authority;
    return {};
  }

  /// Whether each key belongs to a certificate that was read, or to an unfinished renewal.
  bool all_keys_are_assigned() const {
    return std::ranges::none_of(pkcs11::match_credentials(objects_), [&](const Credential& group) {
      if (group.certificate) return group.key_uncertain;
      const TokenObject& key = group.private_key ? *group.private_key : *group.public_key;
      return !contains(interest_.key_ids, key.id);
    });
  }

  bool issuers_decide() const {
    messages::TokenReport report;
    report_objects(report, objects_, {.private_objects = true});
    return issuers_have_to_be_joined(report);
  }

  pkcs11::Session& session_;
  const ObjectList& list_;
  const Interest& interest_;
  std::vector<TokenObject> objects_;
  Handles read_;
  bool keys_are_read_ = false;
};

}  // namespace

void check_all_read(const std::vector<TokenObject>& objects) {
  const auto failed = std::ranges::count_if(objects, &TokenObject::read_failed);
  if (failed == 0) return;
  fail(Reason::token_error,
       std::to_string(failed) +
           " of the objects on the token could not be read (C_GetAttributeValue); one of "
           "them may be what is missing, so nothing is concluded from that");
}

Reading read_objects(pkcs11::Session& session, const Interest& interest) {
  if (interest.certificate_sha256.empty()) return {session.objects(), {}};
  const ObjectList list = session.list();
  NarrowReading narrow(session, list, interest);
  if (!narrow.complete()) return {narrow.everything(), {}};
  auto unread = narrow.unread();
  return {narrow.objects(), std::move(unread)};
}

}  // namespace koshin::renewal
