// SPDX-License-Identifier: MIT
// Shared by transfer_failure.cpp and proxy_failure.cpp only: classification of failed transfers.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "enrollment/http/transfer_failure.hpp"

namespace koshin::enrollment {

/// A failure with the server's name before the text. `again`: the same request may be retried.
TransferError ended(Reason reason, const TransferEnd& end, const std::string& text, bool again = false);

/// The reason for an X509_V_ERR_* of a server's chain.
Reason reason_of_verify_error(int error);

/// Whether an alert or a message of OpenSSL means that both sides have nothing in common: a retry does not
/// help.
bool nothing_in_common(int alert);
bool nothing_in_common(std::string_view text);

/// The failure of the TLS connection to the proxy itself, before CONNECT.
std::optional<TransferError> proxy_tls_end(const TransferEnd& end, const TlsStatus& proxy);
/// The failure that the proxy caused; empty where it caused none.
std::optional<TransferError> proxy_end(const TransferEnd& end);

}  // namespace koshin::enrollment
