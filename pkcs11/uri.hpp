// SPDX-License-Identifier: MIT
// PKCS#11 URIs, RFC 7512: the whole grammar, and matching against tokens and objects.
#pragma once

#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

#include "pkcs11/types.hpp"

namespace koshin::pkcs11 {

/// A text that is not a PKCS#11 URI; what() names the attribute and the offset.
class UriError : public std::invalid_argument {
 public:
  using std::invalid_argument::invalid_argument;
};

struct Uri {
  // Path attributes (RFC 7512 section 2.3), percent-decoded.
  std::optional<std::string> token, manufacturer, serial, model;
  std::optional<std::string> library_manufacturer, library_description, library_version;
  std::optional<std::string> object, type, slot_description, slot_manufacturer;
  std::optional<Bytes> id;
  std::optional<std::uint64_t> slot_id;
  /// An unknown path attribute was present: the URI matches nothing (section 2.3).
  bool unknown_path_attribute = false;
  // Query attributes (section 2.4); unknown ones are ignored, as section 2.3 says of them.
  std::optional<std::string> pin_source, module_name, module_path;
  std::optional<std::string> pin_value;  ///< refused by koshin's programs; parsed for the refusal's message

  /// Throws UriError: no "pkcs11:", a duplicate path attribute, a bad percent escape, pin-source with
  /// pin-value, a relative module-path.
  static Uri parse(std::string_view text);
  /// The URI as text, with percent-encoding.
  std::string to_string() const;
  /// Match by the attributes of the given object; describes() in uri_match.hpp combines them for a token.
  bool matches(const TokenInfo& token) const;
  bool matches(const TokenObject& object) const;
  bool matches(const LibraryInfo& library) const;
  bool matches(const SlotInfo& slot) const;
};

/// The URI that names exactly this token: manufacturer, model, serial and label.
Uri uri_of(const TokenInfo& token);

}  // namespace koshin::pkcs11
