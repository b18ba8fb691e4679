// SPDX-License-Identifier: MIT
// Reading certs-only PKCS#7 with OpenSSL's CMS parser, which also reads the BER that some Java authorities
// write, and what comes instead of it.
#include "enrollment/est/certificate_bag.hpp"

#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/pem.h>

#include <algorithm>
#include <optional>

#include "enrollment/est/signed_data.hpp"
#include "enrollment/http/answer_text.hpp"
#include "enrollment/http/ascii.hpp"
#include "enrollment/http/base64.hpp"
#include "enrollment/x509/openssl_handles.hpp"
#include "foundation/failures/failure.hpp"
#include "pkcs11/der.hpp"

namespace koshin::enrollment {

namespace {

constexpr std::size_t max_certificates = 200;
constexpr char der_sequence =
    0x30;  // as a base64 digit it would decode to 0xD0…, which no answer of EST starts with
constexpr std::string_view blank("\0 \t\r\n", 5);

[[noreturn]] void invalid(std::string_view what, const std::string& text) {
  fail(Reason::authority_response_invalid, std::string(what) + ": " + text);
}

class Collector {
 public:
  explicit Collector(std::string_view what) : what_(what) {}

  /// One that cannot be read, as with a date that is none, does not keep the others from being read.
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

  /// PKCS#7, else a certificate by itself; false for what is neither.
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
  /// One by one, what OpenSSL does not read as a whole; false when that finds no certificate.
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

/// Each "-----BEGIN …-----" block that holds certificates; text around the blocks, as some tools write it, is
/// passed over.
void add_pem(std::string_view text, Collector& collector) {
  const Bio memory(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
  for (;;) {
    char *name = nullptr, *header = nullptr;
    unsigned char* data = nullptr;
    long size = 0;
    if (!memory || PEM_read_bio(memory.get(), &name, &header, &data, &size) != 1) break;
    const OpensslHandle<char, free_openssl_text> owner_of_name(name), owner_of_header(header);
    const OpensslHandle<unsigned char, free_openssl_bytes> owner_of_data(data);
    const std::string kind(name);
    if (kind.find("CERTIFICATE") == std::string::npos && kind != "PKCS7" && kind != "CMS") continue;
    collector.add_der({data, static_cast<std::size_t>(size)});
  }
  ERR_clear_error();
}

/// One part of a MIME message: its headers do not matter, as in the answer itself.
void add_part(std::string_view part, Collector& collector) {
  for (const std::string_view gap : {std::string_view("\r\n\r\n"), std::string_view("\n\n")}) {
    const auto at = part.find(gap);
    if (at == std::string_view::npos) continue;
    const std::string_view content = trimmed(part.substr(at + gap.size()), blank);
    if (content.empty()) return;
    if (content.front() == der_sequence) {
      collector.add_der({reinterpret_cast<const std::uint8_t*>(content.data()), content.size()});  // NOLINT
    } else if (const auto der = from_base64(content)) {
      collector.add_der(*der);
    }
    return;
  }
}

bool is_mime(std::string_view text) {
  const std::string start = lower_ascii(text.substr(0, 40));
  return start.starts_with("--") || start.starts_with("content-") || start.starts_with("mime-version:");
}

/// RFC 2046 section 5.1: parts are parted by lines that begin with two hyphens. The lines of base64 never do.
void add_mime(std::string_view text, Collector& collector) {
  std::size_t begin = 0, line = 0;
  while (line < text.size()) {
    if (text.substr(line).starts_with("--")) {
      add_part(text.substr(begin, line - begin), collector);
      begin = std::min(text.find('\n', line), text.size() - 1) + 1;
    }
    line = std::min(text.find('\n', line), text.size() - 1) + 1;
  }
  add_part(text.substr(begin), collector);
}

/// A body that is no answer is mostly a page, whose words say whose.
std::string beginning_of(std::string_view body) {
  const std::string words = words_of_body(body, "");
  return printable(words.empty() ? std::string(body.substr(0, 40)) : words, 200);
}

}  // namespace

namespace {

/// Forms of base64 that RFC 7030 does not mean, by what gives them away.
std::string other_base64(std::string_view body) {
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  if (body.starts_with(byte_order_mark) && from_base64(trimmed(body.substr(byte_order_mark.size()), blank)))
    return "the base64 has a byte order mark in front of it";
  std::string plain(trimmed(body, blank));
  std::ranges::replace(plain, '-', '+');
  std::ranges::replace(plain, '_', '/');
  if (from_base64(plain)) return "the base64 is in the alphabet for URLs (\"-\" and \"_\")";
  return {};
}

/// What the length in front of DER says of a body that is no object.
std::string about_length(const Bytes& der) {
  const std::size_t size = pkcs11::size_of_der(der);
  const std::string here = std::to_string(der.size());
  if (size == 0 || size == der.size() || der.front() != der_sequence) return here + " bytes that are none";
  if (size > der.size()) return "cut short after " + here + " of " + std::to_string(size) + " bytes";
  return "an object of " + std::to_string(size) + " bytes with " + std::to_string(der.size() - size) +
         " more behind it";
}

}  // namespace

Bytes read_binary_body(std::string_view body, std::string_view what) {
  if (!body.empty() && body.front() == der_sequence) return {body.begin(), body.end()};
  auto der = from_base64(trimmed(body, blank));
  if (const std::string form = other_base64(body); !der && !form.empty()) invalid(what, form);
  if (!der) invalid(what, "the body is neither base64 nor DER; it says \"" + beginning_of(body) + "\"");
  return *std::move(der);
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
  if (body.find("-----BEGIN ") != std::string_view::npos) {
    add_pem(body, collector);
    bag.other_form = "PEM";
  } else if (is_mime(trimmed(body, blank))) {
    add_mime(trimmed(body, blank), collector);
    bag.other_form = "a MIME message";
  } else {
    const Bytes der = read_binary_body(body, what);
    if (!collector.add_der(der)) {
      const std::string& errors = collector.errors();
      invalid(what, "the body is not a PKCS#7 object, but " + about_length(der) +
                        (errors.empty() ? "" : ": " + errors));
    }
    if (collector.bare()) bag.other_form = "a bare certificate";
  }
  if (collector.empty() && !collector.empty_object() && !collector.none_readable())
    invalid(what, "there is no certificate in " + bag.other_form);
  bag.unreadable = collector.take_unreadable();
  bag.certificates = collector.take();
  return bag;
}

}  // namespace koshin::enrollment
