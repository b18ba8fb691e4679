// SPDX-License-Identifier: MIT
// What is found out about a renewal before anything is changed, as far as it has come: what one check has
// found, the next one uses. A renewal goes on with it, the doctor tells of it.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "enrollment/authority/certificate_authority.hpp"
#include "renewal/steps/key_choice.hpp"
#include "renewal/token/job_context.hpp"
#include "renewal/token/open_token.hpp"

namespace koshin::renewal {

/// Members are destroyed in reverse: connections before the keys they use, keys before the session they live
/// in.
struct Examination {
  explicit Examination(const JobContext& job_context) : context(job_context) {}

  const JobContext& context;
  std::optional<OpenToken> opened;  ///< the token, once it is found
  messages::TokenReport report;     ///< what is on it, once it is open

  /// Which certificate, by its fingerprint, and whether it must be due.
  std::string named;
  bool due_or_not = false;

  /// The certificate to be renewed, or, for an enrolment, the one whose name is taken over; it may have
  /// expired.
  std::optional<enrollment::Certificate> old_certificate;
  messages::CertificateReport old_report;
  bool too_weak = false;  ///< this computer does not log in with it
  pkcs11::MechanismSupport mechanisms;
  bool rsa_pss = true;
  std::string digest = "SHA256";
  pkcs11::EvpPkey old_key;
  /// Of the files that the settings name; empty where they name none.
  std::vector<enrollment::Certificate> issuer_anchors, trust_anchors;
  std::unique_ptr<enrollment::CertificateAuthority> authority;
  std::optional<KeyChoice> key_choice;

  bool enrolling() const { return context.job.kind == messages::JobKind::enroll; }
};

}  // namespace koshin::renewal
