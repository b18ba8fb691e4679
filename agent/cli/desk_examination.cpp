// SPDX-License-Identifier: MIT
#include "cli/desk_examination.hpp"

#include "desk_check/collect.hpp"

namespace koshin::cli {

messages::DoctorResult examine_desk(const Session& session) {
  return desk_check::examine({session.arguments.settings_file, session.arguments.send_test_mail},
                             [&] { session.interrupt.check(); });
}

}  // namespace koshin::cli
