# SPDX-License-Identifier: MIT
# python-runner.py DIR: runs the modules of DIR/list by unittest, each in a child of its own that has the
# modules which all need, SUITE_JOBS at a time, without resources (test.support), and prints lines as
# runner.sh does: "test NAME", "count NAME PASSED FAILED SKIPPED", "took NAME SECONDS" (of a processor).
import gc, os, signal, sys, time

folder = sys.argv[1]
limit = int(os.environ.get("SUITE_TEST_SECONDS", "120"))
jobs = int(os.environ.get("SUITE_JOBS", "1"))


def preload():
    import test.support, unittest, unittest.mock, test.support.os_helper, test.support.script_helper
    import test.support.import_helper, test.support.threading_helper, test.support.warnings_helper
    import re, json, tempfile, subprocess, threading, pickle, random, io, textwrap, contextlib, collections
    test.support.use_resources = {}
    test.support.verbose = 0


def needs_c_side(tests):
    """Could a module not be loaded because the modules in C for tests were not built?"""
    import unittest
    return any(isinstance(t, unittest.loader._FailedTest) and "No module named '_test" in str(t._exception) for t in tests)


def child(name, output):
    """Runs a module and ends; the last line of its output is for result()."""
    import unittest
    os.setsid()
    fd = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
    os.dup2(fd, 1), os.dup2(fd, 2)
    os.dup2(os.open("/dev/null", os.O_RDONLY), 0)
    place = f"{folder}/tmp/{name}"
    os.makedirs(place, exist_ok=True)
    os.environ["TMPDIR"] = place
    os.chdir(place)
    signal.set_wakeup_fd(-1)
    line = "broken"
    try:
        try:
            tests = unittest.defaultTestLoader.loadTestsFromName("test." + name)
        except unittest.SkipTest as e:
            print(e)
            line = "skipped"
        else:
            if needs_c_side(tests):
                raise unittest.SkipTest("needs modules that are not built")
            r = unittest.TextTestRunner(verbosity=1, buffer=False).run(tests)
            failed = len(set(str(t) for t, _ in r.failures + r.errors)) + len(r.unexpectedSuccesses)
            line = f"result {max(0, r.testsRun - failed - len(r.skipped))} {failed} {len(r.skipped)}"
            if not r.testsRun and not failed:
                line = "skipped"
    except BaseException as e:
        import traceback
        traceback.print_exc()
        if isinstance(e, unittest.SkipTest):
            line = "skipped"
    sys.stdout.flush(), sys.stderr.flush()
    os.write(1, f"\n{line}\n".encode())
    os._exit(0)


def result(name, output, status, late):
    with open(output, "rb") as f:
        text = f.read().decode("utf-8", "replace")
    last = (text.strip().rsplit("\n", 1) or [""])[-1].split()
    for l in text.split("\n"):
        if l.startswith(("FAIL: ", "ERROR: ")):
            print("#", name, l[:150])
    if late:
        return f"FAIL {name}: took too long"
    if last[:1] == ["result"]:
        return "count " + name + " " + " ".join(last[1:])
    if last[:1] == ["skipped"]:
        return f"skip {name}"
    return f"FAIL {name}: status {status}: " + " ".join(last)[:150]


def main():
    # Tests that start Python isolated look for the others in its own folder.
    own = os.path.dirname(os.__file__) + "/test"
    if not os.path.exists(own):
        os.symlink(folder + "/lib/test", own)
    preload()
    gc.freeze()
    with open(folder + "/list") as f:
        left = [l.strip() for l in f if l.strip()]
    left.reverse()
    free, running = list(range(jobs)), {}
    while left or running:
        while left and free:
            name, job = left.pop(), free.pop()
            print("test", name, flush=True)
            output = f"{folder}/out.{job}"
            pid = os.fork()
            if pid == 0:
                child(name, output)
            running[pid] = [name, output, job, time.monotonic() + limit, False]
        pid, status, used = os.wait4(-1, os.WNOHANG)
        if pid == 0:
            for p, r in running.items():
                if time.monotonic() > r[3]:
                    r[4] = True
                    for kill in os.killpg, os.kill:
                        try:
                            kill(p, signal.SIGKILL)
                        except OSError:
                            pass
            time.sleep(0.05)
            continue
        if pid not in running:
            continue
        name, output, job, _, late = running.pop(pid)
        try:
            os.killpg(pid, signal.SIGKILL)
        except OSError:
            pass
        print(result(name, output, status, late))
        print(f"took {name} {used.ru_utime + used.ru_stime:.2f}", flush=True)
        free.append(job)
    print("end suite", flush=True)


# A child that multiprocessing spawns imports this file.
if __name__ == "__main__":
    main()
