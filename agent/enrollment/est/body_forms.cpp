// SPDX-License-Identifier: MIT
#include "enrollment/est/body_forms.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>

#include <algorithm>

#include "enrollment/http/base64.hpp"
#include "enrollment/x509/openssl_handles.hpp"
#include "foundation/base/text.hpp"
#include "pkcs11/der.hpp"

namespace koshin::enrollment {

namespace {

using pkcs11::Bytes;
using pkcs11::ByteView;

/// Removes the first line from `rest` and returns it without its line end.
std::string_view take_line(std::string_view& rest) {
  const auto end = rest.find('\n');
  std::string_view line = rest.substr(0, end);
  rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

/// Removes blanks after DER; other trailing bytes stay, so that the parser reports them.
Bytes without_blank_end(std::string_view der) {
  const ByteView bytes(reinterpret_cast<const std::uint8_t*>(der.data()), der.size());  // NOLINT
  const std::size_t size = pkcs11::size_of_der(bytes);
  const bool blanks = size != 0 && size < der.size() && trimmed(der.substr(size), blank).empty();
  const ByteView object = blanks ? bytes.first(size) : bytes;
  return {object.begin(), object.end()};
}

std::optional<Bytes> from_base64_for_urls(std::string_view text) {
  std::string plain(text);
  std::ranges::replace(plain, '-', '+');
  std::ranges::replace(plain, '_', '/');
  return from_base64(plain);
}

/// Of an object whose base64 lacks its padding, as ACME has it (RFC 7515 section 2). Empty for what is not
/// exactly one object: a short message may consist of letters alone, and "MAINTENANCE" begins as an object
/// does.
std::optional<Bytes> from_base64_without_padding(std::string_view text) {
  std::string packed;
  std::ranges::copy_if(text, std::back_inserter(packed),
                       [](char c) { return blank.find(c) == std::string_view::npos; });
  if (packed.ends_with('=')) return std::nullopt;
  packed.append((4 - packed.size() % 4) % 4, '=');
  auto der = from_base64_for_urls(packed);
  const bool is_object =
      der && !der->empty() && der->front() == der_sequence && pkcs11::size_of_der(*der) == der->size();
  return is_object ? der : std::nullopt;
}

/// RFC 5322 section 2.2: printable characters, then a colon.
bool is_header_line(std::string_view line) {
  const auto colon = line.find(':');
  if (colon == std::string_view::npos || colon == 0) return false;
  return std::ranges::all_of(line.substr(0, colon), [](char c) { return c > ' ' && c < 0x7F && c != '<'; });
}

bool begins_with_headers(std::string_view body) {
  if (!is_header_line(take_line(body))) return false;
  while (!body.empty()) {
    const std::string_view line = take_line(body);
    if (line.empty()) return true;
    const bool continued = line.front() == ' ' || line.front() == '\t';
    if (!continued && !is_header_line(line)) return false;
  }
  return false;
}

/// The first line that begins with two hyphens, as all delimiters do; empty without one.
std::string_view delimiter_of(std::string_view body) {
  while (!body.empty()) {
    const std::string_view line = take_line(body);
    if (line.starts_with("--")) return trimmed(line, blank);
  }
  return {};
}

/// The text after the empty line that ends the part's headers, if any.
std::string_view content_of_part(std::string_view part) {
  while (!part.empty()) {
    if (take_line(part).empty()) return part;
  }
  return {};
}

void add_part(std::string_view part, std::vector<Bytes>& objects) {
  const std::string_view content = beginning_at_text(content_of_part(part));
  if (content.empty()) return;
  if (auto decoded = decode_body(content)) objects.push_back(std::move(decoded->der));
}

/// RFC 2046 section 5.1.1: the line end before a delimiter belongs to the delimiter.
std::string_view without_last_line_end(std::string_view part) {
  if (part.ends_with('\n')) part.remove_suffix(1);
  if (part.ends_with('\r')) part.remove_suffix(1);
  return part;
}

bool may_hold_certificates(std::string_view kind) {
  return kind.find("CERTIFICATE") != std::string_view::npos || kind == "PKCS7" || kind == "CMS" ||
         kind == "PKCS #7 SIGNED DATA";
}

std::string without_indentation(std::string_view text) {
  std::string plain;
  while (!text.empty()) plain += std::string(trimmed(take_line(text), blank)) + "\n";
  return plain;
}

}  // namespace

std::string_view beginning_at_text(std::string_view body) {
  body = without_byte_order_mark(body);
  const auto first = body.find_first_not_of(blank);
  return first == std::string_view::npos ? std::string_view() : body.substr(first);
}

std::optional<DecodedBody> decode_body(std::string_view body) {
  if (!body.empty() && body.front() == der_sequence) return DecodedBody{without_blank_end(body), {}};
  const std::string_view text = trimmed(beginning_at_text(body), blank);
  const bool marked = body.starts_with(byte_order_mark);
  if (auto der = from_base64(text))
    return DecodedBody{*std::move(der), marked ? "base64 behind a byte order mark" : ""};
  if (auto der = from_base64_for_urls(text))
    return DecodedBody{*std::move(der), "base64 in the alphabet for URLs"};
  if (auto der = from_base64_without_padding(text))
    return DecodedBody{*std::move(der), "base64 without its padding"};
  return std::nullopt;
}

bool is_pem(std::string_view body) {
  return body.find("-----BEGIN ") != std::string_view::npos;
}

std::vector<Bytes> objects_in_pem(std::string_view body) {
  const std::string text = without_indentation(beginning_at_text(body));
  const Bio memory(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
  std::vector<Bytes> objects;
  for (;;) {
    char *name = nullptr, *header = nullptr;
    unsigned char* data = nullptr;
    long size = 0;
    if (!memory || PEM_read_bio(memory.get(), &name, &header, &data, &size) != 1) break;
    const OpensslHandle<char, free_openssl_text> owner_of_name(name), owner_of_header(header);
    const OpensslHandle<unsigned char, free_openssl_bytes> owner_of_data(data);
    if (may_hold_certificates(name)) objects.emplace_back(data, data + size);
  }
  ERR_clear_error();
  return objects;
}

bool is_mime(std::string_view body) {
  const std::string_view text = beginning_at_text(body);
  if (text.empty() || text.front() == der_sequence) return false;
  return begins_with_headers(text) || !delimiter_of(text).empty();
}

std::vector<Bytes> objects_in_mime(std::string_view body) {
  std::string_view rest = beginning_at_text(body);
  const std::string_view delimiter = delimiter_of(rest);
  std::vector<Bytes> objects;
  std::string_view part = rest;
  while (!delimiter.empty() && !rest.empty()) {
    const std::string_view here = rest;
    if (!take_line(rest).starts_with(delimiter)) continue;
    add_part(without_last_line_end(part.substr(0, part.size() - here.size())), objects);
    part = rest;
  }
  add_part(part, objects);
  return objects;
}

}  // namespace koshin::enrollment
