// SPDX-License-Identifier: MIT
// The course of an unattended renewal in the log.
#include "resident/renewal_log.hpp"

#include <string>

#include "foundation/log/log.hpp"

namespace koshin::resident {

void log_renewal_step(const messages::Event& event) {
  const auto* step = std::get_if<messages::StepEvent>(&event);
  if (step == nullptr || !step->finished) return;
  const messages::StepRow row = messages::row(step->step);
  log::info(log::Event::step_finished,
            "Step " + std::to_string(messages::number_of(row.step)) + " of " +
                std::to_string(messages::all_steps.size()) + ": " + std::string(row.done) + "." +
                (step->resumed ? " (Done by an earlier run.)" : ""),
            {{"KOSHIN_STEP", row.name}});
}

std::optional<Failure> log_renewal_end(const messages::Event& event) {
  if (const auto* failure = std::get_if<Failure>(&event)) {
    const ReasonInfo& row = info(failure->reason);
    log::error(log::Event::renewal_failed,
               "The renewal did not finish; nothing is lost. " + std::string(row.in(Language::en).cause),
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
