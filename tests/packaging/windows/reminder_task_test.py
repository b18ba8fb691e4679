#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The task of the reminders in the words of Task Scheduler's schema ([MS-TSCH] 2.5), and the same as koshin-remind.timer where both
say it. usage: reminder_task_test.py PROGRAM      PROGRAM: packaging_reminder_task, which prints the task
"""
import pathlib
import re
import subprocess
import sys
import unittest
import xml.etree.ElementTree as xml

ROOT = pathlib.Path(__file__).resolve().parents[3]
PROGRAM = sys.argv.pop(1)
SPACE = "{http://schemas.microsoft.com/windows/2004/02/mit/task}"
# The schema's types that the task uses: a sequence has its elements in this order, "all" in any.
SEQUENCES = {"calendarTriggerType": ("Enabled", "StartBoundary", "EndBoundary", "Repetition", "ExecutionTimeLimit", "RandomDelay", "ScheduleByDay"),
             "logonTriggerType": ("Enabled", "StartBoundary", "EndBoundary", "Repetition", "ExecutionTimeLimit", "UserId", "Delay"),
             "dailyScheduleType": ("DaysInterval",)}
ALL = {"taskType": {"RegistrationInfo", "Triggers", "Settings", "Data", "Principals", "Actions"},
       "registrationInfoType": {"URI", "SecurityDescriptor", "Source", "Date", "Author", "Version", "Description", "Documentation"},
       "triggersType": {"BootTrigger", "RegistrationTrigger", "IdleTrigger", "TimeTrigger", "EventTrigger", "LogonTrigger", "SessionStateChangeTrigger", "CalendarTrigger"},
       "principalsType": {"Principal"}, "principalType": {"UserId", "LogonType", "GroupId", "DisplayName", "RunLevel"},
       "settingsType": {"AllowStartOnDemand", "RestartOnFailure", "MultipleInstancesPolicy", "DisallowStartIfOnBatteries", "StopIfGoingOnBatteries",
                        "AllowHardTerminate", "StartWhenAvailable", "NetworkProfileName", "RunOnlyIfNetworkAvailable", "WakeToRun", "Enabled", "Hidden",
                        "DeleteExpiredTaskAfter", "IdleSettings", "NetworkSettings", "ExecutionTimeLimit", "Priority", "RunOnlyIfIdle"},
       "actionsType": {"Exec", "ComHandler", "SendEmail", "ShowMessage"}, "execActionType": {"Command", "Arguments", "WorkingDirectory"}}
TYPES = {"Task": "taskType", "RegistrationInfo": "registrationInfoType", "Triggers": "triggersType", "CalendarTrigger": "calendarTriggerType",
         "LogonTrigger": "logonTriggerType", "ScheduleByDay": "dailyScheduleType", "Principals": "principalsType", "Principal": "principalType",
         "Settings": "settingsType", "Actions": "actionsType", "Exec": "execActionType"}
BOOLEANS = {"AllowHardTerminate", "DisallowStartIfOnBatteries", "Enabled", "StartWhenAvailable", "StopIfGoingOnBatteries", "WakeToRun"}
DURATIONS = {"RandomDelay", "Delay", "ExecutionTimeLimit"}


def task(program="C:\\Program Files\\koshin\\koshin-ui.exe", names="C:\\Program Files\\koshin\\koshin-events.dll", state="enabled"):
    """The task's root."""
    return xml.fromstring(subprocess.run([PROGRAM, program, names, state], capture_output=True, check=True, timeout=60).stdout)


def name(element):
    return element.tag.removeprefix(SPACE)


def timer(unit, key):
    """A value of one of the units of the reminders."""
    return re.search(rf"^{key}=(.*)$", (ROOT / "packaging/systemd" / unit).read_text(encoding="utf-8"), re.M)[1]


class Task(unittest.TestCase):
    """What the installer registers."""

    def text(self, path, root=None):
        """The one element of that path."""
        found = (task() if root is None else root).findall("/".join(SPACE + part for part in path.split("/")))
        self.assertEqual(len(found), 1, path)
        return found[0].text

    def check(self, element):
        """This element and all below it, by the schema."""
        children = [name(child) for child in element]
        kind = TYPES.get(name(element))
        if kind is None:
            self.assertEqual(children, [], name(element))
        elif kind in SEQUENCES:
            places = [SEQUENCES[kind].index(child) for child in children]
            self.assertEqual(places, sorted(set(places)), children)
        else:
            self.assertLessEqual(set(children), ALL[kind], name(element))
            self.assertEqual(len(children), len(set(children)), children)
        if name(element) in BOOLEANS:
            self.assertIn(element.text, ("true", "false"))
        if name(element) in DURATIONS:
            self.assertRegex(element.text, r"^PT[0-9]+[MH]$")
        for child in element:
            self.check(child)

    def test_it_is_of_the_schema(self):
        root = task()
        self.assertEqual((root.tag, root.get("version")), (SPACE + "Task", "1.2"))
        self.check(root)
        self.assertEqual(root.find(f"{SPACE}Actions").get("Context"), root.find(f"{SPACE}Principals/{SPACE}Principal").get("id"))
        with self.assertRaises(AssertionError):
            root.find(f"{SPACE}Triggers/{SPACE}CalendarTrigger").append(xml.Element(SPACE + "StartBoundary"))
            self.check(root)

    def test_it_runs_koshin_ui_as_whoever_is_logged_in_with_no_more_rights(self):
        self.assertEqual(self.text("Actions/Exec/Command"), "C:\\Program Files\\koshin\\koshin-ui.exe")
        self.assertEqual(self.text("Actions/Exec/Arguments"), "--remind")
        self.assertEqual(self.text("Principals/Principal/GroupId"), "S-1-5-32-545")
        self.assertEqual(self.text("Principals/Principal/RunLevel"), "LeastPrivilege")
        self.assertEqual(self.text("Settings/MultipleInstancesPolicy"), "Parallel")
        self.assertEqual(self.text("RegistrationInfo/SecurityDescriptor"), "D:P(A;;FA;;;SY)(A;;FA;;;BA)(A;;FR;;;BU)")

    def test_it_runs_when_the_timer_does_and_after_a_log_in(self):
        hour = timer("koshin-remind.timer", "OnCalendar").split()[1]
        self.assertTrue(self.text("Triggers/CalendarTrigger/StartBoundary").endswith(f"T{hour}:00"))
        delay = re.fullmatch(r"(\d+)min", timer("koshin-remind.timer", "RandomizedDelaySec"))[1]
        self.assertEqual(self.text("Triggers/CalendarTrigger/RandomDelay"), f"PT{delay}M")
        self.assertEqual(timer("koshin-remind.timer", "Persistent"), self.text("Settings/StartWhenAvailable"))
        # Longer than koshin-ui stays for its messages.
        shown = re.search(r"longest_shown\{(\d+)\}", next((ROOT / "ui-bridge").rglob("reminders.hpp")).read_text(encoding="utf-8"))[1]
        limit = re.fullmatch(r"PT(\d+)H", self.text("Settings/ExecutionTimeLimit"))[1]
        self.assertTrue(int(shown) < int(limit) < 24, limit)
        self.assertEqual(self.text("Triggers/CalendarTrigger/ScheduleByDay/DaysInterval"), "1")
        self.assertEqual(self.text("Triggers/LogonTrigger/Delay"), "PT10M")
        self.assertEqual(self.text("Settings/DisallowStartIfOnBatteries"), "false")

    def test_one_that_an_administrator_has_disabled_stays_so(self):
        self.assertEqual(self.text("Settings/Enabled"), "true")
        self.assertEqual(self.text("Settings/Enabled", task(state="disabled")), "false")

    def test_a_folder_of_any_name_is_possible(self):
        root = task("D:\\R&D <1>\\koshin-ui.exe", "D:\\R&D <1>\\koshin-events.dll")
        self.assertEqual(self.text("Actions/Exec/Command", root), "D:\\R&D <1>\\koshin-ui.exe")
        self.assertEqual(self.text("RegistrationInfo/Description", root), "$(@D:\\R&D <1>\\koshin-events.dll,-3)")


unittest.main(verbosity=2)
