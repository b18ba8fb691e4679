// SPDX-License-Identifier: MIT
// The jobs `renew` and `enroll`: a renewal, and an enrolment with a one-time code.
#include "foundation/log/log.hpp"
#include "renewal/jobs/jobs.hpp"
#include "renewal/steps/past.hpp"
#include "renewal/steps/steps.hpp"

namespace koshin::renewal {
namespace {

messages::Event run(const JobContext& context) {
  context.journal.ensure_open();
  Workspace work(context, find_token(context));
  if (auto pending = still_pending(context, work.token)) return *pending;
  log::info(log::Event::renewal_started,
            std::string(work.enrolling() ? "enrolment" : "renewal") + " on token \"" +
                printable(work.token.info().label, 100) + "\"",
            {{"KOSHIN_TOKEN", serial_number(work.token.key())}});
  return run_steps(work);
}

}  // namespace

messages::Event run_renew(const JobContext& context) {
  return run(context);
}

messages::Event run_enroll(const JobContext& context) {
  return run(context);
}

}  // namespace koshin::renewal
