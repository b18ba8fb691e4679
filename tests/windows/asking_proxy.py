#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A proxy that asks whoever connects who it is, by Negotiate and NTLM, and lets nobody pass. usage: asking_proxy.py LOG
Prints its port; writes a line into LOG for each CONNECT: its target, and the scheme of its answer ("-": none)."""
import socketserver
import sys
import threading


class Connection(socketserver.StreamRequestHandler):
    timeout = 20

    def handle(self):
        while True:
            request = self.rfile.readline(8192).decode("latin-1").split()
            fields = {}
            while (line := self.rfile.readline(65536).decode("latin-1").strip()):
                name, _, value = line.partition(":")
                fields[name.lower()] = value.strip()
            if len(request) != 3:
                return
            answer = fields.get("proxy-authorization", "-").split()[0]
            with open(sys.argv[1], "a", encoding="ascii") as log:
                log.write(f"{request[1]} {answer}\n")
            self.wfile.write(b"HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Negotiate\r\n"
                             b"Proxy-Authenticate: NTLM\r\nContent-Length: 0\r\n\r\n")


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True


with Server(("127.0.0.1", 0), Connection) as server:
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(server.server_address[1], flush=True)
    sys.stdin.read()  # it ends with whoever has started it
