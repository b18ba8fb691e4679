// SPDX-License-Identifier: MIT
// Results in words: the same facts as json_output.hpp, for people.
#pragma once

#include <vector>

#include "cli/session.hpp"
#include "renewal/policy/record.hpp"

namespace koshin::cli {

/// "2026-12-04 22:23:31 (40 days left)", local time; with the hours in the last two weeks.
std::string expiry_text(const Console& console, TimePoint not_after, TimePoint now);

/// What a certificate is there for: "log-in".
std::string purpose_text(const Console& console, messages::Purpose purpose);

void print_token(const Session& session, const messages::TokenReport& token);
void print_modules_in_trouble(const Session& session, const messages::InspectResult& found);
/// O, OU, CN, serial and expiry: what a person is asked to compare.
void print_subject(const Session& session, const messages::CertificateReport& certificate,
                   std::size_t indent = 2);
void print_remembered(const Session& session, const renewal::TokenMemory& token,
                      const std::vector<renewal::Record>& unfinished);
/// The last renewal of that token, which was given up: when and why, and what begins it again.
void print_given_up(const Session& session, const renewal::Record& record);
/// A key pair of a renewal that was given up, which may still be on that token.
void print_left_over(const Session& session, const renewal::Record& record);
void print_history(const Session& session, const std::vector<renewal::Record>& records);
/// That nothing stands in the way of a renewal, or what that leaves open.
void print_outlook(const Session& session, const messages::DoctorResult& result);
void print_checks(const Session& session, const messages::DoctorResult& result);

/// Cause, what can be done, and a line for the administrator, on stderr; with --json the document instead.
/// Returns the exit code.
int report_failure(const Console& console, std::string_view command, const Failure& failure);
/// A person said no to a question: the failure of an interruption, and one sentence on what that means.
class Declined : public FailureError {
 public:
  Declined(std::string detail, const Text& said)
      : FailureError({Reason::interrupted, std::move(detail), {}}), said_(said) {}
  const Text& said() const noexcept { return said_; }

 private:
  Text said_;
};
int report_declined(const Console& console, std::string_view command, const Declined& declined);

/// The same for a command line that cannot be followed: `in_words` says what is wrong with it.
int report_wrong_usage(const Console& console, std::string_view command, const Failure& failure,
                       const std::string& in_words);

}  // namespace koshin::cli
