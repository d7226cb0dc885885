# SPDX-License-Identifier: MIT
# cook new: what an archive's address and content say ends up in the recipe.
. "$(dirname "$0")/lib.sh"
mkdir -p "$work/srv/pool" "$work/a"
serve "$work/srv"

# new ARCHIVE FOLDER: packs $work/a/FOLDER as ARCHIVE and makes a recipe of it
new() {
	fresh_tree
	tar -C "$work/a" -czf "$work/srv/pool/$1" "$2"
	run_cook new "debian:$1" >"$work/out" 2>&1
}
# has NAME KEY WANT: a line of the only recipe
has() { same "new-$1" "$3" "$(sed -n "s/^$2 = //p" "$tree"/ports/*/port.toml)"; }

mkdir -p "$work/a/Thing-1.2/src"
printf 'AC_INIT\nPKG_CHECK_MODULES([X], [low >= 1 nosuch])\n' >"$work/a/Thing-1.2/configure.ac"
printf '#!/bin/sh\n' >"$work/a/Thing-1.2/configure"
printf 'GNU GENERAL PUBLIC LICENSE\n   Version 2, June 1991\n ... any later version' >"$work/a/Thing-1.2/COPYING"
printf '/* either version 2, or (at your option) any later\n * version. */\n' >"$work/a/Thing-1.2/src/a.c"
printf 'Name: thing\nDescription: A thing that does.\n' >"$work/a/Thing-1.2/thing.pc.in"
new Thing-1.2.tar.gz Thing-1.2
has name name '"thing"'
has version version '"1.2"'
has source source '"debian:Thing-{version}.tar.gz"'
has sha256 sha256 "\"$(sha256 "$work/srv/pool/Thing-1.2.tar.gz" | cut -c1-64)\""
has system system '"configure"'
has gpl-or-later license '"GPL-2.0-or-later"'
has summary summary '"A thing that does"'
run_cook new debian:Thing-1.2.tar.gz 2>&1 | grep -q 'is there already' && ok new-overwrites-nothing ||
	fail new-overwrites-nothing "no message"
run_cook lint 2>&1 | grep -v 'not in this tree' >"$work/out"
same new-passes-lint "" "$(cat "$work/out")"

echo 'int x;' >"$work/a/Thing-1.2/src/a.c"
new thing_1.2.orig.tar.gz Thing-1.2
has debian-name version '"1.2"'
has gpl-only license '"GPL-2.0-only"'

rm -rf "$work/a/x"; mkdir -p "$work/a/x"
printf 'cmake_minimum_required(VERSION 3.10)\nproject(x\n\tLANGUAGES C CXX)\n' >"$work/a/x/CMakeLists.txt"
printf 'Permission is hereby granted, free of charge, to any person\nobtaining a copy of this, the above copyright notice and this permission notice shall' >"$work/a/x/LICENSE"
mkdir -p "$tree/ports/low"
new x-v2.tar.gz x
has cmake system '"cmake"'
has cxx toolchain '"c++"'
has mit license '"MIT"'
printf "project('x', 'c')\nd = dependency('low')\n" >"$work/a/x/meson.build"
rm "$work/a/x/CMakeLists.txt" "$work/a/x/LICENSE"
printf '/* SPDX-License-Identifier: Apache-2.0 */\n' >"$work/a/x/x.c"
fresh_tree; text_recipe low "" true
tar -C "$work/a/x" -czf "$work/srv/pool/x3.tar.gz" meson.build x.c
run_cook new debian:x3.tar.gz >"$work/out" 2>&1
same new-without-a-folder '"0" "3" "meson" "Apache-2.0" ["low"]' "$(sed -n 's/^strip = \(.*\)/"\1"/p; s/^version = //p; s/^system = //p; s/^license = //p; s/^build-depends = //p' \
	"$tree/ports/x/port.toml" | awk '{ l[NR] = $0 } END { print l[3], l[1], l[5], l[2], l[4] }')"
new nothing.tar.gz x
grep -q 'no NAME-VERSION in it' "$work/out" && ok new-needs-a-version || fail new-needs-a-version "$(cat "$work/out")"
run_cook new http://x/y-1.tar.gz 2>&1 | grep -q 'begins with https' && ok new-needs-https || fail new-needs-https "no message"
exit $((failures > 0))
