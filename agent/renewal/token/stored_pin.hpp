// SPDX-License-Identifier: MIT
// Unattended runs take the PIN from a file. One that was wrong is never presented again until the file has
// changed: certmonger is known to have spent three tries on one wrong PIN.
#pragma once

#include <optional>

#include "renewal/token/job_context.hpp"

namespace koshin::renewal {

/// The PIN that the pin-source of the job's token URI names, else that of the settings'; empty when neither
/// has one. Throws FailureError{usage_error, settings_invalid} for a wrong URI, {pin_source_unsafe},
/// {pin_source_unusable}, {pin_required}.
std::optional<SecureBuffer> read_stored_pin(const messages::Job& job, const Settings& settings);
/// The path of the file that the PIN of an unattended job comes from; empty where no pin-source is named.
std::string file_of_stored_pin(const JobContext& context);
/// Throws FailureError{pin_refused_before} when this source was refused before and is still the same.
void refuse_stored_pin_again(const JobContext& context, const TokenKey& token);
/// Before the PIN is presented: whatever ends this process from here on, it counts as refused. Whether it was
/// cannot be read off the token, since many never set CKF_USER_PIN_COUNT_LOW.
void doubt_stored_pin(const JobContext& context, const TokenKey& token);
void remember_refused_pin(const JobContext& context, const TokenKey& token);
void forget_refused_pin(const JobContext& context, const TokenKey& token);
/// After a person's right PIN, which has given the token all its tries back: one that may have been refused
/// has its try again, one that was refused has not.
void forget_doubt(const JobContext& context, const TokenKey& token);

}  // namespace koshin::renewal
