// SPDX-License-Identifier: MIT
// Whether a token can be written, found out before the authority is asked for a certificate that could not be
// stored: by a certificate of the authority's, written under a CKA_ID of its own and deleted at once.
#pragma once

#include "renewal/steps/workspace.hpp"

namespace koshin::renewal {

/// CKA_ID and CKA_LABEL of the trial object.
inline constexpr std::string_view trial_name = "koshin trial";

/// What is known of the token before anything is written to it.
enum class Writing {
  known,    ///< this computer's journal tells of a certificate that was written to it, or a trial is on it
  untried,  ///< a renewal tries it
  untold    ///< only the writing itself shows it: by the profile, by token.trial_object, or for want of a
            ///< certificate to try it with
};
/// Of the examination's open token, by the certificates that the authority has told so far.
Writing known_of_writing(const Examination& exam);

/// Deletes what an interrupted run has left of a trial, whose being there has answered the question; else
/// writes and deletes the trial object where known_of_writing() is `untried` and no key was made yet. Throws
/// FailureError{token_write_refused} where the module says that nothing can be written, and pkcs11::Error
/// where the token is write-protected or gone. Any other refusal leaves it open: a token may take no
/// certificate without a key, or none of this size.
void try_writing(Workspace& work);

}  // namespace koshin::renewal
