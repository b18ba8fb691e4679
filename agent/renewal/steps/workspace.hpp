// SPDX-License-Identifier: MIT
// What the steps of one renewal share. Made by a job, filled by preflight.
#pragma once

#include <memory>
#include <optional>

#include "enrollment/authority/certificate_authority.hpp"
#include "renewal/steps/examination.hpp"
#include "renewal/token/job_context.hpp"
#include "renewal/token/open_token.hpp"

namespace koshin::renewal {

/// Members are destroyed in reverse, the examination's last: see there.
struct Workspace : Examination {
  Workspace(const JobContext& job_context, FoundToken found)
      : Examination(job_context),
        token(opened.emplace(context, std::move(found))),
        may_change(!context.job.dry_run && !context.job.await_go) {}

  OpenToken& token;
  Record record;  ///< number 0: nothing has been begun

  /// Whether a request for this pair had been sent before this run sent one; empty until then.
  std::optional<bool> sent_before;
  bool submitting = false;      ///< whatever is thrown is about the request, and not about the way to it
  bool began_again = false;     ///< with a fresh pair, after the authority has refused one that it may know
  bool resumed_issued = false;  ///< an earlier run has fetched the certificate that this one finishes
  pkcs11::EvpPkey new_key;
  std::optional<enrollment::Issued> issued;  ///< received, not yet checked

  /// An unfinished record that cannot come to an end: given up as soon as something may be changed.
  std::optional<Record> hopeless;
  /// Whether journal and token may be changed: not in a dry run, and not before the person has said yes.
  bool may_change;
};

}  // namespace koshin::renewal
