#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Makes an index of ours from Debian's: convert.py NAMES PACKAGES... >INDEX

Versions become their rank among all versions that are named of a package, so that our order of
versions is Debian's. Alternatives ("a | b") and ":any" become names that everyone who satisfies them
provides; all else is said in our relations. NAMES gets lines "OURS VERSION DEBIANS VERSION".
"""
import functools
import hashlib
import re
import sys


def order(c):
    if c == "~":
        return -1
    return ord(c) if c.isalpha() else ord(c) + 256


def compare_part(a, b):
    while a or b:
        na, nb = re.match(r"\D*", a).group(), re.match(r"\D*", b).group()
        for i in range(max(len(na), len(nb))):
            x = order(na[i]) if i < len(na) else 0
            y = order(nb[i]) if i < len(nb) else 0
            if x != y:
                return -1 if x < y else 1
        a, b = a[len(na):], b[len(nb):]
        da, db = re.match(r"\d*", a).group(), re.match(r"\d*", b).group()
        if int(da or 0) != int(db or 0):
            return -1 if int(da or 0) < int(db or 0) else 1
        a, b = a[len(da):], b[len(db):]
    return 0


def split(v):
    epoch, colon, rest = v.partition(":")
    if not colon:
        epoch, rest = "0", v
    upstream, dash, revision = rest.rpartition("-")
    return (int(epoch), upstream, revision) if dash else (int(epoch), rest, "0")


def compare(a, b):
    a, b = split(a), split(b)
    if a[0] != b[0]:
        return -1 if a[0] < b[0] else 1
    return compare_part(a[1], b[1]) or compare_part(a[2], b[2])


ATOM = re.compile(r"^([a-z0-9A-Z][a-z0-9A-Z+.-]*)(?::([a-z0-9]+))?\s*(?:\(\s*(<<|<=|=|>=|>>|<|>)\s*([^)\s]+)\s*\))?$")


def atoms(field, needed=False):
    """[[(name, qualifier, op, version), ...alternatives], ...]"""
    out = []
    for clause in field.split(","):
        one = []
        for alt in clause.split("|"):
            m = ATOM.match(alt.strip())
            if m and m.group(2) in (None, "any", "native", "amd64"):    # others name other machines
                op = {"<": "<=", ">": ">="}.get(m.group(3), m.group(3))
                one.append((m.group(1), m.group(2), op, m.group(4)))
        if one or needed:
            out.append(one)
    return out


class Package:
    def __init__(self, f):
        self.name, self.version, self.arch = f["Package"], f["Version"], f["Architecture"]
        self.multi = f.get("Multi-Arch", "no")
        self.depends = atoms(f.get("Depends", ""), "Depends" in f) + \
            atoms(f.get("Pre-Depends", ""), "Pre-Depends" in f)
        self.conflicts = [a for c in atoms(f.get("Conflicts", "")) + atoms(f.get("Breaks", "")) for a in c]
        self.provides = [a for c in atoms(f.get("Provides", "")) for a in c]
        self.extra = set()


def read(files):
    seen, out, f, key = set(), [], {}, None
    for file in files:
        for line in open(file, encoding="utf-8"):
            if line == "\n":
                if f and (f["Package"], f["Version"], f["Architecture"]) not in seen:
                    seen.add((f["Package"], f["Version"], f["Architecture"]))
                    out.append(Package(f))
                f = {}
            elif line[0] not in " \t":
                key, _, value = line.partition(":")
                f[key] = value.strip()
    return out


def ours(name):
    if re.fullmatch(r"[a-z0-9][a-z0-9+._-]{0,63}", name):
        return name
    return "x-" + hashlib.sha256(name.encode()).hexdigest()[:40]


def main():
    packages = read(sys.argv[2:])
    versions, by_name = {}, {}
    for p in packages:
        by_name.setdefault(p.name, []).append((p, p.version))
        versions.setdefault(p.name, set()).add(p.version)
        for n, _, op, v in p.provides:
            by_name.setdefault(n, []).append((p, v if op == "=" else None))
            if v:
                versions.setdefault(n, set()).add(v)
        for n, _, op, v in p.conflicts + [a for c in p.depends for a in c]:
            if v:
                versions.setdefault(n, set()).add(v)
    rank = {}
    for n, vs in versions.items():
        last, i = None, 0
        for v in sorted(vs, key=functools.cmp_to_key(compare)):
            if last is None or compare(last, v):
                i += 1
            rank[n, v], last = i, v

    def matches(atom):
        n, qualifier, op, v = atom
        for p, have in by_name.get(n, ()):
            if qualifier == "any" and p.multi != "allowed":
                continue
            if not op:
                yield p
            elif have is not None:
                a, b = rank[n, have], rank[n, v]
                if {"<<": a < b, "<=": a <= b, "=": a == b, ">=": a >= b, ">>": a > b}[op]:
                    yield p

    def relation(atom):
        n, _, op, v = atom
        op = {"<<": "<", ">>": ">"}.get(op, op)
        return f"{ours(n)} {op} {rank[n, v]}-1" if op else ours(n)

    synthetic = {}

    def alternatives(clause):
        key = tuple(clause)
        if key not in synthetic:
            synthetic[key] = f"so:alt{len(synthetic)}"
            for atom in clause:
                for p in matches(atom):
                    p.extra.add(synthetic[key])
        return synthetic[key]

    said = []
    for p in packages:
        depends = [relation(c[0]) if len(c) == 1 and c[0][1] != "any" else alternatives(c) for c in p.depends]
        said.append(sorted(set(depends)))
    names = open(sys.argv[1], "w", encoding="utf-8")
    out = ["calx-index 1\n\n"]
    for number, (p, depends) in enumerate(zip(packages, said)):
        lines = [f"name {ours(p.name)}", f"version {rank[p.name, p.version]}-1",
                 "arch " + ("any" if p.arch == "all" else "x86_64-pc-calx")]
        lines += ["depends " + d for d in depends]
        lines += ["provides " + x for x in sorted(p.extra | {
            f"{ours(n)} = {rank[n, v]}-1" if op == "=" else ours(n) for n, _, op, v in p.provides})]
        lines += ["conflicts " + x for x in sorted({relation(a) for a in p.conflicts})]
        lines += ["size 1", f"package {number:064x} 1", ""]
        out.append("\n".join(lines) + "\n")
        names.write(f"{ours(p.name)} {rank[p.name, p.version]}-1 {p.name} {p.version}\n")
    sys.stdout.write("".join(out))


main()
