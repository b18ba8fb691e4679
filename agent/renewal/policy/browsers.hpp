// SPDX-License-Identifier: MIT
// What a person has to know of the browsers after a renewal: which of two certificates to choose, and whether
// the system's store has the new one. Asked by the page, the terminal and its JSON.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "foundation/jobs/messages.hpp"
#include "renewal/policy/store_check.hpp"

namespace koshin::renewal {

/// Browsers list the new certificate and the old ones by one name until these are deleted, with a part of the
/// serial number.
struct BrowserChoice {
  /// A certificate that an earlier renewal has replaced, and that is still on the token.
  struct Other {
    std::string sha256, serial;  ///< as old_sha256 and old_serial
    TimePoint until{};
  };
  std::string old_sha256;  ///< of the old certificate
  /// The digits that the serial numbers begin with, as many as tell them apart: browsers cut them off.
  std::string new_serial, old_serial;
  TimePoint new_until{}, old_until{};
  std::vector<Other> others{};  ///< those that expire last come first
  std::string new_sha256{};

  /// How many certificates the browsers list.
  std::size_t count() const { return 2 + others.size(); }
  /// An old one is not on the token any more. False: none is left, and there is nothing to choose.
  bool without(const std::string& sha256);
  /// without() for each old one that the token does not show.
  bool with_those_on(const messages::TokenReport& token);
};

/// Whether browsers have anything to do with a certificate: one that does not log in is none of theirs.
bool concerns_browsers(const messages::CertificateReport& certificate);

/// Whether browsers offer the certificate for a log-in while it is on a token: they leave out what has
/// expired or has no key.
bool is_offered_by_browsers(const messages::CertificateReport& certificate, TimePoint now);

/// The new certificate of a renewal and those that it replaces, where browsers list them all: by what was
/// read on the token when the renewal had ended, whoever may delete the old one. Of an enrollment, which
/// renews none, and where the renewed one is not listed, the old one is the latest of its lineage there.
std::optional<BrowserChoice> choice_in_browsers(const messages::RenewResult& result, TimePoint now);

/// How long the page and the terminal wait for the store, into which a service or the vendor's program copies
/// what is on the token: for the certificate to appear, for the next look, and for a look that hangs.
inline constexpr std::chrono::milliseconds store_longest{10'000}, store_between_looks{500},
    store_reading_hangs{5'000};

/// What the store, from which browsers offer certificates there, has of a renewed one.
enum class StoreState {
  has_it,   ///< a browser can offer it
  keyless,  ///< it is there without what leads to its key: no browser offers it
  lacks_it
};
StoreState state_of(const StoreFinding& found);

}  // namespace koshin::renewal
