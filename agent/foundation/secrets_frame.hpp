// SPDX-License-Identifier: MIT
// The frames in which secrets follow a job (messages.hpp): two bytes big-endian length, then that many bytes.
#pragma once

#include <string>

#include "foundation/child_process.hpp"
#include "foundation/secure_buffer.hpp"

namespace koshin {

/// Parent's side. Throws FailureError{worker_failed}; std::length_error beyond messages::max_secret bytes.
void write_secret_frame(ChildProcess& worker, const SecureBuffer& secret);

/// Worker's side: the line with the job, read without a buffer that could swallow the secrets behind it.
/// Throws FailureError{job_invalid} when it is too long or the input ends.
std::string read_job_line(int descriptor);
/// Worker's side: one frame, straight into locked memory. Throws FailureError{job_invalid}.
SecureBuffer read_secret_frame(int descriptor);

}  // namespace koshin
