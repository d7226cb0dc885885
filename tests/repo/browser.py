#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Looks at pages in a real browser without a window: browser.py PROGRAM URL PAGE... [PNG]

Each page is loaded at the width of a desk and of a phone, with JavaScript and without. It must not
be wider than the window, must run no script but its own and open no dialog. The list of the first
page must shrink when one types into its field, and be whole where there is no JavaScript. With a
last argument *.png, the first page as a phone shows it is written there. Prints what is wrong.
"""
import base64
import fcntl
import json
import os
import subprocess
import sys
import tempfile


class Browser:
    """Chromium's DevTools protocol over its pipe: JSON texts that end in NUL."""

    def __init__(self, program, profile):
        theirs_in, self.to = os.pipe()
        self.frm, theirs_out = os.pipe()
        high_in = fcntl.fcntl(theirs_in, fcntl.F_DUPFD, 60)
        high_out = fcntl.fcntl(theirs_out, fcntl.F_DUPFD, 60)

        def ends():
            os.dup2(high_in, 3)
            os.dup2(high_out, 4)

        self.process = subprocess.Popen(
            [program, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
             "--no-first-run", "--disable-extensions", "--disable-component-update",
             "--disable-background-networking", "--remote-debugging-pipe",
             "--user-data-dir=" + profile, "about:blank"],
            preexec_fn=ends, close_fds=False, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for fd in (theirs_in, theirs_out, high_in, high_out):
            os.close(fd)
        self.buffer, self.count, self.session, self.events = b"", 0, None, []
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self.call("Page.enable")

    def read(self):
        while b"\0" not in self.buffer:
            data = os.read(self.frm, 1 << 16)
            if not data:
                raise SystemExit("the browser ended")
            self.buffer += data
        text, self.buffer = self.buffer.split(b"\0", 1)
        return json.loads(text)

    def call(self, method, **params):
        self.count += 1
        message = {"id": self.count, "method": method, "params": params}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.to, json.dumps(message).encode() + b"\0")
        while True:
            answer = self.read()
            if answer.get("id") == self.count:
                if "error" in answer:
                    raise SystemExit(f"{method}: {answer['error']}")
                return answer["result"]
            self.events.append(answer)

    def load(self, url):
        self.events = []
        self.call("Page.navigate", url=url)
        while not any(e.get("method") == "Page.loadEventFired" for e in self.events):
            self.events.append(self.read())
        return [e for e in self.events if e.get("method") == "Page.javascriptDialogOpening"]

    def value(self, expression):
        result = self.call("Runtime.evaluate", expression=expression, returnByValue=True)
        return result["result"].get("value")

    def close(self):
        self.process.kill()
        self.process.wait()


WIDEST = """(() => { let w = innerWidth, bad = '';
for (const e of document.querySelectorAll('body *')) { const r = e.getBoundingClientRect();
if (r.right > w + 1 && !e.closest('pre')) { bad = e.tagName + ' ' + e.textContent.slice(0, 40); break; } }
return bad; })()"""


def look(browser, url, width, script):
    browser.call("Emulation.setDeviceMetricsOverride", width=width, height=800,
                 deviceScaleFactor=1, mobile=width < 500)
    browser.call("Emulation.setScriptExecutionDisabled", value=not script)
    bad = []
    if browser.load(url):
        bad.append("opens a dialog")
    scroll = browser.value("document.documentElement.scrollWidth")
    if scroll > width:
        bad.append(f"is {scroll} wide: {browser.value(WIDEST)}")
    if browser.value("typeof pwned") != "undefined":
        bad.append("runs a foreign script")
    if browser.value("[...document.scripts].filter(s => !/search\\.js$/.test(s.src)).length"):
        bad.append("has a foreign script")
    if browser.value("document.querySelectorAll('img, iframe, [onload], [onerror], [onclick], [style]').length"):
        bad.append("has foreign markup")
    if browser.value("getComputedStyle(document.querySelector('nav')).display") != "flex":
        bad.append("has no style")
    return [f"{url} at {width}{'' if script else ' without JavaScript'}: {b}" for b in bad]


SHOWN = "[...document.querySelectorAll('ul.list li')].filter(e => e.offsetParent).length"


def search(browser, url):
    bad = []
    look(browser, url, 1280, False)
    whole = browser.value(SHOWN)
    if not whole or browser.value("document.querySelectorAll('input').length"):
        bad.append("without JavaScript the list is not whole, or there is a field that does nothing")
    look(browser, url, 1280, True)
    first = browser.value("document.querySelector('ul.list a').textContent")
    browser.value("(() => { const i = document.querySelector('input'); i.value = '" + str(first) +
                  "'; i.dispatchEvent(new Event('input')); })()")
    shown = browser.value(SHOWN)
    if not 0 < shown < whole:
        bad.append(f"searching {first}: {shown} of {whole} are shown")
    return [f"{url}: {b}" for b in bad]


def main():
    program, base, *pages = sys.argv[1:]
    picture = pages.pop() if pages[-1].endswith(".png") else None
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        browser = Browser(program, profile)
        try:
            bad = [b for page in pages for width in (1280, 360) for script in (True, False)
                   for b in look(browser, base + page, width, script)]
            bad += search(browser, base + pages[0])
            if picture:
                look(browser, base + pages[0], 360, True)
                data = browser.call("Page.captureScreenshot")["data"]
                with open(picture, "wb") as f:
                    f.write(base64.b64decode(data))
        finally:
            browser.close()
    print("\n".join(bad))
    return bool(bad)


sys.exit(main())
