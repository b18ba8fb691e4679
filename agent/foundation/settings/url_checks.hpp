// SPDX-License-Identifier: MIT
// Checks of settings that are addresses. Each returns "must be …" with the remedy, or an empty text for a
// valid value; empty values are valid. Refused is what neither libcurl nor browsers could use, and an IPv4
// address that libcurl reads otherwise than it looks. Anything else passes: a value that worked must not end
// every renewal after an upgrade.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

namespace koshin::settings_checks {

/// The percent-encoding of what koshin itself decodes.
std::string escapes(std::string_view value);
/// A URL (RFC 3986) of one of `schemes` ("https://"): a host in ASCII or an address, a port from 1 to 65535
/// if any, no user name, password, query, fragment, blank or control character. Its path may hold characters
/// of another script, which libcurl sends as UTF-8.
std::string url(std::string_view value, std::initializer_list<std::string_view> schemes);
/// A page for a browser: as url(), with a host in any script.
std::string page_url(std::string_view value);
/// The authority's base URL: as url(), and without the /.well-known part.
std::string authority_url(std::string_view value);
/// A mail server: smtp:// or smtps://.
std::string mail_url(std::string_view value);
/// A proxy, "none", "system", or "pac+" and the address of a proxy script, which may be a file: its absolute
/// path may hold blanks, and what is escaped in it has two hexadecimal digits.
std::string proxy_url(std::string_view value);

}  // namespace koshin::settings_checks
