#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A malicious web server on loopback: attacker.py MODE FOLDER PORTFILE.

MODE is "endless" (metadata that never ends), "slow" (a byte now and then), "long-package"
(packages that do not end) or "honest"."""
import http.server
import os
import sys
import time

mode, folder, portfile = sys.argv[1:]


class Attacker(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        path = os.path.join(folder, self.path.lstrip("/"))
        if ".." in self.path or not os.path.isfile(path):
            self.send_error(404)
            return
        print(self.path, os.path.getsize(path), flush=True)
        data = open(path, "rb").read()
        victim = path.endswith("timestamp.json") or (
            mode == "long-package" and path.endswith(".cpk"))
        self.send_response(200)
        if not victim or mode == "honest":
            self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        try:
            if victim and mode == "slow":
                for byte in data:
                    self.wfile.write(bytes([byte]))
                    self.wfile.flush()
                    time.sleep(0.5)
            self.wfile.write(data)
            while victim and mode in ("endless", "long-package"):
                self.wfile.write(b" " * 65536)
        except OSError:
            pass
        self.close_connection = True

    def log_message(self, *args):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Attacker)
with open(portfile + ".new", "w") as f:
    f.write(str(server.server_address[1]))
os.rename(portfile + ".new", portfile)
server.serve_forever()
