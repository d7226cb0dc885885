# SPDX-License-Identifier: MIT
"""Boots the system from and with each device it has a driver for. usage: drv.py KERNEL BOOT.IMG DISK DISK-IMAGE [NAME...]

DISK is a root file system, DISK-IMAGE a whole disk that boots by itself (scripts/disk), or "".
"""
import os
import sys
import tempfile
import time

TOP = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
sys.path.insert(0, os.path.join(TOP, "tests", "os"))
from machine import Machine, Timeout  # noqa: E402

KERNEL, INITRD, DISK, WHOLE = sys.argv[1:5]
ONLY = sys.argv[5:]
SHELL = r"(?m)^calx# $"
PATIENCE = 60           # seconds; Machine and until make it longer for a busy host


class Copy:
    """A copy of a disk that lives as long as the test."""

    def __init__(self, of):
        self.path = tempfile.mktemp(prefix="calx-disk-")
        os.system("cp --sparse=always '%s' '%s'" % (of, self.path))

    def __enter__(self):
        return self.path

    def __exit__(self, *a):
        os.unlink(self.path)


class Booted:
    """A machine at its shell on the serial line."""

    def __init__(self, disk, opts, firmware=False, **kw):
        kernel, initrd = (None, None) if firmware else (KERNEL, INITRD)
        self.m = Machine(kernel, initrd, disk, opts=opts, limit=900, **kw)

    def __enter__(self):
        self.m.expect(SHELL, PATIENCE)
        return self.m

    def __exit__(self, *a):
        self.m.kill()


def check(cond, why):
    if not cond:
        raise AssertionError(why)


def until(what):
    end = time.time() + 4 * PATIENCE
    while time.time() < end:
        r = what()
        if r:
            return r
        time.sleep(0.5)
    raise Timeout("it never became so")


def running(m, name):
    """The pid of a service that runs, or 0."""
    for line in m.run("services", PATIENCE).splitlines():
        f = line.split()
        if len(f) == 4 and f[0] == name and f[2] == "running":
            return int(f[1])
    return 0


def kill_driver(m, name):
    """kill -9, and it runs again."""
    pid = until(lambda: running(m, name))
    m.run("kill -9 %d" % pid, PATIENCE)
    until(lambda: running(m, name) not in (0, pid))


FILES = 6


def load(m, driver):
    """Files are written while the driver is killed three times: nothing fails."""
    m.run("dd if=/dev/urandom of=/root/src bs=64k count=48 2>/dev/null; sha256sum </root/src >/root/sum", PATIENCE)
    m.run("(for i in 1 2 3 4 5 6; do cat /root/src >/root/d$i && sync || echo bad >>/tmp/bad; done;"
          " echo end >/tmp/end) &", PATIENCE)
    for _ in range(3):
        kill_driver(m, driver)
    until(lambda: "end" in m.run("cat /tmp/end 2>/dev/null", PATIENCE))
    check(m.run("cat /tmp/bad 2>/dev/null", PATIENCE) == "", "a write failed")


def loaded(m):
    """What load wrote is there, read from the disk."""
    want = m.run("cat /root/sum", PATIENCE)
    for i in range(1, FILES + 1):
        check(m.run("sha256sum </root/d%d" % i, PATIENCE) == want, "file %d differs" % i)


def ping(m):
    return "1 received" in m.run("ping -c 1 10.0.2.2", PATIENCE)


def off(m):
    m.send("poweroff\n")
    check(m.wait(PATIENCE) == 0, "status after power off")


def ahci_and_nvme_boot_and_survive_kills():
    """The disk is written as a SATA disk and read as an NVMe disk, and the other way round."""
    with Copy(DISK) as disk:
        with Booted(disk, ["-D", "ahci"], smp=4) as m:
            check(running(m, "ahci"), "ahci runs")
            load(m, "ahci")
            off(m)
        with Booted(disk, ["-D", "nvme"], smp=4) as m:
            loaded(m)
            load(m, "nvme")
            off(m)
        with Booted(disk, ["-D", "ahci"]) as m:
            loaded(m)


def disk_that_vanishes_gives_errors(kind):
    with Copy(DISK) as disk, Booted(disk, ["-D", kind], smp=2) as m:
        # What the shell and cat need of themselves is in memory from now on.
        m.run("cat /etc/passwd /nothing >/dev/null 2>&1; echo status=$?", PATIENCE)
        m.monitor("drive_del d0")
        # Programs that need the disk may crash now, with lines of the kernel between ours.
        m.send("cat /usr/share/man/*/* /usr/lib/* >/dev/null; echo status=$?\n")
        m.expect(r"status=[1-9]", PATIENCE)
        m.send("echo still $((6 * 7))\n")
        m.expect("still 42", PATIENCE)


def vanished_ahci_disk():
    disk_that_vanishes_gives_errors("ahci")


def vanished_nvme_disk():
    disk_that_vanishes_gives_errors("nvme")


def e1000e_carries_the_network():
    with Copy(DISK) as disk, Booted(disk, ["-n", "e1000e"], smp=4) as m:
        until(lambda: ping(m))
        m.run("(ping -c 60 10.0.2.2 >/dev/null 2>&1; true) &", PATIENCE)
        kill_driver(m, "e1000e")
        until(lambda: ping(m))


def whole_disk_boots(firmware, kind):
    check(WHOLE, "there is no whole disk")
    with Copy(WHOLE) as disk, Booted(disk, ["-B", firmware, "-D", kind], firmware=True, mem=1024) as m:
        check("running" in m.run("services", PATIENCE), "services")
        m.run("echo kept >/root/kept; sync", PATIENCE)
        off(m)


def whole_disk_boots_by_bios():
    whole_disk_boots("bios", "ahci")


def whole_disk_boots_by_uefi():
    whole_disk_boots("uefi", "nvme")


def lit(m):
    """Lit pixels of the screen, and its size."""
    path = os.path.join(m.dir, "screen.ppm")
    m.monitor("screendump " + path)
    time.sleep(1)
    try:
        with open(path, "rb") as f:
            _, size, _, pixels = f.read().split(b"\n", 3)
    except (OSError, ValueError):
        return 0, ""
    return sum(1 for i in range(0, len(pixels), 3) if pixels[i] > 128), size.decode()


def other_virtio_devices_work():
    """Keyboard, display, console and entropy in one machine."""
    with Copy(DISK) as disk, tempfile.NamedTemporaryFile() as out:
        extra = ["-vga", "none", "-device", "virtio-gpu-pci", "-device", "virtio-keyboard-pci",
                 "-device", "virtio-serial-pci", "-chardev", "file,id=c0,path=" + out.name,
                 "-device", "virtconsole,chardev=c0"]
        with Booted(disk, [], smp=2, extra=extra) as m:
            check("numbers of the device are used" in until(lambda: m.run("dmesg", PATIENCE)), "virtio-rng")
            until(lambda: running(m, "virtio-console"))
            m.run("echo to the host >/dev/hvc0", PATIENCE)
            until(lambda: b"to the host" in open(out.name, "rb").read())
            until(lambda: lit(m)[0] > 200)
            until(lambda: lit(m)[1] == "1024 768")
            until(lambda: running(m, "virtio-input"))

            def typed():
                m.keys("\necho typed>/tmp/typed\n")
                return "typed" in m.run("cat /tmp/typed 2>/dev/null", PATIENCE)
            until(typed)
            for name in ("virtio-gpu", "virtio-input", "virtio-console", "virtio-rng"):
                kill_driver(m, name)
            m.run("rm /tmp/typed", PATIENCE)
            until(typed)
            until(lambda: lit(m)[0] > 200)


def usb_disk_and_keyboard_come_and_go():
    """The root is on a USB disk; the driver is killed, the keyboard pulled out and plugged in again."""
    with Copy(DISK) as disk:
        extra = ["-device", "usb-mouse,bus=xhci0.0", "-device", "usb-kbd,bus=xhci0.0,id=k0"]
        with Booted(disk, ["-D", "usb"], smp=4, extra=extra) as m:
            load(m, "xhci")

            def typed():
                m.keys("\necho typed>/tmp/typed\n")
                return "typed" in m.run("cat /tmp/typed 2>/dev/null", PATIENCE)
            until(typed)
            m.monitor("device_del k0")
            m.run("rm /tmp/typed", PATIENCE)
            m.monitor("device_add usb-kbd,bus=xhci0.0,id=k1")
            until(typed)
            off(m)
        with Booted(disk, ["-D", "usb"]) as m:
            loaded(m)


def missing_program_is_given_up():
    """A device whose driver the disk does not have is no reason to try for ever."""
    with Copy(DISK) as disk:
        with Booted(disk, ["-n", "e1000e"]) as m:
            m.run("rm /usr/libexec/calx/e1000e; sync", PATIENCE)
            off(m)
        with Booted(disk, ["-n", "e1000e"]) as m:
            until(lambda: "e1000e: given up" in m.run("dmesg", PATIENCE))
            check("e1000e 0 stopped" in m.run("services", PATIENCE), "services")


TESTS = [ahci_and_nvme_boot_and_survive_kills, vanished_ahci_disk, vanished_nvme_disk,
         e1000e_carries_the_network, whole_disk_boots_by_bios, whole_disk_boots_by_uefi,
         other_virtio_devices_work, usb_disk_and_keyboard_come_and_go, missing_program_is_given_up]


def main():
    failed = 0
    left = float(os.environ.get("CALX_LEFT", "1e9"))
    begin = time.time()
    for t in TESTS:
        if ONLY and t.__name__ not in ONLY:
            continue
        if time.time() - begin > left - 60:
            print("skip %s: no time left" % t.__name__, flush=True)
            continue
        try:
            t()
            print("ok %s" % t.__name__, flush=True)
        except (Timeout, AssertionError, OSError) as e:
            failed = 1
            print("FAIL %s: %s" % (t.__name__, str(e).replace("\n", " | ")[-300:]), flush=True)
    return failed


sys.exit(main())
