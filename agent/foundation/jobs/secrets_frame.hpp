// SPDX-License-Identifier: MIT
// The frames in which secrets follow a job (messages.hpp): two bytes big-endian length, then that many bytes.
#pragma once

#include <span>
#include <string>

#include "foundation/secrets/secure_buffer.hpp"
#include "foundation/system/child_process.hpp"
#include "foundation/system/handle.hpp"

namespace koshin {

/// Parent's side. Throws FailureError{worker_failed}; std::length_error beyond max_secret bytes.
void write_secret_frame(ChildProcess& worker, const SecureBuffer& secret);

/// Worker's side. Input that arrives with the job line, secrets among it, is kept in locked memory.
class JobInput {
 public:
  /// Reads from `input`, which stays the caller's.
  explicit JobInput(NativeHandle input) : input_(input), piece_(piece_size) {}

  /// The line with the job. Throws FailureError{job_invalid} when it is too long or the input ends.
  std::string job_line();
  /// The next frame, in locked memory. Throws FailureError{job_invalid}.
  SecureBuffer secret_frame();

 private:
  static constexpr std::size_t piece_size = 2048;

  /// Input that was read and not consumed yet; empty at the end of the input.
  std::span<const char> ahead();
  /// Fills all of `into` or throws.
  void fill(std::span<char> into);

  NativeHandle input_;
  SecureBuffer piece_;
  std::size_t taken_ = 0;
};

}  // namespace koshin
