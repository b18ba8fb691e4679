# SPDX-License-Identifier: MIT
"""The findings of koshin doctor that have an advice: what was examined, and on which system it is said.

The catalogue knows neither; the code that reports a finding does (agent/renewal, agent/desk_check), and manuals_test.py holds
this file to it. A finding about the computer is of Windows where its name begins with one of OF_WINDOWS.
"""
from typing import NamedTuple

from brand import Refused

# How the name of a finding begins, and what was examined then, where that is not the name of what was examined itself.
EXAMINED = {
    "doctor": {"purposes_": ("settings",), "pin_not_given": ("log_in",), "pair_": ("pairs",), "memory_low": ("new_key",),
               "officer_": ("security_officer",), "write_": ("writing",), "authority_did_not_": ("authority_log_in",)},
    "computer": {"windows_service_": ("card_service",), "reader_unknown_": ("readers",), "unit_": ("agent_unit",), "windows_start_": ("agent_unit",), "messages_": ("notifications",),
                 "browser_lacks_": ("firefox", "chromium"), "browser_has_": ("firefox", "chromium"),
                 "browser_proxy_": ("firefox", "chromium"), "policy_": ("browser_policy",), "link_": ("link_handler",), "file_unusable": ("named_file", "unattended"),
                 "choice_": ("firefox_choice",), "store_": ("certificate_store",)}}
OF_WINDOWS = ("windows_", "store_")
OF_LINUX = ("memory_lock_", "card_service_", "readers_", "reader_unknown_", "agent_", "unit_", "reminder_", "messages_", "browser_none", "browser_no_xdg_", "link_")
# Findings that are given the advice of another one.
ADVICE_OF = {"windows_readers_none": "readers_none", "windows_link_opens_nothing": "windows_link_opens_another",
             "windows_start_missing": "windows_link_opens_another", "windows_reminder_missing": "windows_link_opens_another",
             "windows_agent_other_version": "windows_agent_outdated"}


class Row(NamedTuple):
    """Keys of the catalogue, and "linux", "windows" or "each"."""
    examined: tuple
    system: str
    finding: str
    advice: str


def examined_by(texts, area, name):
    """The keys of what was examined when the finding was made: by the longest beginning that fits."""
    ids = {key.rpartition(".")[2]: (key.rpartition(".")[2],) for key in texts if key.startswith(f"{area}.examined.")}
    names = (name, name.removeprefix("windows_"))
    fitting = [(len(beginning), examined) for beginning, examined in {**ids, **EXAMINED[area]}.items() if any(n.startswith(beginning) for n in names)]
    if not fitting:
        raise Refused(f"{__file__}: EXAMINED does not say what was examined when {area}.finding.{name} was found")
    return tuple(f"{area}.examined.{one}" for one in max(fitting)[1])


def system_of(name):
    if name.startswith(OF_WINDOWS):
        return "windows"
    return "linux" if name.startswith(OF_LINUX) else "each"


def findings_with_advice(texts):
    """A Row for each, in the order of the catalogue."""
    rows = []
    for key in texts:
        area, _, advised = key.partition(".advice.")
        if area not in EXAMINED or not advised:
            continue
        for name in (advised, *(other for other, same in ADVICE_OF.items() if same == advised)):
            finding = next((of for of in (f"{area}.finding.{name}", f"{area}.finding.{name.removeprefix('windows_')}") if of in texts), None)
            if finding is None:
                raise Refused(f"{__file__}: {key} is an advice, and no finding has its name")
            rows.append(Row(examined_by(texts, area, name), system_of(name), finding, key))
    return rows
