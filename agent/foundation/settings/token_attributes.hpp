// SPDX-License-Identifier: MIT
// The attributes of a token URI (RFC 7512), for programs that load no PKCS#11 module.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace koshin {

/// The token attributes of a URI; a missing attribute matches any token.
struct TokenAttributes {
  std::optional<std::string> label, manufacturer, model, serial;
};

/// The decoded attributes. Empty for a text that is no token URI, for a URI with other attributes (an object,
/// a module, a query), and for a repeated attribute.
std::optional<TokenAttributes> token_attributes_of(std::string_view uri);

}  // namespace koshin
