#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""An index of many packages that exist in it alone, staged: bigindex.py REPO COUNT."""
import hashlib
import json
import random
import subprocess
import sys

repo, count = sys.argv[1], int(sys.argv[2])
rnd = random.Random(1)
names = [f"pkg-{i:05d}" for i in range(count)]
text = ["calx-index 1\n"]
for i, name in enumerate(names):
    digest = hashlib.blake2b(name.encode(), digest_size=32).hexdigest()
    needs = "".join(f"depends {n}\n" for n in sorted({names[rnd.randrange(count)] for _ in range(rnd.randrange(4))}))
    text.append(f"name {name}\nversion {rnd.randrange(9)}.{rnd.randrange(30)}.{rnd.randrange(9)}-1\n"
                f"arch x86_64-pc-calx\nlicense MIT\nsummary a test\n{needs}"
                f"provides cmd:{name}\norigin ports/test\nsize {rnd.randrange(10, 4000)}\n"
                f"package {digest} {rnd.randrange(200, 6000)}\n")
data = ("\n".join(text) + "\n").encode()
packed = subprocess.run(["zstd", "-q", "-9"], input=data, stdout=subprocess.PIPE, check=True).stdout
sha = hashlib.sha256(packed).hexdigest()
open(f"{repo}/targets/{sha}.index.zst", "wb").write(packed)
version = json.load(open(sys.argv[3]))["signed"]["version"] + 1
body = {"_type": "targets", "spec_version": "1.0.31", "version": version,
        "expires": "2099-01-01T00:00:00Z", "targets": {"index.zst": {
            "length": len(packed), "hashes": {"sha256": sha}, "custom": {"text": {
                "length": len(data),
                "blake2b-256": hashlib.blake2b(data, digest_size=32).hexdigest()}}}}}
json.dump({"signatures": [], "signed": body}, open(f"{repo}/staging/targets.json", "w"))
