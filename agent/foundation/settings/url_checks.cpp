// SPDX-License-Identifier: MIT
#include "foundation/settings/url_checks.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <optional>
#include <span>
#include <system_error>

#include "foundation/base/text.hpp"
#include "foundation/settings/proxy_naming.hpp"
#include "foundation/settings/proxy_script_file.hpp"
#include "foundation/settings/settings_checks.hpp"

namespace koshin::settings_checks {
namespace {

enum class Script { ascii, any };

bool is_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_host_character(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '.' || c == '_';
}

/// Digits of a number from `least` to `most`.
bool is_number(std::string_view text, unsigned least, unsigned most) {
  unsigned number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc{} && end == text.data() + text.size() && number >= least && number <= most;
}

/// Four numbers, or fewer of which the last stands for the bytes that are left (inet_aton(3)), as libcurl
/// takes them. A leading zero would make a number octal there.
bool is_ipv4(std::string_view host) {
  std::uint64_t left = std::uint64_t{1} << 32;  // addresses that the numbers still to come tell apart
  for (std::size_t begin = 0;;) {
    const auto end = std::min(host.find('.', begin), host.size());
    const std::string_view number = host.substr(begin, end - begin);
    if (left == 1 || (number.size() > 1 && number.starts_with('0'))) return false;
    if (end == host.size()) return is_number(number, 0, static_cast<unsigned>(left - 1));
    if (!is_number(number, 0, 255)) return false;
    left /= 256;
    begin = end + 1;
  }
}

bool is_dotted_ipv4(std::string_view address) {
  return std::ranges::count(address, '.') == 3 && is_ipv4(address);
}

bool is_hexadecimal(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/// Groups with one colon between each two: how many there are, an IPv4 address at the end (`may_end_in_ipv4`)
/// being two of them. Empty where that is not what `text` holds.
std::optional<std::size_t> count_groups(std::string_view text, bool may_end_in_ipv4) {
  constexpr std::size_t longest_group = 4;
  std::size_t groups = 0;
  if (text.empty()) return groups;
  for (std::size_t begin = 0;;) {
    const auto end = std::min(text.find(':', begin), text.size());
    const std::string_view group = text.substr(begin, end - begin);
    if (end == text.size() && may_end_in_ipv4 && is_dotted_ipv4(group)) return groups + 2;
    if (group.empty() || group.size() > longest_group || !std::ranges::all_of(group, is_hexadecimal))
      return {};
    ++groups;
    if (end == text.size()) return groups;
    begin = end + 1;
  }
}

/// Between the brackets: an IPv6 address (RFC 4291 section 2.2), and a zone behind "%".
bool is_ipv6(std::string_view address) {
  constexpr std::size_t all_groups = 8;
  address = address.substr(0, address.find('%'));
  const auto gap = address.find("::");
  if (gap == std::string_view::npos) return count_groups(address, true) == all_groups;
  const auto before = count_groups(address.substr(0, gap), false);
  const auto after = count_groups(address.substr(gap + 2), true);
  return before && after && *before + *after < all_groups;
}

std::string host_trouble(std::string_view host, Script script) {
  constexpr std::size_t longest = 253, longest_label = 63;  // RFC 1035 section 2.3.4
  if (script == Script::any && !is_ascii(host)) return {};
  if (!std::ranges::all_of(host, is_host_character))
    return "must name the host in ASCII letters, digits, \"-\", \".\" and \"_\"; a name of another script in "
           "its \"xn--\" form";
  if (host.find_first_not_of("0123456789.") == std::string_view::npos)
    return is_ipv4(host) ? std::string()
                         : "must name an IPv4 address by four numbers from 0 to 255, without "
                           "leading zeros";
  if (host.size() > longest) return "must name a host of at most 253 characters";
  for (std::size_t begin = 0; begin < host.size();) {
    const auto end = std::min(host.find('.', begin), host.size());
    if (end == begin || end - begin > longest_label)
      return "must name a host whose parts between the dots have 1 to 63 characters";
    begin = end + 1;
  }
  return {};
}

/// A host, with or without a port. Internationalized names must be in their ASCII form, as in DNS and
/// certificates, where koshin itself connects.
std::string host_and_port_trouble(std::string_view text, Script script) {
  const bool address = text.starts_with('[');
  const auto end = address ? text.find(']') : text.find(':');
  if (address && end == std::string_view::npos) return "must close the address with \"]\"";
  if (address && !is_ipv6(text.substr(1, end - 1)))
    return "must hold an IPv6 address between \"[\" and \"]\"";
  if (!address)
    if (std::string trouble = host_trouble(text.substr(0, end), script); !trouble.empty()) return trouble;
  const std::string_view rest = end == std::string_view::npos ? "" : text.substr(end + (address ? 1 : 0));
  const bool no_port = rest.empty() || rest == ":";
  if (no_port || (rest.front() == ':' && is_number(rest.substr(1), 1, 65535))) return {};
  return "must name a port from 1 to 65535 after the host";
}

bool is_control_character(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 0x20 || byte == 0x7f;
}

std::string character_trouble(std::string_view value) {
  const bool has_others =
      std::ranges::any_of(value, [](char c) { return c == ' ' || is_control_character(c); });
  return has_others
             ? "must not hold blanks, line breaks or other control characters; in a path a blank is %20"
             : std::string();
}

/// What follows the scheme. Escapes and characters of another script in a path are left to the server:
/// libcurl and browsers send the first as they stand and the second as UTF-8.
std::string trouble_behind_scheme(std::string_view rest, std::string_view scheme, Script script) {
  const auto end = std::min(rest.find('/'), rest.size());
  const std::string_view host = rest.substr(0, end);
  if (host.empty() || host.starts_with(':')) return "must name a host after " + list(std::span(&scheme, 1));
  if (host.find('@') != std::string_view::npos) return "must not hold a user name or password";
  if (std::string trouble = character_trouble(rest); !trouble.empty()) return trouble;
  if (rest.find_first_of("?#\"<>\\") != std::string_view::npos)
    return "must be a plain URL without \"?\", \"#\", \"\\\", quotation marks and angle brackets";
  return host_and_port_trouble(host, script);
}

std::string trouble_of(std::string_view value, std::initializer_list<std::string_view> schemes,
                       Script script) {
  if (value.empty()) return {};
  const auto* const scheme =
      std::find_if(schemes.begin(), schemes.end(), [&](std::string_view s) { return value.starts_with(s); });
  if (scheme == schemes.end()) return "must begin with " + list(std::span(schemes.begin(), schemes.size()));
  return trouble_behind_scheme(value.substr(scheme->size()), *scheme, script);
}

/// Where user and password of this server go: `keys`.
std::string with_place_of_user(std::string problem, std::string_view keys) {
  if (problem.find("user name") == std::string::npos) return problem;
  return problem + ": they go into " + std::string(keys);
}

std::string script_trouble(std::string_view script) {
  if (!script.starts_with("file:"))
    return trouble_of(script, {"http://", "https://", "file:///"}, Script::ascii);
  if (!script.starts_with("file:///"))
    return "must name the script's file by its absolute path, behind \"pac+file://\"";
  if (std::ranges::any_of(script, is_control_character)) return "must not hold control characters";
  if (std::string trouble = escapes(script); !trouble.empty()) return trouble;
  return proxy_script_file(script) ? std::string() : "must name the script's file by its absolute path";
}

}  // namespace

std::string escapes(std::string_view value) {
  const auto decoded = percent_decode(value);
  if (decoded && decoded->find('\0') == std::string::npos) return {};
  return "must have two hexadecimal digits behind each \"%\", and not %00; a \"%\" itself is %25";
}

std::string url(std::string_view value, std::initializer_list<std::string_view> schemes) {
  return trouble_of(value, schemes, Script::ascii);
}

std::string page_url(std::string_view value) {
  return trouble_of(value, {"https://"}, Script::any);
}

std::string authority_url(std::string_view value) {
  std::string problem =
      with_place_of_user(url(value, {"https://"}), "authority.http_user and authority.http_password_file");
  if (problem.empty() && value.find("/.well-known") != std::string_view::npos)
    problem = "must not hold \"/.well-known\": leave it out, it is added";
  return problem;
}

std::string mail_url(std::string_view value) {
  return with_place_of_user(url(value, {"smtp://", "smtps://"}), "mail.user and mail.password_file");
}

std::string proxy_url(std::string_view value) {
  if (value == "none" || value == "system") return {};
  constexpr std::string_view keys = "proxy.user and proxy.password_file";
  if (value.starts_with(proxy_script_prefix))
    return with_place_of_user(script_trouble(value.substr(proxy_script_prefix.size())), keys);
  std::string problem =
      url(value, {"http://", "https://", "socks4://", "socks4a://", "socks5://", "socks5h://"});
  if (problem.starts_with("must begin with"))
    problem += " (or be \"none\", \"system\", or \"pac+\" and the address of a proxy script)";
  return with_place_of_user(std::move(problem), keys);
}

}  // namespace koshin::settings_checks
