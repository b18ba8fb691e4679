// SPDX-License-Identifier: MIT
#include "renewal/journal/row_content.hpp"

#include <algorithm>
#include <optional>
#include <string>

#include "foundation/base/text.hpp"
#include "renewal/journal/journal_rows.hpp"

namespace koshin::renewal {
namespace {

using View = std::span<const std::uint8_t>;

constexpr std::uint8_t bit_string = 0x03;
constexpr std::uint8_t octet_string = 0x04;
constexpr std::uint8_t sequence = 0x30;
constexpr std::uint8_t constructed = 0x20;
constexpr std::uint8_t version_of_certificate = 0xa0;     // [0]
constexpr std::uint8_t extensions_of_certificate = 0xa3;  // [3]
constexpr int deepest = 32;

struct Element {
  std::uint8_t tag;
  View whole, content;
};

/// The first element of `bytes`, which are shortened by it; empty unless it is DER (X.690 section 10.1) of
/// one byte's tag.
std::optional<Element> next_element(View& bytes) {
  constexpr std::uint8_t long_tag = 0x1f;
  if (bytes.size() < 2 || (bytes[0] & long_tag) == long_tag) return std::nullopt;
  std::size_t length = bytes[1];
  std::size_t header = 2;
  if (length > 0x80) {
    const std::size_t digits = length & 0x7fU;
    if (digits > 4 || bytes.size() < 2 + digits || bytes[2] == 0) return std::nullopt;
    length = 0;
    for (std::size_t i = 0; i < digits; ++i) length = length << 8U | bytes[2 + i];
    if (length < 0x80) return std::nullopt;
    header += digits;
  } else if (length == 0x80) {
    return std::nullopt;
  }
  if (bytes.size() - header < length) return std::nullopt;
  const Element element{bytes[0], bytes.first(header + length), bytes.subspan(header, length)};
  bytes = bytes.subspan(header + length);
  return element;
}

/// Whether the bytes are elements from begin to end, and so is what is in them.
bool are_elements(View bytes, int depth = 0) {
  if (depth > deepest) return false;
  while (!bytes.empty()) {
    const auto element = next_element(bytes);
    if (!element) return false;
    if ((element->tag & constructed) != 0 && !are_elements(element->content, depth + 1)) return false;
  }
  return true;
}

/// The elements in the one that `bytes` are; empty where they are none, or more than one.
std::vector<Element> elements_in(View bytes, std::uint8_t tag) {
  std::vector<Element> all;
  const auto outer = next_element(bytes);
  if (!outer || outer->tag != tag || !bytes.empty() || !are_elements(outer->content)) return all;
  View rest = outer->content;
  while (const auto element = next_element(rest)) all.push_back(*element);
  return all;
}

/// What is signed in a certificate or a request: it, an algorithm and the signature.
std::optional<View> signed_part(View der) {
  const auto parts = elements_in(der, sequence);
  if (parts.size() != 3 || parts[0].tag != sequence || parts[1].tag != sequence || parts[2].tag != bit_string)
    return std::nullopt;
  return parts[0].whole;
}

/// An extension's value is DER in an OCTET STRING, which are_elements() does not look into.
bool are_extensions(View extensions) {
  const auto outer = elements_in(extensions, extensions_of_certificate);
  if (outer.size() != 1) return false;
  const auto all = elements_in(outer.front().whole, sequence);
  return std::ranges::all_of(all, [](const Element& extension) {
    const auto parts = elements_in(extension.whole, sequence);
    return !parts.empty() && parts.back().tag == octet_string && are_elements(parts.back().content);
  });
}

bool is_key(const Element& element, View public_key) {
  return element.tag == sequence && std::ranges::equal(element.whole, public_key);
}

bool is_key_info(View der) {
  const auto parts = elements_in(der, sequence);
  return parts.size() == 2 && parts[0].tag == sequence && parts[1].tag == bit_string;
}

/// The subjectPublicKeyInfo of a certificate in its full length; empty for anything else.
std::optional<Element> key_in_certificate(View der) {
  const auto to_be_signed = signed_part(der);
  if (!to_be_signed) return std::nullopt;
  const auto fields = elements_in(*to_be_signed, sequence);
  // Serial number, algorithm, issuer, validity and subject stand before the key.
  const std::size_t key = !fields.empty() && fields.front().tag == version_of_certificate ? 6 : 5;
  if (fields.size() <= key || !is_key_info(fields[key].whole)) return std::nullopt;
  const Element& last = fields.back();
  if (last.tag == extensions_of_certificate && !are_extensions(last.whole)) return std::nullopt;
  return fields[key];
}

std::string_view text_of(View bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

bool is_whole(const sqlite::Statement& row) {
  for (int column = 0; column < row.columns(); ++column)
    if (row.is_text(column) && find_invalid_utf8(text_of(row.bytes_of(column)))) return false;
  return true;
}

View bytes_named(const sqlite::Statement& row, std::string_view name) {
  const auto column = row.column_named(name);
  return column ? row.bytes_of(*column) : View{};
}

}  // namespace

bool is_certificate_for(View der, View public_key) {
  const auto key = key_in_certificate(der);
  return key && is_key(*key, public_key);
}

bool is_request_for(View der, View public_key) {
  const auto to_be_signed = signed_part(der);
  if (!to_be_signed) return false;
  const auto fields = elements_in(*to_be_signed, sequence);
  constexpr std::size_t key = 2;  // behind version and subject
  return fields.size() > key && is_key(fields[key], public_key);
}

RowContent content_of_texts(const sqlite::Statement& row) {
  return {.usable = is_whole(row)};
}

RowContent content_of_renewal(const sqlite::Statement& row) {
  const View public_key = bytes_named(row, "public_key");
  const View request = bytes_named(row, "request");
  const View certificate = bytes_named(row, "certificate");
  const bool usable = is_whole(row) && (public_key.empty() || is_key_info(public_key)) &&
                      (request.empty() || is_request_for(request, public_key)) &&
                      (certificate.empty() || is_certificate_for(certificate, public_key));
  if (!usable) return {.usable = false};
  const View replaced = bytes_named(row, "replaced_certificate");
  // Whether it is the renewed one is asked before it is written back: its fingerprint takes OpenSSL.
  if (replaced.empty() || key_in_certificate(replaced)) return {};
  // What the protocol keeps for itself lies before it, perhaps on the same page, and nothing tells whether it
  // is as it was.
  if (!bytes_named(row, "exchange_state").empty()) return {.usable = false};
  return {.usable = true, .lost = {*row.column_named("replaced_certificate")}};
}

RowContent content_of_token(const sqlite::Statement& row) {
  if (!is_whole(row)) return {.usable = false};
  const std::string_view snapshot = text_of(bytes_named(row, "looked"));
  if (snapshot.empty() || is_snapshot(std::string(snapshot))) return {};
  RowContent content;
  for (const std::string_view name : {"looked_at", "looked", "email"})
    if (const auto column = row.column_named(name)) content.lost.push_back(*column);
  return content;
}

}  // namespace koshin::renewal
