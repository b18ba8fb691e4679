// SPDX-License-Identifier: MIT
// A record's request, as the authority's protocol takes it up again.
#pragma once

#include "enrollment/authority_choice.hpp"
#include "renewal/policy/record.hpp"

namespace koshin::renewal {

inline enrollment::Exchange exchange_of(const Record& record) {
  return {.renewal = !record.enrollment, .request = record.request, .state = record.exchange_state};
}

}  // namespace koshin::renewal
