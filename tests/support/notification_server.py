#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A real org.freedesktop.Notifications server for tests.

Prints one JSON line for each call; obeys lines on stdin: "action ID KEY", "close ID", "quit".
Usage: notification_server.py [--without-actions]   (the bus is DBUS_SESSION_BUS_ADDRESS)
"""

import json
import os
import sys

import dbus
import dbus.mainloop.glib
import dbus.service
from gi.repository import GLib

NAME = "org.freedesktop.Notifications"


def say(**members):
    print(json.dumps(members, ensure_ascii=False), flush=True)


class Server(dbus.service.Object):
    def __init__(self, bus, capabilities):
        super().__init__(bus, "/org/freedesktop/Notifications")
        self.capabilities = capabilities
        self.last = 0

    @dbus.service.method(NAME, in_signature="susssasa{sv}i", out_signature="u")
    def Notify(self, app, replaces, icon, summary, body, actions, hints, expire):
        if not replaces:
            self.last += 1
        number = replaces or self.last
        say(call="notify", id=int(number), app=app, replaces=int(replaces), summary=summary, body=body,
            actions=[str(a) for a in actions], urgency=int(hints.get("urgency", 1)), expire=int(expire))
        return dbus.UInt32(number)

    @dbus.service.method(NAME, in_signature="u", out_signature="")
    def CloseNotification(self, number):
        say(call="close", id=int(number))
        self.NotificationClosed(dbus.UInt32(number), dbus.UInt32(3))

    @dbus.service.method(NAME, out_signature="as")
    def GetCapabilities(self):
        return self.capabilities

    @dbus.service.method(NAME, out_signature="ssss")
    def GetServerInformation(self):
        return ("koshin test server", "koshin", "1", "1.2")

    @dbus.service.signal(NAME, signature="us")
    def ActionInvoked(self, number, key):
        pass

    @dbus.service.signal(NAME, signature="uu")
    def NotificationClosed(self, number, reason):
        pass


def main():
    dbus.mainloop.glib.DBusGMainLoop(set_as_default=True)
    loop = GLib.MainLoop()
    bus = dbus.SessionBus()
    capabilities = ["body", "body-markup"] + ([] if "--without-actions" in sys.argv else ["actions"])
    server = Server(bus, capabilities)
    owned = dbus.service.BusName(NAME, bus)

    unread = bytearray()

    def obey(_source, _condition):
        more = os.read(0, 4096)
        unread.extend(more)
        if not more:
            loop.quit()
        while b"\n" in unread and more:
            line, _, rest = bytes(unread).partition(b"\n")
            unread[:] = rest
            do(line.decode().split())
        return bool(more)

    def do(words):
        if words[0] == "quit":
            loop.quit()
        if words[0] == "action":
            server.ActionInvoked(dbus.UInt32(int(words[1])), words[2])
            server.NotificationClosed(dbus.UInt32(int(words[1])), dbus.UInt32(2))
        if words[0] == "close":
            server.NotificationClosed(dbus.UInt32(int(words[1])), dbus.UInt32(2))
        say(done=words[0])

    GLib.io_add_watch(0, GLib.IO_IN | GLib.IO_HUP, obey)
    say(ready=owned.get_name())
    loop.run()


main()
