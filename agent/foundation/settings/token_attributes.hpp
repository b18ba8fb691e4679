// SPDX-License-Identifier: MIT
// A token URI (RFC 7512) that tells which tokens are meant, for those that load no PKCS#11 module.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace koshin {

/// What a URI says of tokens; an attribute that it does not name fits any.
struct TokenAttributes {
  std::optional<std::string> label, manufacturer, model, serial;
};

/// The attributes, decoded. Empty for a text that is no such URI, and for one that says more than these four
/// attributes can (an object, a module, a query), or one of them twice.
std::optional<TokenAttributes> token_attributes_of(std::string_view uri);

}  // namespace koshin
