// SPDX-License-Identifier: MIT
// What the status and body of an EST answer mean when it is not the success asked for (RFC 7030
// sections 4.2.3, 4.2.4). Internal to this module and its tests.
#pragma once

#include <string>
#include <string_view>

#include "enrollment/certificate_authority.hpp"
#include "enrollment/http_client.hpp"

namespace koshin::enrollment {

/// The body, when it is text/plain or has no type: printable, bounded, one paragraph. Else empty, or a note
/// about its type.
std::string text_for_people(const HttpResponse& response);

/// 202: when to ask again. Without a readable Retry-After the client chooses: a minute.
Pending read_pending(const HttpResponse& response, TimePoint now);

/// Throws the FailureError that the status means. `request` names what was asked ("POST https://…");
/// `by_code`: the HTTP credentials are a one-time code, so 401 is reissue_code_invalid.
[[noreturn]] void fail_for_status(const HttpResponse& response, std::string_view request, bool by_code,
                                  TimePoint now);

}  // namespace koshin::enrollment
