# SPDX-License-Identifier: MIT
"""The count of what holds, for tests that go on after what does not."""
import sys

passed = failed = 0


def check(name, condition, more=""):
    global passed, failed
    if condition:
        passed += 1
    else:
        failed += 1
        print(f"FAILED  {name} {more}")


def finish():
    """Ends the program: with 0 when something was looked at and all of it holds."""
    print(f"{passed} passed, {failed} failed")
    sys.exit(0 if failed == 0 and passed > 0 else 1)
