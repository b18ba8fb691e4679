#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Gives the file SCRIPT, as it is then, to whoever asks for a proxy script. usage: script_server.py SCRIPT LOG
Prints its port; writes a line into LOG for each request: who asks (User-Agent), and for what."""
import http.server
import pathlib
import sys
import threading


class Handler(http.server.BaseHTTPRequestHandler):
    timeout = 20

    def do_GET(self):  # noqa: N802
        body = pathlib.Path(sys.argv[1]).read_bytes()
        with open(sys.argv[2], "a", encoding="utf-8") as log:
            log.write(f"{self.headers.get('User-Agent', '-')} {self.path}\n")
        self.send_response(200)
        self.send_header("Content-Type", "application/x-ns-proxy-autoconfig")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """Nothing on standard error."""


with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(server.server_address[1], flush=True)
    sys.stdin.read()  # it ends with whoever has started it
