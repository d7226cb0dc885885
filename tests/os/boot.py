# SPDX-License-Identifier: MIT
"""Boots the system and does what a user does. usage: boot.py KERNEL BOOT.IMG DISK [NAME...]"""
import os
import socket
import sys
import tempfile
import threading
import time

from machine import PATIENCE, Machine, Timeout

KERNEL, INITRD, DISK = sys.argv[1:4]
ONLY = sys.argv[4:]
SHELL = r"(?m)^calx# $"


class Disk:
    """A copy of the disk that lives as long as the test."""

    def __enter__(self):
        self.path = tempfile.mktemp(prefix="calx-disk-")
        os.system("cp --sparse=always '%s' '%s'" % (DISK, self.path))
        return self.path

    def __exit__(self, *a):
        os.unlink(self.path)


class Booted:
    """A machine at its shell on the serial line."""

    def __init__(self, smp=1, disk=None, **kw):
        self.own = None
        if disk is None:
            self.own = Disk()
            disk = self.own.__enter__()
        self.m = Machine(KERNEL, INITRD, disk, smp=smp, **kw)

    def __enter__(self):
        self.m.expect(SHELL, 60)
        return self.m

    def __exit__(self, *a):
        self.m.kill()
        if self.own:
            self.own.__exit__()


def check(cond, why):
    if not cond:
        raise AssertionError(why)


def running(m, name):
    """The pid of a service that runs, or 0."""
    for line in m.run("services").splitlines():
        f = line.split()
        if len(f) == 4 and f[0] == name and f[2] == "running":
            return int(f[1])
    return 0


def until(what, timeout=30):
    end = time.time() + timeout * PATIENCE
    while time.time() < end:
        r = what()
        if r:
            return r
        time.sleep(0.5)
    raise Timeout("it never became so")


def serve(answer):
    """A TCP server on loopback for one connection; its port."""
    s = socket.socket()
    s.bind(("127.0.0.1", 0))
    s.listen(4)
    s.settimeout(1200)

    def run():
        try:
            while True:
                c, _ = s.accept()
                data = c.recv(4096)
                c.sendall(answer(data))
                c.close()
        except OSError:
            pass
    threading.Thread(target=run, daemon=True).start()
    return s.getsockname()[1]


def shell_runs(smp):
    with Booted(smp) as m:
        check(m.run("x=6; echo $((x * 7))") == "42\n", "arithmetic")
        check(m.run("for i in 1 2 3; do echo $i | (read a; echo got $a); done") ==
              "got 1\ngot 2\ngot 3\n", "pipes")
        check(m.run("(exit 3); echo $?") == "3\n", "exit status")
        check(m.run("cd /tmp; pwd; cd") == "/tmp\n", "cd")


def files_survive_a_power_off(smp):
    with Disk() as disk:
        with Booted(smp, disk) as m:
            m.run("echo kept >/root/kept; echo 2 >/root/two")
            m.send("poweroff\n")
            check(m.wait(40) == 0, "status after power off")
        with Booted(smp, disk) as m:
            check(m.run("read a </root/kept; read b </root/two; echo $a $b") == "kept 2\n", "files")


def press(m, key):
    """Until the prompt is back: the program that is to hear of the key may only be starting."""
    def prompt():
        m.send(key)
        try:
            return m.expect(SHELL, 3 / PATIENCE)
        except Timeout:
            return False
    until(prompt)


def start_sleep(m):
    m.send("sh -c 'echo be\"\"gins; exec sleep 1000'\n")
    m.expect(r"\nbegins\n")


def interrupt_key_ends_a_program(smp):
    with Booted(smp) as m:
        start_sleep(m)
        press(m, "\x03")
        check(m.run("echo $?") == "130\n", "status 130")


def network(m):
    """Waits for the network: a prompt comes before netd has started on a machine with one processor."""
    until(lambda: "1 received" in m.run("ping -c 1 10.0.2.2"))


def suspend_and_continue(smp):
    with Booted(smp) as m:
        start_sleep(m)
        press(m, "\x1a")
        check("Stopped" in m.run("jobs"), "a stopped job")
        m.send("fg\n")
        press(m, "\x03")


def line_editing_on_serial(smp):
    with Booted(smp) as m:
        m.send("echo abx\x7fc wrong\x17right\n")
        m.expect(r"\nabc right\n")


def keys_reach_the_screen_console(smp):
    with Booted(smp) as m:
        def typed():
            m.keys("\necho typed>/tmp/typed\n")
            time.sleep(1)
            return "typed" in m.run("read a </tmp/typed; echo $a")
        until(typed)


def screen_shows_text(smp):
    with Booted(smp) as m:
        path = os.path.join(m.dir, "screen.ppm")

        def shown():
            m.monitor("screendump " + path)
            try:
                with open(path, "rb") as f:
                    _, size, _, pixels = f.read().split(b"\n", 3)
                os.unlink(path)
            except (OSError, ValueError):    # not written yet
                return False
            w, h = map(int, size.split())
            lit = sum(1 for i in range(0, len(pixels), 3) if pixels[i] > 128)
            return (w, h) == (1024, 768) and len(pixels) == 3 * w * h and 200 < lit < w * h // 4
        until(shown)


def tcp_to_the_host(smp):
    big = b"x" * 300000 + b"\n"
    port = serve(lambda d: b"got " + d + big)
    with Booted(smp) as m:
        network(m)
        m.run("echo hello | nc 10.0.2.2 %d >/tmp/out" % port, 60)
        check(m.run("read a b </tmp/out; echo $a $b") == "got hello\n", "first line")
        check(m.run("(read a; read b; echo ${#b}) </tmp/out", 60) == "300000\n", "long line")
        check("refused" in m.run("nc 10.0.2.2 1"), "refused connection")


def ping_and_loopback(smp):
    with Booted(smp) as m:
        network(m)
        check("1 received" in m.run("ping -W 60 -c 1 localhost", 60), "ping localhost")
        # Its input does not end: else the other one may see the end before it has sent anything.
        m.run("mkfifo /tmp/in; nc -l 99 >/tmp/l 0<>/tmp/in & ping -c 2 127.0.0.1 >/dev/null")
        # On a slow machine the listener may not be there yet.
        m.run("i=0; until echo foo | nc 127.0.0.1 99 || test $i = 60; do i=$((i+1)); sleep 1; done; wait", 90)
        check(m.run("read x </tmp/l; echo $x") == "foo\n", "loopback")


def killed_server_comes_back(name, smp, works):
    with Booted(smp) as m:
        pid = until(lambda: running(m, name))
        works(m)
        m.run("kill -9 %d" % pid)
        until(lambda: running(m, name) not in (0, pid))
        until(lambda: works(m), 40)


def killed_netd_comes_back(smp):
    killed_server_comes_back("netd", smp, lambda m: "1 received" in m.run("ping -c 1 10.0.2.2", 40))


def killed_network_driver_comes_back(smp):
    killed_server_comes_back("virtio-net", smp,
                             lambda m: "1 received" in m.run("ping -c 1 10.0.2.2", 40))


def killed_disk_driver_comes_back(smp):
    def works(m):
        m.run("echo $$ >/tmp/after; sync 2>/dev/null")
        return m.run("read a </tmp/after; test $a = $$ && echo same") == "same\n"
    killed_server_comes_back("virtio-blk", smp, works)


def killed_screen_comes_back(smp):
    def works(m):
        m.keys("echo x>/tmp/x\n")
        time.sleep(1)
        return m.run("read a </tmp/x; rm -f /tmp/x 2>/dev/null; echo $a") == "x\n"
    killed_server_comes_back("fb", smp, works)


def killed_file_server_comes_back(smp):
    def works(m):
        m.run("echo $$ >/tmp/after")
        return m.run("read a </tmp/after; test $a = $$ && echo same") == "same\n"
    killed_server_comes_back("fs", smp, works)


def killed_terminal_server_gives_a_new_login(smp):
    with Booted(smp) as m:
        m.send("kill -9 %d\n" % running(m, "ptyd"))
        m.expect("Calx\n", 30)
        m.expect(SHELL, 30)
        check(m.run("echo again") == "again\n", "a shell")


def logins_are_as_configured(smp):
    with Disk() as disk:
        m = Machine(KERNEL, INITRD, disk, smp=smp, append="console=serial quiet")
        try:
            m.expect(r"(?m)^.*calx.*# $", 60)
            m.send("echo >/etc/getty.conf; passwd -d root; exit\n")
            m.expect(r"login: $", 30)
            m.send("nobody\n")
            m.expect("Password: $")
            m.send("x\n")
            m.expect("Login incorrect")
            m.expect(r"login: $")
            m.send("root\n")
            m.expect(SHELL)
        finally:
            m.kill()


def test_status_leaves_the_machine(smp):
    with Disk() as disk:
        m = Machine(KERNEL, INITRD, disk, smp=smp, append="console=serial quiet test=/bin/false-test")
        try:
            check(m.wait(60) == 63, "status of a program that is not there")
        finally:
            m.kill()


def small_memory(smp):
    with Booted(smp, mem=24) as m:
        check(m.run("echo fits") == "fits\n", "a shell in 24 MiB")
        check(int(m.run("df -k /tmp").split()[-5]) <= 12 * 1024, "/tmp has at most half of the memory")


def with_little_memory(smp, program, tests):
    with Booted(smp, os.environ["CALX_DEVDISK"], mem=64, limit=600) as m:
        lines = m.run("/m/" + program, 240).splitlines()
        check(len(lines) == tests and all(line.startswith("ok ") for line in lines), " ".join(lines)[-200:])


def file_larger_than_memory(smp):
    """Twice the memory: written, mapped, changed there, read, past the cache."""
    with_little_memory(smp, "big-file", 4)


def threads_without_end(smp):
    with_little_memory(smp, "many-threads", 3)


TESTS = [shell_runs, files_survive_a_power_off, interrupt_key_ends_a_program, suspend_and_continue,
         line_editing_on_serial, keys_reach_the_screen_console, screen_shows_text, tcp_to_the_host,
         ping_and_loopback, killed_netd_comes_back, killed_network_driver_comes_back,
         killed_disk_driver_comes_back, killed_screen_comes_back, killed_file_server_comes_back,
         killed_terminal_server_gives_a_new_login, logins_are_as_configured, test_status_leaves_the_machine,
         small_memory] + ([file_larger_than_memory, threads_without_end] if os.environ.get("CALX_DEVDISK") else [])


def device_programs(smp):
    """Runs the programs in /t of the second disk: their lines are ours. True when one failed. The fuzzer of
    messages has a quarter of FUZZ_SECONDS each time; hours: FUZZ_SECONDS=14400 tests/os/run device."""
    failed = False
    fuzz = int(os.environ.get("FUZZ_SECONDS", "60")) // 4
    with Booted(smp, os.environ["CALX_DEVDISK"], limit=600 + fuzz) as m:
        for name in m.run("echo /t/*").split():
            try:
                lines = m.run("%s %d" % (name, fuzz) if name == "/t/wild" else name, 240 + fuzz).splitlines()
            except Timeout as e:
                lines = ["FAIL ended: " + str(e).replace("\n", " | ")[-200:]]
            for line in lines:
                word, _, rest = line.partition(" ")
                if word == "#":
                    print(line, flush=True)
                if word in ("ok", "FAIL"):
                    print("%s device%s/%s/%s" % (word, name, smp, rest), flush=True)
                    failed |= word == "FAIL"
            if not lines:
                print("FAIL device%s/%d: no lines" % (name, smp), flush=True)
                failed = True
            if lines[-1:] and lines[-1].startswith("FAIL ended"):
                break
    return failed


def main():
    failed = 0
    if os.environ.get("CALX_DEVDISK") and (not ONLY or "device" in ONLY):
        for smp in (1, 4):
            try:
                failed |= device_programs(smp)
            except (Timeout, OSError) as e:
                failed = 1
                print("FAIL device/%d: %s" % (smp, str(e)[-200:].replace("\n", " | ")), flush=True)
    left = float(os.environ.get("CALX_LEFT", "1e9"))
    begin = time.time()
    for t in TESTS:
        for smp in (1, 4):
            name = "%s/%d" % (t.__name__, smp)
            if ONLY and t.__name__ not in ONLY and name not in ONLY:
                continue
            if time.time() - begin > left - 60:
                print("skip %s: no time left" % name, flush=True)
                continue
            try:
                t(smp)
                print("ok %s" % name, flush=True)
            except (Timeout, AssertionError, OSError) as e:
                failed = 1
                print("FAIL %s: %s" % (name, str(e).replace("\n", " | ")[-300:]), flush=True)
    return failed


sys.exit(main())
