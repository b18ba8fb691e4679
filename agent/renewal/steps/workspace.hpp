// SPDX-License-Identifier: MIT
// The shared state of a renewal's steps. Made by a job, filled by preflight.
#pragma once

#include <memory>
#include <optional>

#include "enrollment/authority/certificate_authority.hpp"
#include "renewal/steps/examination.hpp"
#include "renewal/token/job_context.hpp"
#include "renewal/token/open_token.hpp"

namespace koshin::renewal {

/// The handle of an object that is yet to be written: no object of a token has it (PKCS#11 2.40 section 4.4,
/// CK_INVALID_HANDLE).
inline constexpr std::uint64_t not_on_token = 0;

/// Members are destroyed in reverse order, those of Examination last.
struct Workspace : Examination {
  Workspace(const JobContext& job_context, FoundToken found)
      : Examination(job_context),
        token(opened.emplace(context, std::move(found))),
        may_change(!context.job.dry_run && !context.job.await_go) {}
  /// What was found to be lost and was not written back is not remembered as being on the token.
  ~Workspace() {
    if (lost) token.forget(not_on_token);
  }
  Workspace(const Workspace&) = delete;
  Workspace& operator=(const Workspace&) = delete;

  OpenToken& token;
  Record record;  ///< number 0: no record yet

  /// Whether a request for this pair was sent before this run's; empty until this run sends one.
  std::optional<bool> sent_before;
  bool submitting = false;  ///< an exception now concerns the request and not the connection
  bool began_again =
      false;  ///< with a fresh pair, after the authority refused one that it may have certified
  bool resumed_issued = false;  ///< the certificate was fetched by an earlier run
  bool rewrites = false;        ///< the certificate was read back once, and is not on the token any more
  bool key_untold = false;      ///< the new key was made or taken over, and nothing was said of it yet
  bool proving = false;  ///< an exception now concerns the new certificate's proof before it is written
  bool proved = false;   ///< this run has proved the new certificate
  pkcs11::EvpPkey new_key;
  std::optional<enrollment::Issued> issued;  ///< received, not yet checked

  /// The record of a certificate that another program has deleted (renewal/steps/lost_certificate.hpp), until
  /// it is written back.
  std::optional<Record> lost;

  /// An unfinished record that cannot be completed: given up once changes are allowed.
  std::optional<Record> hopeless;
  /// Whether journal and token may be changed: not in a dry run, and not before the person has said yes.
  bool may_change;
};

}  // namespace koshin::renewal
