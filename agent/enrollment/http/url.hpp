// SPDX-License-Identifier: MIT
// The parts of URLs that a client needs, parsed by libcurl. Internal to this module and its tests.
#pragma once

#include <optional>
#include <string>

namespace koshin::enrollment {

/// Scheme, host and port (RFC 6454): must not change when a redirect is followed.
struct Origin {
  std::string scheme;  ///< lower case
  std::string host;    ///< lower case; an IPv6 address without its brackets
  std::string port;    ///< decimal; 443 for https when the URL names none, else empty
  bool operator==(const Origin&) const = default;
  std::string to_string() const;
};

/// Whether the URL contains a user name, as a proxy's from the environment may.
bool holds_user(const std::string& url);

/// The URL without a user name and password; unchanged where it has none, or is no URL.
std::string without_user(const std::string& url);

/// The origin of an absolute URL with a host; empty for any other text.
std::optional<Origin> origin_of(const std::string& url);
/// One path segment, percent-encoded.
std::string encode_segment(const std::string& text);

}  // namespace koshin::enrollment
