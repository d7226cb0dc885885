#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""view.py COOK-COMMAND...: runs cook on a terminal of its own and plays a user.

Lines on standard input: "wait TEXT" until the screen's output has it after what was waited for
last, "key K" presses it, "sh COMMAND" runs a command.  Prints all output; the status is cook's.
"""
import os, pty, re, select, subprocess, sys, time

pid, fd = pty.fork()
if pid == 0:
    os.environ["TERM"] = "xterm"
    os.execvp(sys.argv[1], sys.argv[1:])
seen, at = "", 0

def read(seconds):
    global seen
    if not select.select([fd], [], [], seconds)[0]:
        return True
    try:
        data = os.read(fd, 65536)
    except OSError:
        return False
    seen += re.sub(r"\x1b\[[0-9]*[A-Z]", "", data.decode(errors="replace"))
    return bool(data)

for line in sys.stdin.read().splitlines():
    verb, _, rest = line.strip().partition(" ")
    if verb == "key":
        os.write(fd, rest.encode())
    elif verb == "sh":
        subprocess.run(["sh", "-c", rest], check=True)
    elif verb == "wait":
        end = time.time() + 120
        while rest not in seen[at:] and time.time() < end and read(1):
            pass
        if rest not in seen[at:]:
            print(seen)
            sys.exit("view.py: no '%s' after what came before" % rest)
        at = seen.index(rest, at) + len(rest)
while read(120):
    pass
print(seen)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
