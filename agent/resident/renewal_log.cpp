// SPDX-License-Identifier: MIT
// The course of an unattended renewal in the log.
#include "resident/renewal_log.hpp"

#include <string>

#include "foundation/log/log.hpp"

namespace koshin::resident {

namespace {

/// What is done when the step is, in the order of the steps.
std::string_view done_in_words(messages::Step step) {
  using messages::Step;
  switch (step) {
    case Step::preflight:
      return "Step 1 of 8: token, settings and authority are as they should be.";
    case Step::generate_key_pair:
      return "Step 2 of 8: the new key pair is on the token.";
    case Step::sign_request:
      return "Step 3 of 8: the request is signed with the new key.";
    case Step::submit:
      return "Step 4 of 8: the authority has answered.";
    case Step::check_issued:
      return "Step 5 of 8: what was issued is what was asked for.";
    case Step::write:
      return "Step 6 of 8: the new certificate is written to the token.";
    case Step::read_back:
      return "Step 7 of 8: it was read back unchanged.";
    case Step::prove:
      return "Step 8 of 8: it has logged in.";
  }
  return "";
}

}  // namespace

void log_renewal_step(const messages::Event& event) {
  const auto* step = std::get_if<messages::StepEvent>(&event);
  if (step == nullptr || !step->finished) return;
  const std::string name(to_string(step->step));
  log::info(log::Event::step_finished,
            std::string(done_in_words(step->step)) + (step->resumed ? " (Done by an earlier run.)" : ""),
            {{"KOSHIN_STEP", name}});
}

std::optional<Failure> log_renewal_end(const messages::Event& event) {
  if (const auto* failure = std::get_if<Failure>(&event)) {
    const ReasonInfo& row = info(failure->reason);
    log::error(log::Event::renewal_failed,
               "The renewal did not finish; nothing is lost. " + std::string(row.english.cause),
               {{"KOSHIN_REASON", row.id}, {"KOSHIN_DETAIL", failure->detail}});
    return *failure;
  }
  if (const auto* pending = std::get_if<messages::PendingResult>(&event)) {
    log::info(log::Event::renewal_pending, "The authority decides later; it may be asked again from " +
                                               to_rfc3339(pending->ask_again) + " on.");
  } else if (const auto* done = std::get_if<messages::RenewResult>(&event)) {
    log::info(log::Event::renewal_completed,
              "Renewed: the new certificate is valid until " + to_rfc3339(done->new_certificate.not_after) +
                  " and has logged in.",
              {{"KOSHIN_TOKEN", done->token.uri}, {"KOSHIN_CERTIFICATE", done->new_certificate.sha256}});
  }
  return {};
}

}  // namespace koshin::resident
