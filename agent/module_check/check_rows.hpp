// SPDX-License-Identifier: MIT
// The checks in their order, and their names.
#pragma once

#include <span>
#include <string_view>

#include "foundation/texts/text.hpp"

namespace koshin::module_check {

enum class Check {
  module_and_token,  ///< the module's and the token's words about themselves
  inspect,
  leftovers,  ///< of an earlier check that was cut off: only reported where there are any
  before,     ///< all objects on the token, seen twice
  dry_run,
  enroll,
  doctor,
  renew,
  wrong_pin,
  right_pin,  ///< after the wrong one
  lost_answer,
  resume,
  prune,
  untouched,  ///< everything that was there before is there, byte for byte, and nothing else
};

struct CheckRow {
  Check check;
  std::string_view id;  ///< in the JSON report
  Text name;
};

const CheckRow& row_of(Check check);
/// All rows, in the order of `Check`.
std::span<const CheckRow> all_checks();

}  // namespace koshin::module_check
