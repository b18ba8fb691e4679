// SPDX-License-Identifier: MIT
// What the files that classify failed transfers share, and no other: transfer_failure.cpp, proxy_failure.cpp.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "enrollment/http/transfer_failure.hpp"

namespace koshin::enrollment {

/// The failure with the server's name before the text. `again`: the same request may be sent again.
TransferError ended(Reason reason, const TransferEnd& end, const std::string& text, bool again = false);

/// What an X509_V_ERR_* of a server's chain means.
Reason reason_of_verify_error(int error);

/// Alerts and words of OpenSSL's by which both sides have nothing in common: no other try will change that.
bool nothing_in_common(int alert);
bool nothing_in_common(std::string_view text);

/// What TLS with the proxy itself, before it is asked for anything, has ended with.
std::optional<TransferError> proxy_tls_end(const TransferEnd& end, const TlsStatus& proxy);
/// What the proxy has ended the transfer with; nothing where it is not to blame.
std::optional<TransferError> proxy_end(const TransferEnd& end);

}  // namespace koshin::enrollment
