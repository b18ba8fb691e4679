// SPDX-License-Identifier: MIT
// Names of the messages' enumerations.
#include "foundation/jobs/messages.hpp"

#include "foundation/jobs/messages_names.hpp"

namespace koshin::messages {

std::string_view to_string(JobKind kind) {
  return name_in(job_names, kind);
}
std::string_view to_string(SecretKind kind) {
  return name_in(secret_names, kind);
}
std::string_view to_string(Purpose purpose) {
  return name_in(purpose_names, purpose);
}
std::string_view to_string(KeyState state) {
  return name_in(key_state_names, state);
}

std::string_view to_string(ManagementKey key) {
  return name_in(management_key_names, key);
}

bool is_final(const Event& event) {
  return !std::holds_alternative<StepEvent>(event) && !std::holds_alternative<NoticeEvent>(event) &&
         !std::holds_alternative<TouchEvent>(event) && !std::holds_alternative<ReadyEvent>(event);
}

}  // namespace koshin::messages
