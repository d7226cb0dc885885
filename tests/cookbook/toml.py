# SPDX-License-Identifier: MIT
# Compares cook's TOML parser with Python's tomllib over mutated documents: what tomllib
# refuses must be refused, and what both take must be the same.  toml.py TOMLCHECK SECONDS FILE...
import json, random, struct, subprocess, sys, time, tomllib

WORDS = ['[', ']', '[[', ']]', '"', '"""', "'", "'''", '=', '\n', '\r\n', '\r', '\\', '\\u00e9', '\\U0010FFFF',
    '\\ud800', '\\e', '{', '}', ',', '#', '.', '[a.b]\n', '[a]\n', 'a = 1\n', 'true', 'false', '0x1f', '0o7', '0b1',
    '1_000', '_1', '+5', '-0', '00', '1.5', '1e5', 'inf', '1979-05-27', '07:32:00', 'é', '\t', ' ', '\x00', '\x7f',
    '"" = 2\n', "'k' = {a = 1, b = [1, {c = 2}]}\n", '\\\n  ', '9223372036854775808', '-9223372036854775808']

def mutate(s, r):
    for _ in range(r.randint(1, 6)):
        i = r.randint(0, len(s))
        k = r.randint(0, 3)
        if k == 0: s = s[:i] + r.choice(WORDS).encode() + s[i:]
        elif k == 1: s = s[:i] + s[i + r.randint(1, 12):]
        elif k == 2: s = s[:i] + bytes([r.randint(0, 255)]) + s[i + 1:]
        else:
            j = r.randint(0, len(s))
            s = s[:i] + s[j:j + r.randint(1, 60)] + s[i:]
    return s

def reference(s):
    try:
        return tomllib.loads(s.decode('utf-8'))
    except (ValueError, RecursionError):
        return None

def main():
    check, seconds, files = sys.argv[1], float(sys.argv[2]), sys.argv[3:]
    seeds = [open(f, 'rb').read()[:1500] for f in files] + [b'a = 1\n[b]\nc = ["x", """y\n"""]\n']
    r, end, n, both, bad = random.Random(1), time.time() + seconds, 0, 0, 0
    p = subprocess.Popen([check], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    while time.time() < end and bad < 5:
        docs = [mutate(r.choice(seeds), r) for _ in range(200)]
        for s in docs:
            p.stdin.write(struct.pack('<I', len(s)) + s)
            p.stdin.flush()
            line = p.stdout.readline().decode('utf-8', 'replace')
            if not line: print('crash on', s); return 1
            n += 1
            if line == 'refused\n': continue
            both += 1
            ours, want = json.loads(line), reference(s)
            if ours != want: print('differs:', s, ours, want); bad += 1
    print(n, 'documents,', both, 'taken by both')
    return bad > 0 or both == 0

sys.exit(main())
