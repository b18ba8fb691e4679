// SPDX-License-Identifier: MIT
#include "renewal/token/issued_certificate.hpp"

#include <string>

#include "foundation/failures/failure.hpp"
#include "foundation/log/log.hpp"

namespace koshin::renewal {

std::optional<enrollment::Certificate> issued_certificate(const Record& record) {
  if (record.certificate.empty()) return std::nullopt;
  try {
    return enrollment::Certificate::from_der(record.certificate);
  } catch (const FailureError& error) {
    log::warning(log::Event::none, "the certificate of renewal " + std::to_string(record.number) +
                                       " in the journal cannot be read: " + error.failure().detail);
    return std::nullopt;
  }
}

}  // namespace koshin::renewal
