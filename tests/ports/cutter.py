#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A web server that breaks off every package half-way: cutter.py PORT FOLDER (on loopback)."""
import http.server
import os
import sys


class Cutter(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        path = os.path.join(sys.argv[2], self.path.lstrip("/"))
        if ".." in self.path or not os.path.isfile(path):
            self.send_error(404)
            return
        data = open(path, "rb").read()
        first = 0
        got = self.headers.get("Range", "")
        if got.startswith("bytes="):
            first = int(got[6:].split("-")[0])
        rest = data[first:]
        self.send_response(206 if first else 200)
        self.send_header("Content-Length", str(len(rest)))
        if first:
            self.send_header("Content-Range", f"bytes {first}-{len(data) - 1}/{len(data)}")
        self.end_headers()
        self.wfile.write(rest[: len(rest) // 2] if path.endswith(".cpk") else rest)
        self.close_connection = True

    def log_message(self, *args):
        pass


http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Cutter).serve_forever()
