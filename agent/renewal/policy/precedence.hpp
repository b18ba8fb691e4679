// SPDX-License-Identifier: MIT
// A token may hold certificates of several people and banks: which of them is renewed first while a renewal
// is unfinished. Used by the decision and by the worker. Pure functions.
#pragma once

#include <string_view>

#include "renewal/policy/policy.hpp"

namespace koshin::renewal {

/// Whether an unfinished record can only wait: for the authority's approval, for a person who insists, or for
/// a one-time code.
bool can_only_wait(const Record& record, TimePoint now);

/// Whether a renewal that names the certificate `named` means this record: `named` is the certificate that
/// the record renews, one of its lineage, or the one that the record has fetched (`fetched`: its fingerprint,
/// empty if none). An empty `named` matches every record.
bool is_of_named(const Record& record, std::string_view fetched, std::string_view named,
                 const messages::TokenReport& token);

/// The certificate that is renewed although this record of its token is unfinished. Null when the record
/// comes first.
///
/// Before a record that can only wait comes whatever is due of another lineage (beside an enrolment that
/// waits for its code, of any lineage). Before a record whose certificate does not log in comes a log-in
/// certificate that is due, and, once the record has failed, whatever else is due: what fails each time keeps
/// nothing else from being renewed.
const messages::CertificateReport* due_beside(const Record& record, const messages::TokenReport& token,
                                              const Settings& settings, TimePoint now);

}  // namespace koshin::renewal
