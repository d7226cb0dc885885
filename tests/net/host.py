# SPDX-License-Identifier: MIT
"""The host's side of the network tests, on loopback.

host.py echo6 PORT               answers lines in capitals, by IPv6
host.py requests PORT N FILE     N requests to the device's web server; FILE begins with its /64k
host.py knock PORT               connects and goes
"""
import http.client
import socket
import sys
import threading
import time

CLIENTS = 8
EACH = 20           # requests of a connection


def echo6(port):
    listener = socket.socket(socket.AF_INET6)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("::1", port))
    listener.listen(5)
    while True:
        client, _ = listener.accept()
        with client, client.makefile("rwb") as stream:
            stream.write(stream.readline().upper())


def one(connection, path, expected, last):
    connection.request("GET", path, headers={"Connection": "close"} if last else {})
    r = connection.getresponse()
    body = r.read()
    if r.status != 200 or body != expected:
        raise ValueError("%s: status %d, %d bytes" % (path, r.status, len(body)))


def requests(port, count, path):
    """Nine of ten requests are for a small file; a connection carries EACH of them."""
    with open(path, "rb") as f:
        large = f.read(65536)
    left = iter(range(0, count, EACH))
    lock = threading.Lock()
    errors = []

    def work():
        while True:
            with lock:
                begin = next(left, None)
            if begin is None or len(errors) > 10:
                return
            end = min(begin + EACH, count)
            c = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
            try:
                for i in range(begin, end):
                    last = i + 1 == end
                    one(c, "/64k" if i % 10 == 0 else "/", large if i % 10 == 0 else b"calx\n", last)
            except (OSError, ValueError, http.client.HTTPException) as e:
                errors.append("request %d: %s" % (i, e))
            finally:
                c.close()

    begin = time.time()
    threads = [threading.Thread(target=work) for _ in range(CLIENTS)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    seconds = time.time() - begin
    if errors:
        print("FAIL web-server-answers-%d-requests: %d errors, first %s" % (count, len(errors), errors[0]))
    else:
        print("ok web-server-answers-%d-requests" % count)
        print("# web server: %.0f requests/s from %d clients in %d connections" %
              (count / seconds, CLIENTS, -(-count // EACH)))
    sys.stdout.flush()


def knock(port):
    socket.create_connection(("127.0.0.1", port), timeout=60).close()


def main():
    what = sys.argv[1]
    if what == "echo6":
        echo6(int(sys.argv[2]))
    elif what == "requests":
        requests(int(sys.argv[2]), int(sys.argv[3]), sys.argv[4])
    else:
        knock(int(sys.argv[2]))


main()
