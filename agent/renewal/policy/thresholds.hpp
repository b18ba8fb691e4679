// SPDX-License-Identifier: MIT
// The reminder thresholds of a certificate: the times at which its person is told again.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "foundation/base/calendar.hpp"
#include "foundation/settings/settings.hpp"

namespace koshin::renewal {

struct Threshold {
  std::string name;  ///< "P7D"; the renewal window itself ("P1M"); "expired"
  TimePoint begins;
};

/// In chronological order: the begin of the renewal window, the thresholds of the settings, the expiry.
/// Thresholds before the renewal window are omitted: the certificate cannot be renewed at that time.
std::vector<Threshold> thresholds_of(TimePoint not_after, const Settings& settings);

/// The place of a threshold by its name, from 1; 0 for a name that is not there.
std::size_t rank(const std::vector<Threshold>& all, std::string_view name);

}  // namespace koshin::renewal
