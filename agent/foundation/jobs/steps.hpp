// SPDX-License-Identifier: MIT
// The steps of a renewal as data: the one table for worker, command line, page, log and documentation.
// renewal/steps/ implements the steps.
#pragma once

#include <array>
#include <cstddef>
#include <stdexcept>
#include <string_view>

#include "foundation/texts/step.hpp"

namespace koshin::messages {

/// In the order of execution (docs/architecture.md).
enum class Step { preflight, generate_key_pair, sign_request, submit, check_issued, write, read_back, prove };

struct StepRow {
  Step step;
  std::string_view name;  ///< in messages and documents, "generate_key_pair"
  /// Whether its effect is permanent: a key on the token, a certificate at the authority, a certificate on
  /// the token.
  bool irreversible;
  Text to_do;             ///< a line of the progress display
  std::string_view done;  ///< a sentence of the log, in English as the whole log
};

/// The row of a step. A step without a row, or with a row in another order, does not compile.
constexpr StepRow row(Step step) {
  switch (step) {
    case Step::preflight:
      return {step, "preflight", false, texts::step_preflight,
              "token, settings and authority are as they should be"};
    case Step::generate_key_pair:
      return {step, "generate_key_pair", true, texts::step_generate_key_pair,
              "the new key pair is on the token"};
    case Step::sign_request:
      return {step, "sign_request", false, texts::step_sign_request,
              "the request is signed with the new key"};
    case Step::submit:
      return {step, "submit", true, texts::step_submit, "the authority has answered"};
    case Step::check_issued:
      return {step, "check_issued", false, texts::step_check_issued, "what was issued is what was asked for"};
    case Step::write:
      return {step, "write", true, texts::step_write, "the new certificate is written to the token"};
    case Step::read_back:
      return {step, "read_back", false, texts::step_read_back, "the new certificate was read back unchanged"};
    case Step::prove:
      return {step, "prove", false, texts::step_prove, "the new certificate was shown to work"};
  }
  throw std::invalid_argument("a number that is no step");
}

/// All steps, in order.
inline constexpr std::array all_steps{
    Step::preflight, Step::generate_key_pair, Step::sign_request, Step::submit, Step::check_issued,
    Step::write,     Step::read_back,         Step::prove};

/// Number of a step, starting with 1.
constexpr std::size_t number_of(Step step) {
  return static_cast<std::size_t>(step) + 1;
}

/// "generate_key_pair"
constexpr std::string_view to_string(Step step) {
  return row(step).name;
}
}  // namespace koshin::messages
