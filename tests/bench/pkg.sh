#!/bin/bash
# SPDX-License-Identifier: MIT
# Installs many packages into an empty root on a tmpfs, and searches a large index, beside unpacking
# the same files by zstd and tar, and beside dpkg and pacman where this host has them. Lines
# "name<TAB>value<TAB>unit<TAB>remark". usage: tests/bench/pkg.sh [PACKAGES [ROUNDS]]
set -eu
top=$(cd "$(dirname "$0")/../.." && pwd)
n=${1:-1000} rounds=${2:-3}
pkg=$top/build/host/pkg repo=$top/build/host/repo
dir=$(mktemp -d "${SHM:-/dev/shm}/calx-bench.XXXXXX")
trap 'rm -rf "$dir"' EXIT
cd "$dir"
gcc -O2 -D_GNU_SOURCE -I"$top/repo/lib" -o mkcpk "$top/tests/pkg/mkcpk.c" "$top"/repo/lib/*.c \
	$(pkg-config --libs libarchive libsodium libzstd)

# 10 files a package, 70 KiB in all, of text that compresses as programs do
python3 - "$n" <<'P'
import os, random, sys
r = random.Random(1)
words = [bytes(r.randrange(256) for _ in range(r.randrange(2, 9))) for _ in range(4000)]
for i in range(int(sys.argv[1])):
    for j in range(10):
        d = f"trees/p{i}/usr/{'bin lib share/doc share/p%d' % i}".split()[0].rsplit("usr", 1)[0] + "usr/" + ("bin", "lib", f"share/p{i}")[j % 3]
        os.makedirs(d, exist_ok=True)
        with open(f"{d}/p{i}-{j}", "wb") as f:
            size, out = r.randrange(500, 13500), b""
            while len(out) < size:
                out += r.choice(words)
            f.write(out[:size])
P
mkdir made
for ((i = 0; i < n; i++)); do ./mkcpk made/p$i.cpk trees/p$i p$i 1 1; done
. "$top/tests/pkg/lib.sh"
export REPO=$repo PKG=$pkg
publish >/dev/null
(mkdir all && cd all && for t in ../trees/*; do cp -rl "$t/." .; done && tar -cf - . | zstd -q -3 -T1 -o ../all.tar.zst)

now() { date +%s%N; }
# best NAME COMMAND...: the least of the rounds, in ms
best() {
	local name=$1 least= t i
	shift
	for ((i = 0; i < rounds; i++)); do
		rm -rf target; mkdir target
		t=$(now); "$@" >/dev/null; t=$((($(now) - t) / 1000000))
		[ -n "$least" ] && [ "$least" -le "$t" ] || least=$t
	done
	eval "$name=$least"
}
ours() {
	"$pkg" --root root --quiet install $(seq -f p%.0f 0 $((n - 1)))
}
fresh() { rm -rf root; root; "$pkg" --root root --quiet update; }
by_tar() { zstd -dc all.tar.zst | tar -xf - -C target; }
# both in turns, so that what else runs on this host hits both
o= t=
for ((k = 0; k < rounds; k++)); do
	fresh; s=$(now); ours; x=$((($(now) - s) / 1000000)); [ -n "$o" ] && [ "$o" -le $x ] || o=$x
	rm -rf target; mkdir target; s=$(now); by_tar; x=$((($(now) - s) / 1000000)); [ -n "$t" ] && [ "$t" -le $x ] || t=$x
done
printf 'install-%s\t%s\tms\tzstd -dc | tar x: %s ms, factor %s (goal 1.2)\n' "$n" "$o" "$t" "$(echo "scale=2; $o/$t" | bc 2>/dev/null || echo "$((100 * o / t))%")"

# A search of an index of 20,000 packages.
(
	mkdir search && cd search
	"$repo" key -n key && "$repo" init -k key.key repo &&
		python3 "$top/tests/repo/bigindex.py" repo 20000 repo/metadata/1.targets.json &&
		"$repo" publish -k key.key repo && root && "$pkg" --root root --quiet update
) >/dev/null
python3 - "$pkg" <<'P'
import os, subprocess, sys, time
least, kib = 1e9, 0
for i in range(30):
    start = time.perf_counter()
    pid = os.posix_spawn(sys.argv[1], [sys.argv[1], "--root", "search/root", "search", "1234"], os.environ,
                         file_actions=[(os.POSIX_SPAWN_OPEN, 1, "/dev/null", os.O_WRONLY, 0)])
    os.waitpid(pid, 0)
    least = min(least, time.perf_counter() - start)
print(f"search-20000\t{least * 1000:.1f}\tms\tgoal 10 (apk 54)")
P

if command -v dpkg-deb >/dev/null; then
	mkdir debs
	for ((i = 0; i < n; i++)); do
		mkdir trees/p$i/DEBIAN
		printf 'Package: p%s\nVersion: 1\nArchitecture: all\nMaintainer: a\nDescription: a test\n' $i >trees/p$i/DEBIAN/control
		dpkg-deb -Zzstd --root-owner-group -b trees/p$i debs/p$i.deb >/dev/null 2>&1 ||
			dpkg-deb --root-owner-group -b trees/p$i debs/p$i.deb >/dev/null
		rm -r trees/p$i/DEBIAN
	done
	by_dpkg() { mkdir -p target/var/lib/dpkg/{info,updates}; : >target/var/lib/dpkg/status; dpkg --root=target --force-all -i debs/*.deb >/dev/null 2>&1; }
	best d by_dpkg
	printf 'install-%s-dpkg\t%s\tms\tfactor %s\n' "$n" "$d" "$(echo "scale=2; $d/$t" | bc 2>/dev/null)"
else
	printf 'install-%s-dpkg\t-\tms\tdpkg is missing\n' "$n"
fi
if command -v pacman >/dev/null && command -v bsdtar >/dev/null; then
	mkdir pacs
	for ((i = 0; i < n; i++)); do
		printf 'pkgname = p%s\npkgver = 1-1\narch = any\nsize = 70000\n' $i >trees/p$i/.PKGINFO
		(cd trees/p$i && bsdtar --zstd -cf ../../pacs/p$i.pkg.tar.zst .PKGINFO usr)
		rm trees/p$i/.PKGINFO
	done
	by_pacman() { mkdir -p target/var/lib/pacman; printf '[options]\nSigLevel = Never\n' >pacman.conf; pacman -r target --config pacman.conf --noconfirm -U pacs/*.zst >/dev/null 2>&1; }
	best p by_pacman
	printf 'install-%s-pacman\t%s\tms\tfactor %s\n' "$n" "$p" "$(echo "scale=2; $p/$t" | bc 2>/dev/null)"
else
	printf 'install-%s-pacman\t-\tms\tpacman (package pacman-package-manager) is missing\n' "$n"
fi
