#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A desktop portal that resolves proxies, for tests: org.freedesktop.portal.ProxyResolver on the session bus.

Usage: portal.py ANSWER...    the proxies of each answer ("http://a:3128" "direct://")
       portal.py --error      answers with an error, as a portal does that cannot fetch the desktop's script
       portal.py --silent     takes questions and never answers
Prints "ready", then each question's URL.
"""

import sys

import dbus
import dbus.mainloop.glib
import dbus.service
from gi.repository import GLib

INTERFACE = "org.freedesktop.portal.ProxyResolver"


class Portal(dbus.service.Object):
    def __init__(self, bus, answers):
        super().__init__(bus, "/org/freedesktop/portal/desktop")
        self.answers = answers

    @dbus.service.method(INTERFACE, in_signature="s", out_signature="as", async_callbacks=("reply", "refuse"))
    def Lookup(self, uri, reply, refuse):
        print(uri, flush=True)
        if self.answers == ["--silent"]:
            return
        if self.answers == ["--error"]:
            refuse(dbus.DBusException("Could not download proxy script", name="org.freedesktop.portal.Error.Failed"))
            return
        reply(dbus.Array(self.answers, signature="s"))


dbus.mainloop.glib.DBusGMainLoop(set_as_default=True)
session = dbus.SessionBus()
name = dbus.service.BusName("org.freedesktop.portal.Desktop", session, do_not_queue=True)
portal = Portal(session, sys.argv[1:])
print("ready", flush=True)
GLib.MainLoop().run()
