// SPDX-License-Identifier: MIT
// Each switch in a few lines; README.md says what they are for.
#include "bank/misbehaviour.hpp"

#include <openssl/rand.h>

#include <cstdlib>

#include "bank/base64.hpp"

namespace koshin::bank {
namespace {

constexpr std::size_t oversize_bytes = 32U << 20U;
constexpr std::time_t year_9917 = 250'800'000'000;

/// "503:come back later", or "503" alone.
Response parse_status(const std::string& text) {
  Response response;
  response.status = static_cast<int>(leading_number(text));
  const auto colon = text.find(':');
  if (colon != std::string::npos) response.body = text.substr(colon + 1);
  if (response.status < 200 || response.status > 599) response.status = 500;
  return response;
}

Bytes renamed(const Bytes& subject) {
  const unsigned char* cursor = subject.data();
  const X509NamePtr name(d2i_X509_NAME(nullptr, &cursor, static_cast<long>(subject.size())));
  check(name != nullptr, "read name");
  return make_name(organization, organizational_unit, name_entry(name.get(), NID_commonName) + "x");
}

Bytes in_printable_strings(const Bytes& subject) {
  const unsigned char* cursor = subject.data();
  const X509NamePtr name(d2i_X509_NAME(nullptr, &cursor, static_cast<long>(subject.size())));
  check(name != nullptr, "read name");
  for (int i = 0; i < X509_NAME_entry_count(name.get()); ++i) {
    X509_NAME_ENTRY* entry = X509_NAME_get_entry(name.get(), i);
    const ASN1_STRING* text = X509_NAME_ENTRY_get_data(entry);
    const Bytes value(ASN1_STRING_get0_data(text), ASN1_STRING_get0_data(text) + ASN1_STRING_length(text));
    check(X509_NAME_ENTRY_set_data(entry, V_ASN1_PRINTABLESTRING, value.data(),
                                   static_cast<int>(value.size())) == 1,
          "encode name");
  }
  // Taken apart and put together again: OpenSSL would write out the bytes that it has read.
  const X509NamePtr anew(X509_NAME_new());
  for (int i = 0; i < X509_NAME_entry_count(name.get()); ++i)
    check(X509_NAME_add_entry(anew.get(), X509_NAME_get_entry(name.get(), i), -1, 0) == 1, "build name");
  return to_der(anew.get(), i2d_X509_NAME);
}

}  // namespace

Misbehaviour::Misbehaviour(Switches& switches, std::string operation)
    : switches_(switches), operation_(std::move(operation)) {}

bool Misbehaviour::take(const std::string& name) const {
  return switches_.take(operation_ + "." + name) || (enrolls() && switches_.take(name));
}

std::string Misbehaviour::take_text(const std::string& name) const {
  auto text = switches_.take_text(operation_ + "." + name);
  return text.empty() && enrolls() ? switches_.take_text(name) : text;
}

std::string Misbehaviour::get(const std::string& name) const {
  auto text = switches_.get(operation_ + "." + name);
  return text.empty() && enrolls() ? switches_.get(name) : text;
}

std::optional<Response> Misbehaviour::instead_of_answering(const Request& request) const {
  const auto redirect = get("redirect");
  const bool arrived = redirect == "same" && request.query == "moved";
  if (!redirect.empty() && redirect != "0" && !arrived) {
    Response response;
    response.status = 307;
    const bool stays = redirect == "same" || redirect == "loop";
    response.headers.emplace_back("Location", (stays ? "https://" + request.header("host") : redirect) +
                                                  request.path + (redirect == "same" ? "?moved" : ""));
    return response;
  }
  const auto status = take_text("status");
  if (status.empty()) return std::nullopt;
  auto response = parse_status(status);
  if (const auto type = get("content_type"); !type.empty()) response.content_type = type;
  const auto retry_after = get("retry_after");
  if (!retry_after.empty()) response.headers.emplace_back("Retry-After", retry_after);
  return response;
}

bool Misbehaviour::spoil(CertificateOrder& order) const {
  const auto now = std::time(nullptr);
  bool spoilt = false;
  if (take("wrong_key")) spoilt = (order.public_key = to_der(make_key("ec").get(), i2d_PUBKEY), true);
  if (take("wrong_subject")) spoilt = (order.subject = renamed(order.subject), true);
  if (take("wrong_san")) spoilt = (order.san = make_san("email:somebody.else@bank.example"), true);
  if (take("expired")) spoilt = (order.not_before = now - 400 * day, order.not_after = now - 35 * day, true);
  if (take("shorter")) spoilt = (order.not_after = now + day, true);
  if (take("not_yet_valid")) spoilt = (order.not_before = now + 30 * day, true);
  if (take("wrong_usage")) spoilt = (order.extended_usage = "serverAuth", true);
  if (take("added_usage")) spoilt = (order.extended_usage += ",codeSigning", true);
  if (take("lost_usages")) spoilt = (order.usage.clear(), order.extended_usage.clear(), true);
  if (take("signs_certificates")) spoilt = (order.usage += ",keyCertSign", true);
  if (take("enciphers")) order.usage += ",keyEncipherment";
  if (take("far_future")) spoilt = (order.not_after = year_9917, true);
  if (take("weak_signature")) spoilt = (order.weak = true);
  if (take("printable_subject")) spoilt = (order.subject = in_printable_strings(order.subject), true);
  return spoilt;
}

Response Misbehaviour::spoil(Response response) const {
  if (take("drop_after_issue")) response.ending = Response::Ending::drop;
  if (take("truncate")) response.ending = Response::Ending::truncate;
  if (take("garbage")) {
    Bytes noise(900);
    check(RAND_bytes(noise.data(), static_cast<int>(noise.size())) == 1, "make noise");
    response.body = base64_encode(noise, true);
  }
  if (take("oversize")) response.body.append(oversize_bytes, 'A');
  return response;
}

}  // namespace koshin::bank
