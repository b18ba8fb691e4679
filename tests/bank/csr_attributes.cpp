// SPDX-License-Identifier: MIT
// CsrAttrs ::= SEQUENCE OF CHOICE { OBJECT IDENTIFIER, Attribute }, put together by hand: OpenSSL 3.0 has no
// type for it.
#include "bank/csr_attributes.hpp"

#include <sstream>
#include <stdexcept>

#include "bank/switches.hpp"

namespace koshin::bank {
namespace {

constexpr std::uint8_t tag_sequence = 0x30, tag_set = 0x31;

Bytes wrap(std::uint8_t tag, const Bytes& content) {
  if (content.size() > 0xff) throw std::invalid_argument("too many request attributes");
  Bytes der{tag};
  if (content.size() > 0x7f) der.push_back(0x81);
  der.push_back(static_cast<std::uint8_t>(content.size()));
  der.insert(der.end(), content.begin(), content.end());
  return der;
}

Bytes oid(const char* dotted) {
  const ObjectPtr object(OBJ_txt2obj(dotted, 1));
  check(object != nullptr, "read object identifier");
  return to_der(object.get(), i2d_ASN1_OBJECT);
}

Bytes integer(long value) {
  const std::unique_ptr<ASN1_INTEGER, Releaser<ASN1_INTEGER_free>> number(ASN1_INTEGER_new());
  check(ASN1_INTEGER_set(number.get(), value) == 1, "encode number");
  return to_der(number.get(), i2d_ASN1_INTEGER);
}

Bytes attribute(Bytes type, const Bytes& value) {
  const auto values = wrap(tag_set, value);
  type.insert(type.end(), values.begin(), values.end());
  return wrap(tag_sequence, type);
}

Bytes encode(const std::string& wish) {
  static constexpr const char* rsa = "1.2.840.113549.1.1.1";
  static constexpr const char* ec = "1.2.840.10045.2.1";
  if (wish == "challenge") return oid("1.2.840.113549.1.9.7");
  if (wish == "p256") return attribute(oid(ec), oid("1.2.840.10045.3.1.7"));
  if (wish == "p384") return attribute(oid(ec), oid("1.3.132.0.34"));
  if (wish == "sha256") return oid("2.16.840.1.101.3.4.2.1");
  if (wish == "sha384") return oid("2.16.840.1.101.3.4.2.2");
  if (wish == "sha512") return oid("2.16.840.1.101.3.4.2.3");
  if (wish == "unknown") return oid("1.3.6.1.1.1.1.22");  // macAddress, as in the example of RFC 7030
  if (wish.rfind("rsa", 0) == 0)
    return attribute(oid(rsa), integer(leading_number(std::string_view(wish).substr(3))));
  throw std::invalid_argument("csrattrs knows no \"" + wish + "\"");
}

}  // namespace

Bytes csr_attributes(const std::string& wanted) {
  if (wanted == "garbage") return {0xde, 0xad, 0xbe, 0xef};
  Bytes all;
  std::istringstream list(wanted == "empty" ? "" : wanted);
  for (std::string wish; std::getline(list, wish, ',');) {
    const auto der = encode(wish);
    all.insert(all.end(), der.begin(), der.end());
  }
  return wrap(tag_sequence, all);
}

}  // namespace koshin::bank
