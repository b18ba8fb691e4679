// SPDX-License-Identifier: MIT
// The certificates that records of the journal renew, as tokens were last seen: what tells two unfinished
// renewals of one token apart for a person.
#pragma once

#include <string>
#include <vector>

#include "cli/console.hpp"
#include "foundation/jobs/messages.hpp"
#include "renewal/policy/record.hpp"

namespace koshin::cli {

class RenewedCertificates {
 public:
  /// `memories`: of all tokens; their snapshots are searched.
  explicit RenewedCertificates(std::vector<renewal::TokenMemory> memories) : memories_(std::move(memories)) {}
  /// A token that is at hand knows better than its snapshot.
  void add(const messages::TokenReport& token);

  /// The certificate that the record renews, or whose name its enrolment took over; null where no token was
  /// seen with it.
  const messages::CertificateReport* of(const renewal::Record& record) const;

 private:
  std::vector<renewal::TokenMemory> memories_;
  std::vector<messages::CertificateReport> at_hand_;
};

/// "log-in, 12345678901234 user0001, serial number 1A2B": purpose, name and serial number. Of a certificate
/// that no token was seen with its fingerprint; empty for a record without one.
std::string renewed_text(const Console& console, const RenewedCertificates& certificates,
                         const renewal::Record& record);

}  // namespace koshin::cli
