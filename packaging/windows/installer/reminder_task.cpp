// SPDX-License-Identifier: MIT
#include "reminder_task.hpp"

#include "foundation/base/markup.hpp"
#include "foundation/base/text.hpp"

namespace koshin::setup {
namespace {

// What koshin-remind.timer and koshin-remind.service say on Linux. A log-in is a moment of its own here: a
// computer that is switched on in the morning and off in the evening may never be on at the minute that was
// drawn, and what Windows makes up for waits for the service, not for a person.
//
// Several people may be logged in, each of whom the task runs for at the same moment: hence "Parallel". That
// it does not run twice at once for one person is seen to by koshin-ui.
//
// The limit is for a program that hangs: koshin-ui stays while its messages are shown, for eight hours at
// most (longest_shown in reminders.hpp), since Windows takes them away when it ends.
//
// Users may read the task, as koshin doctor does, and not change it.
constexpr std::string_view form = R"(<?xml version="1.0"?>
<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <RegistrationInfo>
    <Author>koshin</Author>
    <Description>$(@{names},-{description})</Description>
    <SecurityDescriptor>D:P(A;;FA;;;SY)(A;;FA;;;BA)(A;;FR;;;BU)</SecurityDescriptor>
  </RegistrationInfo>
  <Triggers>
    <CalendarTrigger>
      <StartBoundary>2026-01-01T09:00:00</StartBoundary>
      <RandomDelay>PT30M</RandomDelay>
      <ScheduleByDay>
        <DaysInterval>1</DaysInterval>
      </ScheduleByDay>
    </CalendarTrigger>
    <LogonTrigger>
      <Delay>PT10M</Delay>
    </LogonTrigger>
  </Triggers>
  <Principals>
    <Principal id="Reminded">
      <GroupId>{group}</GroupId>
      <RunLevel>LeastPrivilege</RunLevel>
    </Principal>
  </Principals>
  <Settings>
    <AllowHardTerminate>true</AllowHardTerminate>
    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
    <Enabled>{enabled}</Enabled>
    <ExecutionTimeLimit>PT9H</ExecutionTimeLimit>
    <MultipleInstancesPolicy>Parallel</MultipleInstancesPolicy>
    <StartWhenAvailable>true</StartWhenAvailable>
    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>
    <WakeToRun>false</WakeToRun>
  </Settings>
  <Actions Context="Reminded">
    <Exec>
      <Command>{program}</Command>
      <Arguments>--remind</Arguments>
    </Exec>
  </Actions>
</Task>
)";

/// In koshin-events.dll (packaging/windows/templates/shown_names.cpp).
constexpr std::string_view description_number = "3";

}  // namespace

std::string reminder_task(const ReminderTask& task) {
  const PlaceValue values[] = {{"names", as_markup(task.names)},
                               {"description", std::string(description_number)},
                               {"group", std::string(reminded_group)},
                               {"enabled", task.is_enabled ? "true" : "false"},
                               {"program", as_markup(task.program)}};
  return fill_named_places(form, values);
}

}  // namespace koshin::setup
