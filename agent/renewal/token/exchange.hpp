// SPDX-License-Identifier: MIT
// The request of a record, in the form that the authority's protocol resumes.
#pragma once

#include "enrollment/authority_choice.hpp"
#include "renewal/policy/record.hpp"

namespace koshin::renewal {

inline enrollment::Exchange exchange_of(const Record& record) {
  return {.renewal = !record.enrollment, .request = record.request, .state = record.exchange_state};
}

}  // namespace koshin::renewal
