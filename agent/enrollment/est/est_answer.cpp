// SPDX-License-Identifier: MIT
// Status codes and texts of EST answers.
#include "enrollment/est/est_answer.hpp"

#include <algorithm>
#include <array>

#include "enrollment/http/answer_text.hpp"
#include "enrollment/http/ascii.hpp"
#include "enrollment/http/retry_after.hpp"
#include "foundation/base/text.hpp"
#include "foundation/failures/failure.hpp"

namespace koshin::enrollment {

namespace {

using Scheme = HttpAuthentication::Scheme;

constexpr std::chrono::seconds default_retry_after{60};

std::optional<std::chrono::seconds> retry_after_of(const HttpResponse& response, TimePoint now) {
  if (!response.retry_after) return std::nullopt;
  const auto server_time = response.date ? parse_http_date(*response.date) : std::nullopt;
  return parse_retry_after(*response.retry_after, server_time.value_or(now));
}

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

/// nginx answers a client certificate that is missing or not accepted with a page of status 400 (its own
/// codes 495 and 496, which some front ends do show).
bool is_about_our_certificate(const HttpResponse& response, const std::string& words) {
  if (response.status == 495 || response.status == 496) return true;
  if (response.status != 400) return false;
  const std::string text = lower_ascii(words);
  return contains(text, "no required ssl certificate was sent") ||
         contains(text, "the ssl certificate error") || contains(text, "client certificate required");
}

/// Whether a clause says that a public key is in use: "The public key is already in use by certificate 0A",
/// but not "unsupported public key; subject already exists".
bool says_public_key_is_taken(std::string_view text) {
  static constexpr std::array signs{"already", "not unique", "has been used", "duplicate", "reuse"};
  for (auto at = text.find("public key"); at != std::string_view::npos;
       at = text.find("public key", at + 1)) {
    const std::string_view rest = text.substr(at);
    const std::string_view clause = rest.substr(0, rest.find_first_of(".,;:!?"));
    if (std::ranges::any_of(signs, [&](const char* sign) { return contains(clause, sign); })) return true;
  }
  return false;
}

/// A database error of the server concerns a row's key: "duplicate key value violates unique constraint",
/// "Cannot insert duplicate key in object 'dbo.Users'", "E11000 duplicate key error".
bool is_about_a_database(std::string_view text) {
  static constexpr std::array signs{"duplicate key value", "duplicate key row", "duplicate key in object",
                                    "duplicate key error", "duplicate entry",   "unique key constraint",
                                    "unique constraint",   "unique index"};
  return std::ranges::any_of(signs, [&](const char* sign) { return contains(text, sign); });
}

/// Whether the refusal says that the key was certified before. Authorities that certify a key once use
/// different texts: Dogtag names its UniqueKeyConstraint or a duplicate key, OpenXPKI a reused one, EJBCA
/// that a user "is not allowed to use same key as" another. Only unambiguous texts count: "key" may also be
/// an API key, a session key or an attribute's usage.
bool says_key_is_certified(const HttpResponse& response, const std::string& words) {
  if (response.status < 400 || response.status == 401 || response.status == 404) return false;
  std::string text = lower_ascii(words);
  if (contains(text, "uniquekeyconstraint")) return true;
  std::ranges::replace_if(
      text, [](char c) { return c == '_' || c == '-'; }, ' ');
  if (response.status >= 500 || is_about_a_database(text)) return false;
  static constexpr std::array signs{"duplicate key",
                                    "duplicated key",
                                    "duplicate public key",
                                    "key reuse",
                                    "key re use",
                                    "same key as",
                                    "key already certified",
                                    "key is already certified",
                                    "key was already certified",
                                    "key has already been certified"};
  return std::ranges::any_of(signs, [&](const char* sign) { return contains(text, sign); }) ||
         says_public_key_is_taken(text);
}

/// Removes the text up to the next comma outside quotes from `rest` and returns it.
std::string_view take_list_item(std::string_view& rest) {
  bool quoted = false;
  std::size_t end = 0;
  for (; end < rest.size() && (quoted || rest[end] != ','); ++end) {
    if (quoted && rest[end] == '\\') {
      ++end;
    } else if (rest[end] == '"') {
      quoted = !quoted;
    }
  }
  const std::string_view item = trimmed(rest.substr(0, end));
  rest = end < rest.size() ? rest.substr(end + 1) : std::string_view();
  return item;
}

/// The scheme at the begin of an item of WWW-Authenticate; empty for a parameter of the preceding scheme,
/// since parameters are separated by commas too (RFC 9110 section 11.6.1).
std::string_view scheme_in(std::string_view item) {
  const std::string_view word = item.substr(0, item.find_first_of(" \t="));
  return trimmed(item.substr(word.size())).starts_with('=') ? std::string_view() : word;
}

/// The schemes ("Basic", "Digest") of all challenges in all fields.
std::vector<std::string> schemes_of(const HttpResponse& response) {
  std::vector<std::string> schemes;
  for (std::string_view field : response.authenticate) {
    while (!field.empty()) {
      const std::string_view scheme = scheme_in(take_list_item(field));
      if (!scheme.empty()) schemes.push_back(printable(std::string(scheme), 40));
    }
  }
  return schemes;
}

bool offers(const std::vector<std::string>& schemes, std::string_view name) {
  return std::ranges::any_of(schemes, [&](const auto& one) { return lower_ascii(one) == name; });
}

/// A text about koshin's credentials derived from the server's challenge; empty without one.
std::string about_challenge(const HttpResponse& response, const Asked& asked) {
  const auto schemes = schemes_of(response);
  if (schemes.empty()) return {};
  std::string text = " (the server wants";
  for (const auto& scheme : schemes) text += (&scheme == schemes.data() ? " " : ", ") + scheme;
  const bool basic = offers(schemes, "basic"), digest = offers(schemes, "digest");
  if (!basic && !digest) return text + ", and koshin answers Basic and Digest only)";
  const bool fits = (asked.scheme == Scheme::basic && basic) || (asked.scheme == Scheme::digest && digest);
  if (fits) return text + ", and does not accept the user name and passphrase)";
  return text + ": set authority.http_authentication = \"" + (digest ? "digest" : "basic") + "\")";
}

/// Whether the server has evaluated the code or passphrase. Otherwise its refusal does not prove it wrong.
bool was_looked_at(const HttpResponse& response, const Asked& asked) {
  const auto schemes = schemes_of(response);
  return schemes.empty() || offers(schemes, asked.scheme == Scheme::digest ? "digest" : "basic");
}

std::string about_certificate(const Asked& asked) {
  if (asked.certificate == CertificateUse::used) return {};
  if (asked.certificate == CertificateUse::not_asked)
    return " (no certificate was asked for on this connection: whoever ends TLS there has to)";
  return " (a certificate was asked for, and none was shown)";
}

Reason reason_of(const HttpResponse& response, const Asked& asked, const std::string& words) {
  const long status = response.status;
  if (is_about_our_certificate(response, words)) return Reason::authority_authentication_failed;
  // 408 and 425: the same request is welcome later (RFC 9110 section 15.5.9, RFC 8470 section 5.2).
  if (status == 408 || status == 425 || status == 429 || status == 503) return Reason::authority_busy;
  if (says_key_is_certified(response, words)) return Reason::authority_key_already_certified;
  if (status == 401) {
    return asked.by_code && was_looked_at(response, asked) ? Reason::reissue_code_invalid
                                                           : Reason::authority_authentication_failed;
  }
  if (status >= 500) return Reason::authority_error;
  if (status >= 400) return Reason::authority_refused;
  return Reason::authority_response_invalid;
}

}  // namespace

std::string words_of(const HttpResponse& response) {
  return words_of_body(response.body, response.content_type);
}

std::string text_for_people(const HttpResponse& response) {
  std::string words = words_of(response);
  const bool empty = response.body.find_first_not_of(" \t\r\n") == std::string::npos;
  if (!words.empty() || empty) return words;
  return "(a body of type \"" + printable(response.content_type, 100) + "\" is not shown)";
}

Pending read_pending(const HttpResponse& response, TimePoint now) {
  return {retry_after_of(response, now).value_or(default_retry_after), words_of(response)};
}

Failure failure_for_status(const HttpResponse& response, const Asked& asked) {
  const std::string words = words_of(response);
  const long status = response.status;
  std::string detail = printable(asked.request, 400) + ": HTTP status " + std::to_string(status);
  Failure failure{reason_of(response, asked, words), {}, std::nullopt};
  if (status == 404) detail += " (are authority.url and authority.label right?)";
  if (status == 401) detail += about_challenge(response, asked);
  if (status == 401 || status == 403 || failure.reason == Reason::authority_authentication_failed)
    detail += about_certificate(asked);
  if (const std::string text = text_for_people(response); !text.empty()) detail += ": " + text;
  failure.detail = printable(detail);
  if (failure.reason == Reason::authority_busy) {
    failure.retry_after = retry_after_of(response, asked.now).value_or(default_retry_after);
  } else if (failure.reason == Reason::authority_error) {
    failure.retry_after = retry_after_of(response, asked.now);
  }
  return failure;
}

void fail_for_status(const HttpResponse& response, const Asked& asked) {
  throw FailureError(failure_for_status(response, asked));
}

}  // namespace koshin::enrollment
