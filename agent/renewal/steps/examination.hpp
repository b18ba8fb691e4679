// SPDX-License-Identifier: MIT
// The state of the checks before a renewal changes anything: each check stores what later checks and steps
// use. Shared by renewal and doctor.
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

/// The authority's answer to an unauthenticated request (renewal/steps/meeting.hpp).
struct AuthorityAnswer {
  std::optional<TimePoint> clock;  ///< the authority's time (Date header)
  std::optional<Failure> failure;  ///< why its certificates could not be fetched
  bool learned = false;            ///< it sent certificates that were not known before
};

/// Members are destroyed in reverse order: connections before the keys that they use, keys before the session
/// they belong to.
struct Examination {
  explicit Examination(const JobContext& job_context) : context(job_context) {}

  const JobContext& context;
  std::optional<OpenToken> opened;  ///< the token, once it is found
  messages::TokenReport report;     ///< its report, once it is open

  /// Fingerprint of the certificate that the job names, and whether it may be renewed before it is due.
  std::string named;
  bool due_or_not = false;
  /// The second leg of a renewal: a certificate that was just fetched is brought from its spare slot to its
  /// home slot, due or not.
  bool returning = false;
  /// Fingerprint of the certificate whose key this job has made in a spare slot, once its second leg begins.
  std::string own_spare;
  /// Fingerprint of the certificate whose key has authenticated the first leg of this job, or has made a
  /// signature since (renewal/steps/home_key.hpp).
  std::string signed_for;

  /// The certificate to be renewed or, for an enrolment, the one whose name is taken over, possibly expired.
  std::optional<enrollment::Certificate> old_certificate;
  messages::CertificateReport old_report;
  /// The certificate that authenticates the request (authenticator_of()): the old one where that logs in.
  /// Empty for an enrolment.
  std::optional<enrollment::Certificate> client_certificate;
  messages::CertificateReport client_report;
  bool too_weak = false;  ///< this computer's OpenSSL refuses to use the client certificate
  pkcs11::MechanismSupport mechanisms;
  bool rsa_pss = true;
  std::string digest = "SHA256";
  pkcs11::EvpPkey client_key;
  /// From the files that the settings name; empty where they name none.
  std::vector<enrollment::Certificate> issuer_anchors, trust_anchors;
  std::unique_ptr<enrollment::CertificateAuthority> authority;
  std::optional<KeyChoice> key_choice;
  std::optional<AuthorityAnswer> authority_answer;  ///< set once the authority was asked in this job

  bool enrolling() const { return context.job.kind == messages::JobKind::enroll && !returning; }
};

/// The requirements for the next key, from the settings, the job and the authority.
KeyWish key_wish(const Examination& exam);

/// What each connection of a job needs, whomever it leads to: the stop, the clock, the proxy's password.
enrollment::AuthorityOptions connection_options(const JobContext& context);

/// Address, credentials and anchors of the connection to the authority.
enrollment::AuthorityOptions authority_options(const Examination& exam);

/// A certificate of the token with the known CA certificates. All TLS connections use this function, so that
/// a server sees the same chain from every job, run and step.
enrollment::ClientCredential log_in_credential(const Examination& exam,
                                               const enrollment::Certificate& certificate, EVP_PKEY* key);

/// Whether the authority has answered, which proves that the network works.
enrollment::OtherServer other_server(const Examination& exam);

/// The private key of a certificate; a key that was certified twice belongs to both certificates. Throws
/// FailureError{key_not_found}.
pkcs11::TokenObject key_of_certificate(const OpenToken& token, const enrollment::Certificate& certificate);

/// Loads the reported certificate from the token as the certificate to be renewed.
void load_old_certificate(Examination& exam, const messages::CertificateReport& report);
/// Loads the certificate that authenticates the request for the next old_certificate.
void load_client_certificate(Examination& exam);

}  // namespace koshin::renewal
