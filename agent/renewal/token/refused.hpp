// SPDX-License-Identifier: MIT
// Certificates that were fetched and finally did not log in.
#pragma once

#include "foundation/jobs/messages.hpp"
#include "renewal/journal/journal.hpp"

namespace koshin::renewal {

/// A certificate whose log-in was finally refused, as this computer's journal knows, takes nobody's place:
/// the one that it was to replace is the one in use again, and is renewed afresh.
void set_back_refused(Journal& journal, messages::TokenReport& report);

}  // namespace koshin::renewal
