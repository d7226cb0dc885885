#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A reader of calxfs written from calxfs(5) and the declarations of format.h alone, knowing no code of ours.
Usage: reader.py IMAGE [SNAPSHOT]: a line for each object, sorted: path, type and mode, links, size, SHA-256 of the
contents or the target. Every checksum is verified; both copies of nodes are read."""
import hashlib
import struct
import sys

M = (1 << 64) - 1
P = (0x9E3779B185EBCA87, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0x85EBCA77C2B2AE63, 0x27D4EB2F165667C5)


def rotl(x, r):
    return (x << r | x >> (64 - r)) & M


def rnd(acc, lane):
    return rotl((acc + lane * P[1]) & M, 31) * P[0] & M


def xxh64(data, seed=0):
    n, at = len(data), 0
    if n >= 32:
        v = [(seed + P[0] + P[1]) & M, (seed + P[1]) & M, seed, (seed - P[0]) & M]
        for lanes in struct.iter_unpack("<4Q", data[:n // 32 * 32]):
            v = [rnd(a, b) for a, b in zip(v, lanes)]
        h = (rotl(v[0], 1) + rotl(v[1], 7) + rotl(v[2], 12) + rotl(v[3], 18)) & M
        for a in v:
            h = ((h ^ rnd(0, a)) * P[0] + P[3]) & M
        at = n // 32 * 32
    else:
        h = (seed + P[4]) & M
    h = (h + n) & M
    while at + 8 <= n:
        h = (rotl(h ^ rnd(0, struct.unpack_from("<Q", data, at)[0]), 27) * P[0] + P[3]) & M
        at += 8
    if at + 4 <= n:
        h = (rotl(h ^ struct.unpack_from("<I", data, at)[0] * P[0] & M, 23) * P[1] + P[2]) & M
        at += 4
    for b in data[at:]:
        h = rotl(h ^ b * P[4] & M, 11) * P[0] & M
    h = (h ^ h >> 33) * P[1] & M
    h = (h ^ h >> 29) * P[2] & M
    return h ^ h >> 32


def need(ok, what):
    if not ok:
        sys.exit("reader: " + what)


class Image:
    def __init__(self, path):
        self.f = open(path, "rb")
        n = self.f.seek(0, 2) // 4096
        supers = [s for s in map(self.block, (1, 2, n - 2, n - 1)) if self.valid(s)]
        need(supers, "no valid superblock")
        self.sb = max(supers, key=lambda s: struct.unpack_from("<Q", s, 96)[0])
        need(struct.unpack_from("<Q", self.sb, 32)[0] == 0, "an incompatible feature")
        self.seed = xxh64(self.sb[40:56])
        self.root = struct.unpack_from("<4Q", self.sb, 104)
        self.height = struct.unpack_from("<I", self.sb, 136)[0]
        need(struct.unpack_from("<Q", self.sb, 160)[0] == self.seed, "hash_seed")

    def block(self, n, count=1):
        self.f.seek(n * 4096)
        return self.f.read(4096 * count)

    def valid(self, s):
        return len(s) == 4096 and s[:8] == b"calxfs01" and struct.unpack_from("<I", s, 8)[0] == 2 and \
            struct.unpack_from("<Q", s, 4088)[0] == xxh64(s[:4088])

    def node(self, ptr, magic, level):
        blk, twin, gen, csum = ptr
        b = self.block(blk)
        need(xxh64(b) == csum, f"checksum of node {blk}")
        need(not twin or self.block(twin) == b, f"second copy of node {blk}")
        head = struct.unpack_from("<4sHHQQII", b)
        need(head[0] == magic and head[1] == level and head[3:5] == (gen, blk), f"head of node {blk}")
        return b, head[2]

    def items(self, ptr, level):
        b, n = self.node(ptr, b"CNod", level)
        for i in range(n):
            if level:
                yield from self.items(struct.unpack_from("<4Q", b, 80 + 48 * i + 16), level - 1)
            else:
                ino, toff, off, size = struct.unpack_from("<QQHH", b, 80 + 24 * i)
                yield ino, toff >> 56, toff & (1 << 56) - 1, b[off:off + size]

    def snapshot(self, name):
        ptr = struct.unpack_from("<4Q", self.sb, 184)
        while ptr[0]:
            b, n = self.node(ptr, b"Snap", 0)
            for at in range(112, 112 + 384 * n, 384):
                s = struct.unpack_from("<QQ4QII", b, at)
                if b[at + 128:at + 128 + s[7]] == name.encode():
                    self.root, self.height = s[2:6], s[6]
                    return
            ptr = struct.unpack_from("<4Q", b, 80)
        sys.exit(f"reader: no snapshot {name}")

    def load(self):
        self.inode, self.link, self.names, self.extents = {}, {}, {}, {}
        last = None
        for ino, kind, off, v in self.items(self.root, self.height - 1):
            need(last is None or last < (ino, kind, off), "order of keys")
            last = (ino, kind, off)
            if kind == 0:
                self.inode[ino] = struct.unpack_from("<4IQ", v)
            elif kind == 1:
                self.link[ino] = self.link.get(ino, b"") + v
            elif kind == 3:
                need(xxh64(v[10:], self.seed) >> 24 == off >> 16, "hash of a name")
                self.names.setdefault(ino, []).append((v[10:], struct.unpack_from("<Q", v)[0]))
            elif kind == 4:
                self.extents.setdefault(ino, []).append((off, v))

    def contents(self, ino, size):
        out, at = hashlib.sha256(), 0
        for page, v in self.extents.get(ino, []):
            blk, _, count, flags = struct.unpack_from("<QQII", v)
            data = self.block(blk, count) if not flags & 1 else bytes(4096 * count)
            for i in range(0 if flags & 1 else count):
                need(xxh64(data[4096 * i:4096 * i + 4096]) == struct.unpack_from("<Q", v, 24 + 8 * i)[0],
                     f"checksum of inode {ino} page {page + i}")
            while at < page * 4096 and at < size:
                k = min(page * 4096, size, at + (1 << 20)) - at
                out.update(bytes(k))
                at += k
            out.update(data[:max(0, size - at)])
            at += len(data)
        while at < size:
            k = min(size - at, 1 << 20)
            out.update(bytes(k))
            at += k
        return out.hexdigest()

    def tree(self, ino=2, path=b""):
        for name, child in sorted(self.names.get(ino, [])):
            mode, links, _, _, size = self.inode[child]
            what = self.link[child].decode() if mode >> 12 == 10 else \
                self.contents(child, size) if mode >> 12 == 8 else "-"
            print((path + name).decode(), f"{mode:o}", links, "-" if mode >> 12 == 4 else size, what)
            if mode >> 12 == 4:
                self.tree(child, path + name + b"/")


image = Image(sys.argv[1])
if len(sys.argv) > 2:
    image.snapshot(sys.argv[2])
image.load()
image.tree()
