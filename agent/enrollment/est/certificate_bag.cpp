// SPDX-License-Identifier: MIT
// Reads certs-only PKCS#7 with OpenSSL's CMS parser, which accepts the BER of some Java authorities, and
// other forms of answers.
#include "enrollment/est/certificate_bag.hpp"

#include <openssl/cms.h>
#include <openssl/err.h>

#include <algorithm>
#include <optional>

#include "enrollment/est/body_forms.hpp"
#include "enrollment/est/signed_data.hpp"
#include "enrollment/http/answer_text.hpp"
#include "enrollment/x509/openssl_handles.hpp"
#include "foundation/failures/failure.hpp"
#include "pkcs11/der.hpp"

namespace koshin::enrollment {

namespace {

constexpr std::size_t max_certificates = 200;

[[noreturn]] void invalid(std::string_view what, const std::string& text) {
  fail(Reason::authority_response_invalid, std::string(what) + ": " + text);
}

class Collector {
 public:
  explicit Collector(std::string_view what) : what_(what) {}

  /// A certificate that cannot be read (for example with an invalid date) does not prevent the others from
  /// being read.
  void add(X509* parsed) {
    try {
      certificates_.push_back(Certificate::adopt(parsed));
    } catch (const FailureError& error) {
      unreadable_.push_back(error.failure().detail);
    }
    if (certificates_.size() + unreadable_.size() > max_certificates) {
      invalid(what_,
              "there are more than 200 certificates in it, which is as many as koshin reads: the authority "
              "need not publish more than those that lead from users' certificates to their root");
    }
  }

  /// Reads PKCS#7, else a single certificate; false for anything else.
  bool add_der(ByteView der) {
    ERR_clear_error();
    if (const auto content = from_der_exactly<CmsContent>(der, d2i_CMS_ContentInfo)) {
      add_signed_data(content.get());
      return true;
    }
    errors_ = openssl_errors();
    if (add_elements(der)) return true;
    X509Handle single = from_der_exactly<X509Handle>(der, d2i_X509);
    ERR_clear_error();
    if (!single) return false;
    bare_ = true;
    add(single.release());
    return true;
  }

  std::vector<Certificate> take() { return std::move(certificates_); }
  std::vector<std::string> take_unreadable() { return std::move(unreadable_); }
  bool none_readable() const { return empty() && !unreadable_.empty(); }
  bool bare() const { return bare_; }
  bool empty() const { return certificates_.empty(); }
  bool empty_object() const { return empty_object_ && empty(); }
  const std::string& errors() const { return errors_; }

 private:
  /// Reads the certificates of a PKCS#7 that OpenSSL rejects as a whole one by one; false when there is none.
  bool add_elements(ByteView der) {
    const auto before = certificates_.size();
    std::vector<std::string> unreadable;
    for (const ByteView element : elements_of_signed_data(der)) {
      ERR_clear_error();
      X509Handle one = from_der_exactly<X509Handle>(element, d2i_X509);
      if (one) {
        add(one.release());
      } else {
        unreadable.push_back("not a DER certificate: " + openssl_errors());
      }
    }
    ERR_clear_error();
    if (certificates_.size() == before) return false;
    unreadable_.insert(unreadable_.end(), unreadable.begin(), unreadable.end());
    return true;
  }

  void add_signed_data(CMS_ContentInfo* content) {
    if (OBJ_obj2nid(CMS_get0_type(content)) != NID_pkcs7_signed)
      invalid(what_, "the PKCS#7 object is no SignedData");
    const CertificateStack stack(CMS_get1_certs(content));
    ERR_clear_error();
    const int count = stack ? sk_X509_num(stack.get()) : 0;
    if (count == 0) empty_object_ = true;
    for (int i = 0; i < count; ++i) {
      X509* parsed = sk_X509_value(stack.get(), i);
      X509_up_ref(parsed);
      add(parsed);
    }
  }

  std::string_view what_;
  std::vector<Certificate> certificates_;
  std::vector<std::string> unreadable_;
  std::string errors_;
  bool bare_ = false, empty_object_ = false;
};

/// An invalid body is usually an HTML page, whose text shows its origin.
std::string beginning_of(std::string_view body) {
  const std::string words = words_of_body(body, "");
  return printable(words.empty() ? std::string(body.substr(0, 40)) : words, 200);
}

/// Compares the length field of DER with the size of an invalid body.
std::string about_length(const Bytes& der) {
  const std::size_t size = pkcs11::size_of_der(der);
  const std::string here = std::to_string(der.size());
  if (size == 0 || size == der.size() || der.front() != der_sequence) return here + " bytes that are none";
  if (size > der.size()) return "cut short after " + here + " of " + std::to_string(size) + " bytes";
  return "an object of " + std::to_string(size) + " bytes with " + std::to_string(der.size() - size) +
         " more behind it";
}

DecodedBody decoded(std::string_view body, std::string_view what) {
  auto object = decode_body(body);
  if (!object) invalid(what, "the body is neither base64 nor DER; it says \"" + beginning_of(body) + "\"");
  return *std::move(object);
}

}  // namespace

Bytes read_binary_body(std::string_view body, std::string_view what) {
  return decoded(body, what).der;
}

CertificateBag read_certificate_bag(std::string_view body, std::string_view what) {
  CertificateBag bag = read_certificates_if_any(body, what);
  if (bag.certificates.empty()) {
    if (!bag.unreadable.empty()) invalid(what, bag.unreadable.front());
    invalid(what, trimmed(body, blank).empty() ? "the body of the answer is empty"
                                               : "the PKCS#7 object holds no certificate");
  }
  return bag;
}

CertificateBag read_certificates_if_any(std::string_view body, std::string_view what) {
  Collector collector(what);
  CertificateBag bag;
  if (trimmed(body, blank).empty()) return bag;
  if (is_pem(body)) {
    for (const Bytes& object : objects_in_pem(body)) collector.add_der(object);
    bag.other_form = "PEM";
  } else if (const auto parts = is_mime(body) ? objects_in_mime(body) : std::vector<Bytes>();
             !parts.empty()) {
    for (const Bytes& object : parts) collector.add_der(object);
    bag.other_form = "a MIME message";
  } else {
    const DecodedBody object = decoded(body, what);
    if (!collector.add_der(object.der)) {
      const std::string& errors = collector.errors();
      invalid(what, "the body is not a PKCS#7 object, but " + about_length(object.der) +
                        (errors.empty() ? "" : ": " + errors));
    }
    bag.other_form = collector.bare() ? "a bare certificate" : object.other_form;
  }
  if (collector.empty() && !collector.empty_object() && !collector.none_readable())
    invalid(what, "there is no certificate in " + bag.other_form);
  bag.unreadable = collector.take_unreadable();
  bag.certificates = collector.take();
  return bag;
}

}  // namespace koshin::enrollment
