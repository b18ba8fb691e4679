// SPDX-License-Identifier: MIT
// What the status and body of an EST answer mean when it is not the success asked for (RFC 7030
// sections 4.2.3, 4.2.4). Internal to this module and its tests.
#pragma once

#include <string>
#include <string_view>

#include "enrollment/authority/certificate_authority.hpp"
#include "enrollment/http/http_client.hpp"

namespace koshin::enrollment {

/// What was asked, for the words about its answer.
struct Asked {
  std::string request;   ///< "POST https://…"
  bool by_code = false;  ///< the HTTP credentials are a one-time code, so 401 is reissue_code_invalid
  HttpAuthentication::Scheme scheme = HttpAuthentication::Scheme::none;  ///< of those credentials
  CertificateUse certificate = CertificateUse::used;
  TimePoint now{};
};

/// The words of whoever answered, whatever media type they came in (answer_text.hpp). Never words of
/// koshin's.
std::string words_of(const HttpResponse& response);
/// The same, or a note about the type of a body without words.
std::string text_for_people(const HttpResponse& response);

/// 202: when to ask again. Without a readable Retry-After the client chooses: a minute.
Pending read_pending(const HttpResponse& response, TimePoint now);

/// The failure that the status means.
Failure failure_for_status(const HttpResponse& response, const Asked& asked);
/// Throws it.
[[noreturn]] void fail_for_status(const HttpResponse& response, const Asked& asked);

}  // namespace koshin::enrollment
