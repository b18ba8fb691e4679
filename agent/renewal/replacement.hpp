// SPDX-License-Identifier: MIT
// Which certificate another one has replaced, told by what is on the token and what is remembered.
#pragma once

#include <optional>
#include <vector>

#include "foundation/messages.hpp"
#include "renewal/record.hpp"

namespace koshin::renewal {

/// True when one of these records says that the successor of `old` has logged in: a completed renewal of it,
/// or a completed renewal or re-issue whose certificate is on the token and takes its place: for the same
/// subject, expiring later. A certificate that logs nobody in (for signatures or encryption, often of the
/// same subject) is never replaced.
bool was_replaced(const messages::CertificateReport& old, const messages::TokenReport& token,
                  const std::vector<Record>& records);

/// The one certificate of this token that `issued` takes the place of, as above. Empty
/// when there is none, or more than one.
std::optional<messages::CertificateReport> predecessor(const messages::CertificateReport& issued,
                                                       const messages::TokenReport& token);

}  // namespace koshin::renewal
