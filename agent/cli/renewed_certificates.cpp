// SPDX-License-Identifier: MIT
#include "cli/renewed_certificates.hpp"

#include "cli/report.hpp"
#include "foundation/base/text.hpp"
#include "foundation/texts/cli.hpp"
#include "renewal/policy/inventory.hpp"

namespace koshin::cli {

using messages::CertificateReport;

void RenewedCertificates::add(const messages::TokenReport& token) {
  at_hand_.insert(at_hand_.end(), token.certificates.begin(), token.certificates.end());
}

const CertificateReport* RenewedCertificates::of(const renewal::Record& record) const {
  if (record.old_sha256.empty()) return nullptr;
  for (const CertificateReport& one : at_hand_)
    if (one.sha256 == record.old_sha256) return &one;
  for (const renewal::TokenMemory& memory : memories_) {
    if (memory.token != record.token || !memory.snapshot) continue;
    if (const auto* found = renewal::find_certificate(memory.snapshot->report, record.old_sha256))
      return found;
  }
  return nullptr;
}

std::string renewed_text(const Console& console, const RenewedCertificates& certificates,
                         const renewal::Record& record) {
  const CertificateReport* found = certificates.of(record);
  if (found == nullptr)
    return record.old_sha256.empty() ? "" : console.say(texts::cli_field_sha256) + " " + record.old_sha256;
  return console.say(texts::cli_record_certificate, {purpose_text(console, found->purpose),
                                                     printable(found->common_name, 100), found->serial});
}

}  // namespace koshin::cli
