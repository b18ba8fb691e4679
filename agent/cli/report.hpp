// SPDX-License-Identifier: MIT
// Results as text: the facts of json_output.hpp, for people.
#pragma once

#include <vector>

#include "cli/renewed_certificates.hpp"
#include "cli/session.hpp"
#include "renewal/policy/old_certificate.hpp"
#include "renewal/policy/record.hpp"

namespace koshin::cli {

/// "2026-12-04 22:23:31 (40 days left)", local time; with the hours in the last two weeks.
std::string expiry_text(const Console& console, TimePoint not_after, TimePoint now);
/// A text about that date in the colour of a certificate that has expired, or is due by `policy`.
std::string painted_by_due(const Console& console, TimePoint not_after, TimePoint now,
                           const Settings::Renewal& policy, std::string_view text);

/// The purpose of a certificate: "log-in".
std::string purpose_text(const Console& console, messages::Purpose purpose);

void print_token(const Session& session, const messages::TokenReport& token);
void print_modules_in_trouble(const Session& session, const messages::InspectResult& found);
/// O, OU, CN, serial and expiry, which a person compares.
void print_subject(const Session& session, const messages::CertificateReport& certificate,
                   std::size_t indent = 2);
/// renewal::what_stands_of_old() of a record; `read`: the token, where it was just looked at, else null.
renewal::OldCertificate what_stands_of_old(const Session& session, const renewal::Record& record,
                                           const RenewedCertificates& certificates,
                                           const messages::TokenReport* read);
/// The request for this token's certificate that waits for the authority's decision; null when there is none.
const renewal::Record* being_decided(const renewal::TokenMemory& token,
                                     const std::vector<renewal::Record>& unfinished);
void print_remembered(const Session& session, const renewal::TokenMemory& token,
                      const std::vector<renewal::Record>& unfinished,
                      const RenewedCertificates& certificates);
/// The last renewal of a token that was given up: its time, its reason and the command that starts a new one.
void print_given_up(const Session& session, const renewal::Record& record);
/// A key pair of a given-up renewal that may still be on its token.
void print_left_over(const Session& session, const renewal::Record& record);
void print_history(const Session& session, const std::vector<renewal::Record>& records,
                   const RenewedCertificates& certificates);
/// Whether a renewal would succeed, or what is left open.
void print_outlook(const Session& session, const messages::DoctorResult& result);
void print_checks(const Session& session, const messages::DoctorResult& result);

/// Prints cause, remedy, and a line for the administrator, on stderr; with --json the document instead.
/// Returns the exit code.
int report_failure(const Console& console, std::string_view command, const Failure& failure);
/// Settings that are wrong, by all of their mistakes in the order of files and lines (`mistakes`, at least
/// one), of which a person is shown the first twenty. Returns the exit code of the first.
int report_wrong_settings(const Console& console, std::string_view command,
                          const std::vector<Failure>& mistakes);
/// What the user and IT staff can do, the reason and the exit code, on stderr: report_failure() without the
/// document and the cause.
void tell_what_to_do(const Console& console, const Failure& failure);
/// A person has declined: the failure `interrupted` with a sentence about its effect.
class Declined : public FailureError {
 public:
  Declined(std::string detail, const Text& said)
      : FailureError({Reason::interrupted, std::move(detail), {}}), said_(said) {}
  const Text& said() const noexcept { return said_; }

 private:
  Text said_;
};
int report_declined(const Console& console, std::string_view command, const Declined& declined);

/// koshin renew --if-due where nothing is due: says so on stdout. Returns 0. `failure`: Reason::not_due.
int report_nothing_due(const Console& console, const Failure& failure);

/// report_failure() for an invalid command line; `in_words`: the problem in the person's language.
int report_wrong_usage(const Console& console, std::string_view command, const Failure& failure,
                       const std::string& in_words);

}  // namespace koshin::cli
