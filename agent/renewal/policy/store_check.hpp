// SPDX-License-Identifier: MIT
// Whether browsers that take certificates from the system's store (foundation/system/certificate_store.hpp)
// will find a renewed one there: what is looked for, and what was found. Asked by the doctor and by the page.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "foundation/system/certificate_store.hpp"
#include "renewal/policy/record.hpp"

namespace koshin::renewal {

/// A renewed certificate. Where only fingerprints are known, as on the page, the others are empty.
struct StoreQuery {
  std::string sha256, old_sha256;             ///< of the certificate, and of the one that it replaces
  std::vector<std::uint8_t> subject, issuer;  ///< names in DER
};

struct StoreFinding {
  bool has_it = false;
  /// A certificate that has expired and that a person may take for the renewed one: of the same subject and
  /// issuer and older, or the one that was replaced. The latest, if there are several.
  std::optional<StoredCertificate> expired_twin;
};

/// `now`: decides what has expired.
StoreFinding find_in_store(const std::vector<StoredCertificate>& store, const StoreQuery& wanted,
                           TimePoint now);

/// One that a record of the journal has renewed.
struct RenewedCertificate {
  const Record* record = nullptr;
  StoreQuery query;
};

/// Those of the records (newest first) whose certificate has logged in, is valid, and was not renewed in turn
/// by another of them. `parse`: as_stored(); records with a certificate that it cannot parse are left out.
std::vector<RenewedCertificate> renewed_and_valid(
    const std::vector<Record>& records, TimePoint now,
    const std::function<std::optional<StoredCertificate>(const Bytes&)>& parse);

}  // namespace koshin::renewal
