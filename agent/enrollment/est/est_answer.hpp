// SPDX-License-Identifier: MIT
// The meaning of status and body of an unsuccessful EST answer (RFC 7030 sections 4.2.3, 4.2.4). Internal to
// this module and its tests.
#pragma once

#include <string>
#include <string_view>

#include "enrollment/authority/certificate_authority.hpp"
#include "enrollment/http/http_client.hpp"

namespace koshin::enrollment {

/// The request, for texts about its answer.
struct Asked {
  std::string request;   ///< "POST https://…"
  bool by_code = false;  ///< the HTTP credentials are a one-time code, so 401 is reissue_code_invalid
  HttpAuthentication::Scheme scheme = HttpAuthentication::Scheme::none;  ///< of those credentials
  CertificateUse certificate = CertificateUse::used;
  TimePoint now{};
};

/// The server's text, from any media type (answer_text.hpp). Contains no text of koshin's.
std::string words_of(const HttpResponse& response);
/// words_of(), or a note about the media type of a body without text.
std::string text_for_people(const HttpResponse& response);

/// Evaluates status 202. Without a readable Retry-After the delay is one minute.
Pending read_pending(const HttpResponse& response, TimePoint now);

/// The failure for a status.
Failure failure_for_status(const HttpResponse& response, const Asked& asked);
/// Throws failure_for_status().
[[noreturn]] void fail_for_status(const HttpResponse& response, const Asked& asked);

}  // namespace koshin::enrollment
