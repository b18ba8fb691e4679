// SPDX-License-Identifier: MIT
// What is found out about a renewal before anything is changed, as far as it has come: what one check has
// found, the next one uses. A renewal goes on with it, the doctor tells of it.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "enrollment/authority/certificate_authority.hpp"
#include "enrollment/proof.hpp"
#include "renewal/steps/key_choice.hpp"
#include "renewal/token/job_context.hpp"
#include "renewal/token/open_token.hpp"

namespace koshin::renewal {

/// What the authority has said to somebody who shows no certificate (renewal/steps/meeting.hpp).
struct Meeting {
  std::optional<TimePoint> clock;  ///< what its clock said
  std::optional<Failure> failure;  ///< it could not be asked for its certificates
  bool learned = false;            ///< it sent other certificates than were known of it
};

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
  std::optional<Meeting> meeting;  ///< once it was asked, in this job

  bool enrolling() const { return context.job.kind == messages::JobKind::enroll; }
};

/// The key of the next certificate, as the settings, this job and the authority wish it.
KeyWish key_wish(const Examination& exam);

/// Who is asked, and with which credentials.
enrollment::AuthorityOptions authority_options(const Examination& exam);

/// A certificate of the token with the authorities that are known by now: the one rule of what TLS shows, so
/// that a certificate is the same to a server whichever job, run or step shows it.
enrollment::ClientCredential log_in_credential(const Examination& exam,
                                               const enrollment::Certificate& certificate, EVP_PKEY* key);

/// Whether the authority has answered, so that the network works.
enrollment::OtherServer other_server(const Examination& exam);

/// The private key of a certificate; one that is certified twice belongs to both. Throws
/// FailureError{key_not_found}.
pkcs11::TokenObject key_of_certificate(const OpenToken& token, const enrollment::Certificate& certificate);

/// Takes a certificate of the token over as the one to be renewed.
void take_old(Examination& exam, const messages::CertificateReport& report);

}  // namespace koshin::renewal
