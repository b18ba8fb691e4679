// SPDX-License-Identifier: MIT
// URLs as far as a client has to look into them; parsed by libcurl. Internal to this module and its tests.
#pragma once

#include <optional>
#include <string>

namespace koshin::enrollment {

/// Scheme, host and port: what must stay the same when a redirect is followed (RFC 6454).
struct Origin {
  std::string scheme;  ///< lower case
  std::string host;    ///< lower case; an IPv6 address without its brackets
  std::string port;    ///< decimal; 443 for https when the URL names none, else empty
  bool operator==(const Origin&) const = default;
  std::string to_string() const;
};

/// Whether the URL itself holds a user name, as a proxy's of the environment may.
bool holds_user(const std::string& url);

/// Empty for a text that is no absolute URL with a host.
std::optional<Origin> origin_of(const std::string& url);
/// One path segment, percent-encoded.
std::string encode_segment(const std::string& text);

}  // namespace koshin::enrollment
