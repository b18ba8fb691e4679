// SPDX-License-Identifier: MIT
// The certificates that this system keeps for its user: on Windows the store "MY" ("Personal"), from which
// Edge and Chrome offer them. Other systems have no such store: their browsers ask the token's module.
// Nothing here changes the store.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "foundation/base/calendar.hpp"

namespace koshin {

struct StoredCertificate {
  std::string sha256;                         ///< of its DER, in hexadecimal
  std::string serial;                         ///< hexadecimal, as in messages::CertificateReport
  std::vector<std::uint8_t> subject, issuer;  ///< names in DER
  TimePoint not_before{}, not_after{};
};

/// At most this many certificates of the store are read; nobody has as many.
inline constexpr std::size_t most_stored_certificates = 1000;

/// Whether this system has such a store.
bool has_certificate_store() noexcept;

/// The user's certificates, in no order; none where there is no store. Throws std::system_error when the
/// store cannot be opened. A provider of the store's may take its time.
std::vector<StoredCertificate> read_certificate_store();

/// A certificate in DER as the store would tell it; empty where there is no store, or when it cannot be
/// parsed.
std::optional<StoredCertificate> as_stored(std::span<const std::uint8_t> der);

}  // namespace koshin
