// SPDX-License-Identifier: MIT
// Which certificates of a bank are renewed by what they are for (the settings' renewal.purposes). Pure
// functions.
#pragma once

#include <string_view>
#include <vector>

#include "foundation/jobs/messages.hpp"
#include "foundation/settings/settings.hpp"

namespace koshin::renewal {

/// The purposes whose certificates the settings renew, in the order of their renewals: log-in first, since
/// that certificate authenticates the requests for the others.
std::vector<messages::Purpose> renewed_purposes(const Settings::Expect& expect);
bool is_renewed(messages::Purpose purpose, const Settings::Expect& expect);

/// Whether certificates of the purpose are used by a person, have a lineage and may be renewed at all.
bool has_lineage(messages::Purpose purpose);

/// The purpose of that name (messages::to_string()) among those that may be renewed. Another name, or none,
/// is a log-in's: it was kept when nothing else was renewed.
messages::Purpose renewed_purpose_of(std::string_view name);

/// The settings for exchanges with the authority about a certificate of this purpose: authority.label is
/// the purpose's own where the settings name one.
Settings settings_for_purpose(const Settings& settings, messages::Purpose purpose);

}  // namespace koshin::renewal
