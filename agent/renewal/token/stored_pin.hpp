// SPDX-License-Identifier: MIT
// PIN files of unattended runs. A wrong PIN is never presented again until its file has changed: certmonger
// is known to have spent three tries on one wrong PIN.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "renewal/token/job_context.hpp"

namespace koshin::renewal {

/// The PIN from the pin-source (RFC 7512) of the job's token URI, else of the settings' URI; empty when
/// neither has one. Throws FailureError{usage_error, settings_invalid} for a malformed URI,
/// {pin_source_unsafe}, {pin_source_unusable}, {pin_required}.
std::optional<SecureBuffer> read_stored_pin(const messages::Job& job, const Settings& settings);
/// The path of the PIN file of an unattended job; empty where no pin-source is set.
std::string file_of_stored_pin(const JobContext& context);
/// Throws FailureError{pin_refused_before} when the token has refused the PIN of this source and the source
/// has not changed.
void check_stored_pin_not_refused(const JobContext& context, const TokenKey& token);
/// Called before the PIN is presented: if the process ends from here on, the PIN counts as refused. The token
/// cannot tell afterwards, since many tokens never set CKF_USER_PIN_COUNT_LOW.
void mark_stored_pin_in_doubt(const JobContext& context, const TokenKey& token);
/// Records that the token has refused the PIN of this source.
void remember_refused_pin(const JobContext& context, const TokenKey& token);
/// Records that the token has accepted the PIN of this source.
void clear_refused_pin(const JobContext& context, const TokenKey& token);
/// Called after a person's right PIN, which resets the token's try counter: a stored PIN of unknown result
/// may be presented again, a refused one may not.
void clear_stored_pin_doubt(const JobContext& context, const TokenKey& token);

/// Whether the file of this pin-source holds this PIN. False too where it cannot be read.
bool is_pin_of_source(const std::string& source, const SecureBuffer& pin);

/// What the journal knows of a change of the PIN: an unattended run must not present the old one, and a
/// person is told when the change was cut off. Made before the token is asked; until refused() or changed()
/// is called the change counts as cut off, also for the next process.
class PinChangeNote {
 public:
  /// `sources`: the pin-sources that stand for this token's PIN, of whichever bank.
  PinChangeNote(const JobContext& context, TokenKey token, const std::string& label,
                std::vector<std::string> sources);
  /// The token has refused: its PIN is as it was, and so is what the journal knew.
  void refused();
  /// The token has changed its PIN. `stale`: of `sources`, those whose PIN is not presented until their file
  /// was written anew.
  void changed(const std::vector<std::string>& stale);

 private:
  /// What the journal holds of other sources.
  std::vector<std::string> lines_of_others(const TokenMemory& memory) const;

  const JobContext& context_;
  TokenKey token_;
  std::vector<std::string> sources_, stamps_;
  bool was_refused_ = false;
  std::string was_stamp_;
};
/// The file of the pin-source, while its PIN is not presented because the token's was changed, or a change
/// was cut off, and the file was not written since; else empty.
std::string outdated_pin_file(const JobContext& context, const TokenKey& token);
/// Whether a change of the token's PIN was cut off on this computer, and no PIN has counted since.
bool pin_change_is_unknown(const JobContext& context, const TokenKey& token);

}  // namespace koshin::renewal
