// SPDX-License-Identifier: MIT
// What the doctor says of changes of the PIN, of writing to the token, of the key in use, and of certificates
// that browsers list.
#include "foundation/base/text.hpp"
#include "renewal/jobs/doctor.hpp"
#include "renewal/policy/browsers.hpp"
#include "renewal/policy/inventory.hpp"
#include "renewal/steps/trial_object.hpp"
#include "renewal/token/stored_pin.hpp"
#include "renewal/token/writing_obstacle.hpp"

namespace koshin::renewal {

void check_writing(Doctor& exam) {
  switch (writing_obstacle(exam.opened->info(), exam.opened->profile())) {
    case WritingObstacle::none:
      break;
    case WritingObstacle::reads_only:
      return exam.add(Examined::writing, "failed", Finding::write_reads_only, {},
                      Reason::token_write_refused);
    case WritingObstacle::profile:
      return exam.add(Examined::writing, "failed", Finding::write_needs_piv, {}, Reason::token_write_refused);
  }
  switch (known_of_writing(exam)) {
    case Writing::known:
      return exam.add(Examined::writing, "ok", Finding::write_known);
    case Writing::untried:
      return exam.add(Examined::writing, "ok", Finding::write_untried);
    case Writing::untold:
      return exam.add(Examined::writing, "ok", Finding::write_untold);
  }
}

void check_pin_changes(Doctor& exam) {
  const TokenKey& token = exam.opened->key();
  if (pin_change_is_unknown(exam.context, token))
    exam.add(Examined::pin, "warning", Finding::pin_change_unknown);
  if (const std::string file = outdated_pin_file(exam.context, token); !file.empty())
    exam.add(Examined::pin, "warning", Finding::pin_file_outdated, {printable(file, 500)});
}

void check_what_browsers_list(Doctor& exam) {
  for (const auto& old : exam.report.certificates) {
    const auto* const fresh = find_certificate(exam.report, old.replaced_by);
    // Only what has taken its place for good: a refused certificate is no newer one to choose.
    const bool offered = old.renewed && is_offered_by_browsers(old, exam.context.now());
    if (fresh == nullptr || !offered) continue;
    exam.add(Examined::pairs, "warning", Finding::pair_old_beside_new,
             {printable(fresh->common_name, 100), fresh->serial, to_rfc3339(fresh->not_after), old.serial,
              to_rfc3339(old.not_after)});
  }
}

void check_policies(Doctor& exam) {
  if (!exam.old_certificate) return;
  const auto report = exam.opened->report();
  const auto* in_use = find_certificate(report, exam.old_report.sha256);
  if (in_use == nullptr) return;
  const messages::KeyPolicies& policies = in_use->key_policies;
  if (policies.attested) exam.add(Examined::attestation, "ok", Finding::key_attested);
  if (policies.touch.empty()) return exam.add(Examined::touch, "ok", Finding::touch_untold);
  if (!policies.needs_touch()) return exam.add(Examined::touch, "ok", Finding::touch_not_needed);
  const bool unattended = exam.context.settings.unattended.enabled;
  exam.add(Examined::touch, unattended ? "warning" : "ok", Finding::touch_needed);
}

}  // namespace koshin::renewal
