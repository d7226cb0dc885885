# SPDX-License-Identifier: MIT
# cook check: each of its steps fails when it must.
. "$(dirname "$0")/lib.sh"
if [ -n "$flags" ]; then skip check "no namespaces here"; exit 0; fi
fresh_tree
mkdir -p "$tree/scripts"
printf '#!/bin/sh\ntrue\n' >"$tree/scripts/repo"
printf '#!/bin/sh\necho "guest $*" >"%s/guest"\n[ ! -e "%s/broken" ]\n' "$work" "$work" >"$tree/scripts/guest"
chmod +x "$tree/scripts/repo" "$tree/scripts/guest"

# library CODE [SONAME]: a port whose only file is a shared library of this code
library() {
	mkdir -p "$tree/src/lib"
	echo "$1" >"$tree/src/lib/f.c"
	recipe lib 'source = "tree:src/lib"
host-tools = ["cmd:gcc"]' <<-END
	system = "shell"
	install = ["mkdir -p {dest}/usr/lib", "gcc -shared -fPIC -nostdlib -Wl,--build-id=none -Wl,-soname,${2:-libf.so.1} -o {dest}/usr/lib/${2:-libf.so.1} {src}/src/lib/f.c"]
	[test]
	run = ["true"]
	END
	run_cook check lib >"$work/out" 2>&1
	status=$?
}
# said NAME WANT: the lines of results, without those of the build
said() { same "check-$1" "$2" "$status $(grep -E '^(ok|FAIL|skip|abi:)' "$work/out" | cut -d: -f1-2 | tr '\n' ',')"; }

library 'int f(void) { return 1; } int g(void) { return 2; } int t[4];'
said first '0 ok lint lib,ok build lib,ok repro lib,skip abi lib: no build before this one is in the store,ok device lib,'
same check-runs-the-test-on-a-device "guest -t 180 -p lib mkdir /tmp/t && cd /tmp/t && sh -e /usr/share/ports/lib/test" "$(cat "$work/guest")"
library 'int f(void) { return 1; } int g(void) { return 3; } int h; int t[4];'
said more-is-no-break '0 ok lint lib,ok build lib,ok repro lib,abi: new h in libf.so.1,ok abi lib,ok device lib,'
library 'int f(void) { return 1; } int h; int t[5];'
said break '1 ok lint lib,ok build lib,ok repro lib,abi: gone g in libf.so.1,abi: size t in libf.so.1 differs,FAIL abi lib: programs linked before would not run,ok device lib,'
library 'int f(void) { return 1; }' libf.so.2
said other-soname '0 ok lint lib,ok build lib,ok repro lib,abi: gone libf.so.1,ok abi lib,ok device lib,'
touch "$work/broken"
library 'int f(void) { return 2; }' libf.so.2
said test-that-fails '1 ok lint lib,ok build lib,ok repro lib,ok abi lib,FAIL device lib,'
rm "$work/broken"
library 'char *f(void) { return NOW; }' libf.so.2
said build-that-fails '1 ok lint lib,FAIL lib 1, log '"$XDG_CACHE_HOME"'/calx/logs/lib.log:,FAIL lib (end of log),FAIL build lib,'
sed_i 's/summary = .*/summary = "UNFINISHED"/' "$tree/ports/lib/port.toml"
run_cook check lib >"$work/out" 2>&1
status=$?
said lint-first '1 FAIL lint lib,'

# --- the device gets the packages whose programs the test names
sed_i 's/summary = .*/summary = "s"/; s/^run = .*/run = ["tool x | grep y"]/' "$tree/ports/lib/port.toml"
echo 'int f(void) { return 1; }' >"$tree/src/lib/f.c"
recipe tools <<'END'
system = "shell"
install = ["mkdir -p {dest}/usr/bin {dest}/usr/extra", "touch {dest}/usr/bin/other {dest}/usr/bin/tool"]
[split.tools-more]
files = ["usr/bin/tool"]
END
run_cook build tools >"$work/out" 2>&1
run_cook check lib >"$work/out" 2>&1
grep -q -e '-p lib tools-more mkdir' "$work/guest" && ok check-brings-what-the-test-needs ||
	fail check-brings-what-the-test-needs "$(cat "$work/guest")"

# --- what the image holds and the commands that the test names are built for it
sed_i 's/^run = .*/run = ["viewer x | tool aside", "echo quiet"]/' "$tree/ports/lib/port.toml"
for p in viewer system aside quiet; do text_recipe $p "" "mkdir -p {dest}/usr/bin; touch {dest}/usr/bin/$p"; done
printf '# what is there\nsystem\n' >"$tree/scripts/packages.image"
run_cook check lib >"$work/out" 2>&1
same check-builds-what-the-device-needs "needed needed built built" \
	"$(run_cook list --tsv aside quiet system viewer | cut -f3 | tr '\n' ' ' | sed 's/ $//')"
grep -q -e '-p lib tools-more viewer mkdir' "$work/guest" && ok check-installs-what-it-built ||
	fail check-installs-what-it-built "$(cat "$work/guest")"
exit $((failures > 0))
