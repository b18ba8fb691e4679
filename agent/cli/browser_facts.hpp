// SPDX-License-Identifier: MIT
// What koshin renew says of the user's browsers: the facts of renewal/policy/browsers.hpp, which the page
// shows too.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <vector>

#include "cli/session.hpp"
#include "renewal/policy/browsers.hpp"

namespace koshin::cli {

/// Of one renewed certificate.
struct BrowserFacts {
  std::optional<renewal::BrowserChoice> choice;
  /// Empty where this system has no such store, or it could not be read.
  std::optional<renewal::StoreFinding> store;
};

/// How the system's store is asked, and how long for a certificate that it does not have yet.
struct StoreReading {
  bool there = has_certificate_store();
  std::function<std::vector<StoredCertificate>()> read = read_certificate_store;
  std::chrono::milliseconds longest = renewal::store_longest, between_looks = renewal::store_between_looks,
                            reading_hangs = renewal::store_reading_hangs;
};

/// Waits for the store, if there is one, until a browser can offer the certificate or StoreReading::longest
/// is over; a stop request ends the wait. Empty where browsers have nothing to do with the certificate.
std::optional<BrowserFacts> facts_for_browsers(const Session& session, const messages::RenewResult& result,
                                               const StoreReading& reading = {});

/// What to choose in the browsers, whether it is there, and then what the browsers do until they are closed
/// or the old certificate is deleted.
void print_browser_facts(const Console& console, const std::vector<BrowserFacts>& all);

}  // namespace koshin::cli
