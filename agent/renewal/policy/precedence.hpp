// SPDX-License-Identifier: MIT
// A token may hold certificates of several people and banks: what comes first when the renewal of one of them
// is unfinished. Asked by the decision and by the worker. Pure.
#pragma once

#include <string_view>

#include "renewal/policy/policy.hpp"

namespace koshin::renewal {

/// Whether an unfinished record can only wait: for the authority's time, for a person who insists, or for
/// somebody with a one-time code.
bool can_only_wait(const Record& record, TimePoint now);

/// Whether a renewal that names a certificate means this record: the one that it renews, one of that lineage,
/// or the one that it has fetched (`fetched`: its fingerprint, empty before). Without a name it may mean any.
bool is_of_named(const Record& record, std::string_view fetched, std::string_view named,
                 const messages::TokenReport& token);

/// The certificate that is renewed now although this record of its token is unfinished: the record can only
/// wait, and another lineage is due (beside an enrolment that waits for its code, any). Null when the record
/// comes first.
const messages::CertificateReport* due_beside(const Record& record, const messages::TokenReport& token,
                                              const Settings& settings, TimePoint now);

}  // namespace koshin::renewal
