# SPDX-License-Identifier: MIT
"""A booted Calx in the emulator: its serial line and QEMU's monitor, for the tests."""
import os
import re
import select
import shutil
import signal
import socket
import subprocess
import tempfile
import time

TOP = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
PATIENCE = 4    # a host with other things to do: every deadline is this many times longer
PROMPT = r"(?:^|\n)[^\n]*# $"


class Timeout(Exception):
    pass


class Machine:
    """kernel and initrd are paths, or None with -B in opts; kw: disk, smp, append, net (bool), opts (of
    scripts/qemu), extra (QEMU arguments)."""

    def __init__(self, kernel, initrd, disk=None, smp=1, append="console=serial quiet shell=/bin/sh", net=True,
                 mem=512, limit=300, opts=(), extra=()):
        self.dir = tempfile.mkdtemp(prefix="calx-")
        self.sock = os.path.join(self.dir, "monitor")
        args = [os.path.join(TOP, "scripts", "qemu"), "-q", "-s", str(smp), "-m", str(mem), "-a", append,
                "-M", self.sock, "-t", str(limit * PATIENCE)]
        if kernel:
            args += ["-k", kernel, "-i", initrd]
        if disk:
            args += ["-d", disk]
        if not net:
            args += ["-N"]
        self.proc = subprocess.Popen([*args, *opts, "--", *extra], stdin=subprocess.PIPE,
                                     stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                     start_new_session=True)
        self.seen = ""      # everything so far
        self.mark = 0       # what was already matched

    def _pump(self, wait):
        ready, _, _ = select.select([self.proc.stdout], [], [], wait)
        if not ready:
            return True
        data = os.read(self.proc.stdout.fileno(), 65536)
        self.seen += data.decode("utf-8", "replace").replace("\r", "")
        return bool(data)

    def expect(self, pattern, timeout=30):
        """Waits for the pattern after the last match; returns the match."""
        end = time.time() + timeout * PATIENCE
        while True:
            m = re.compile(pattern).search(self.seen, self.mark)
            if m:
                self.mark = m.end()
                return m
            left = end - time.time()
            if left <= 0:
                raise Timeout("no %r in: ...%s" % (pattern, self.seen[self.mark:][-600:]))
            if not self._pump(min(left, 1.0)) and self.proc.poll() is not None:
                if not re.compile(pattern).search(self.seen, self.mark):
                    raise Timeout("the machine ended before %r: ...%s" % (pattern, self.seen[-600:]))

    def send(self, text):
        self.proc.stdin.write(text.encode())
        self.proc.stdin.flush()

    def run(self, command, timeout=30):
        """A line for the shell: its output without the echo."""
        self.send(command + "\n")
        self.expect(re.escape(command[-20:]) + r"\n", timeout)
        start = self.mark
        m = self.expect(r"(?m)^(?:calx|rescue)# $", timeout)
        return self.seen[start:m.start()]

    def monitor(self, command):
        s = socket.socket(socket.AF_UNIX)
        s.settimeout(120)
        for _ in range(600):
            try:
                s.connect(self.sock)
                break
            except OSError:
                time.sleep(0.1)
        text = b""
        while not text.endswith(b"(qemu) "):
            text += s.recv(65536)
        s.sendall(command.encode() + b"\n")
        text = b""
        while not text.endswith(b"(qemu) "):
            text += s.recv(65536)
        s.close()
        return text.decode("utf-8", "replace")

    def keys(self, text):
        """Types on the machine's keyboard."""
        names = {" ": "spc", "\n": "ret", "/": "slash", "-": "minus", ".": "dot", ">": "shift-dot"}
        for c in text:
            self.monitor("sendkey %s" % names.get(c, "shift-" + c.lower() if c.isupper() else c))
            time.sleep(0.05)

    def wait(self, timeout=30):
        """Waits for the emulator's end; its status."""
        end = time.time() + timeout * PATIENCE
        while self.proc.poll() is None and time.time() < end:
            self._pump(0.5)
        if self.proc.poll() is None:
            raise Timeout("the machine did not end: ...%s" % self.seen[-400:])
        return self.proc.returncode

    def kill(self):
        if self.proc.poll() is None:
            os.killpg(self.proc.pid, signal.SIGTERM)
            try:
                self.proc.wait(10)
            except subprocess.TimeoutExpired:
                self.proc.kill()
        self.proc.stdout.close()
        shutil.rmtree(self.dir, ignore_errors=True)
