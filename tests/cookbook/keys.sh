# SPDX-License-Identifier: MIT
# Keys: what rebuilds and what does not, and what cook why says.
. "$(dirname "$0")/lib.sh"
fresh_tree
text_recipe base "" true
text_recipe user 'build-depends = ["base"]' 'cat {sysroot}/usr/share/base/text >>{dest}/usr/share/user/text'

built() { run_cook build "$@" 2>&1 | sed -n 's/^build \([^ ]*\) .*/\1/p' | tr '\n' ' '; }

same keys-first-build "base user " "$(built user)"
same keys-second-build-does-nothing "" "$(built user)"
same keys-built-state "built" "$(run_cook list --tsv user | cut -f3)"
same keys-why-unchanged "user is built: nothing changed" "$(run_cook why user)"

sleep 0.01
find "$tree" -exec touch {} +
same keys-touching-changes-nothing "" "$(built user)"

{ echo '# a comment'; cat "$tree/ports/base/port.toml"; } >"$work/r"
cp "$work/r" "$tree/ports/base/port.toml"
same keys-comment-in-recipe-changes-nothing "" "$(built user)"

echo '# a comment' >>"$tree/src/base/text"
same keys-why-names-source "changed: source tree:src/base" "$(run_cook why base)"
same keys-why-waits "needs base, which is needed" "$(run_cook why user)"
same keys-early-cut-off "base " "$(built user)"

echo 'more text' >>"$tree/src/base/text"
same keys-output-rebuilds-user "base user " "$(built user)"
same keys-user-sees-new-output "more text" \
	"$(tail -n 1 "$(run_cook out user | head -n 1 | xargs dirname)/out/user/usr/share/user/text")"

sed_i 's/more text/other text/' "$tree/src/base/text"
run_cook build base >/dev/null 2>&1
same keys-why-names-dependency "changed: dependency base" "$(run_cook why user)"
built user >/dev/null

echo 'held text' >>"$tree/src/base/text"
same keys-hold-keeps-what-it-names "" "$(export COOK_HOLD="other base"; built user)"
run_cook build base >/dev/null 2>&1
same keys-hold-keeps-users "" "$(export COOK_HOLD="other base"; built user)"
same keys-without-hold-user-is-rebuilt "user " "$(built user)"

sed_i 's/"Test"/"Another summary"/' "$tree/ports/user/port.toml"
same keys-why-names-recipe "changed: recipe user" "$(run_cook why user)"
sed_i 's/"Another summary"/"Test"/' "$tree/ports/user/port.toml"
same keys-way-back-is-stored "" "$(built user)"

mkdir -p "$tree/patches/base"
printf -- '--- a/src/base/text\n+++ b/src/base/text\n@@ -1 +1 @@\n-text of base\n+patched\n' \
	>"$tree/patches/base/0001-x.patch"
same keys-why-names-patch "new: patch 0001-x.patch" "$(run_cook why base)"

echo 'echo hello' >"$tree/ports/base/helper"
run_cook why base | grep -q 'new: files ports/base' && ok keys-recipe-files-count ||
	fail keys-recipe-files-count "$(run_cook why base)"

# --- a library that others are built with by its -dev package alone
fresh_tree
mkdir -p "$tree/src/lib"
echo 'int f(void);' >"$tree/src/lib/f.h"
echo 'code' >"$tree/src/lib/code"
recipe lib 'source = "tree:src/lib"
sysroot = "dev"' <<'END'
system = "shell"
install = ["mkdir -p {dest}/usr/lib {dest}/usr/include", "cd {src}/src/lib", "cp f.h {dest}/usr/include/", "cp code {dest}/usr/lib/libf.so.1", "cp code {dest}/usr/lib/libf.a"]
[split.lib-static]
files = ["usr/lib/libf.a"]
END
recipe shared 'build-depends = ["lib"]' <<'END'
system = "shell"
install = ["mkdir -p {dest}/usr/share", "find {sysroot} -type f | sort >{dest}/usr/share/seen"]
END
sed 's/build-depends = .*/build-depends = ["lib", "lib-static"]/; s/name = "shared"/name = "static"/' \
	"$tree/ports/shared/port.toml" >"$work/r"
mkdir "$tree/ports/static"
cp "$work/r" "$tree/ports/static/port.toml"
seen() { (cd "$(dirname "$(run_cook out "$1")")/out/$1" && sed 's,.*/sysroot/,,' usr/share/seen | tr '\n' ' '); }
same keys-dev-first-build "lib shared static " "$(built | tr ' ' '\n' | sort | tr '\n' ' ' | sed 's/^ //')"
same keys-dev-sees-headers-only "usr/include/f.h " "$(seen shared)"
same keys-dev-named-split-is-seen "usr/include/f.h usr/lib/libf.a " "$(seen static)"
echo 'fixed code' >"$tree/src/lib/code"
same keys-dev-code-rebuilds-only-static "lib static " "$(built)"
echo 'int g(void);' >>"$tree/src/lib/f.h"
same keys-dev-header-rebuilds-both "lib shared static " "$(built | tr ' ' '\n' | sort | tr '\n' ' ' | sed 's/^ //')"

# --- what is linked with a shared library sees its headers and a stub
fresh_tree
mkdir -p "$tree/src/lib" "$tree/src/prog"
cat >"$tree/src/lib/Makefile" <<'END'
install:
	mkdir -p $(DESTDIR)/usr/lib $(DESTDIR)/usr/include $(DESTDIR)/usr/bin $(DESTDIR)/etc
	gcc -shared -fPIC -nostdlib -Wl,--build-id=none -Wl,-soname,libs.so.1 -o $(DESTDIR)/usr/lib/libs.so.1 s.c
	ln -s libs.so.1 $(DESTDIR)/usr/lib/libs.so
	gcc -c s.c && ar rcD $(DESTDIR)/usr/lib/libs.a s.o
	cp s.h $(DESTDIR)/usr/include && cp s.c $(DESTDIR)/etc
	gcc -nostdlib -shared -fPIC -Wl,--build-id=none -o $(DESTDIR)/usr/bin/tool s.c
END
echo 'int f(void); extern int size; extern const int steady[4];' >"$tree/src/lib/s.h"
code() { printf '#include "s.h"\n%s\n' "$1" >"$tree/src/lib/s.c"; }
code 'int size = 1; const int steady[4] = { 1 }; int f(void) { return 1; }'
cat >"$tree/src/prog/Makefile" <<'END'
install:
	mkdir -p $(DESTDIR)/usr/bin $(DESTDIR)/usr/share/prog
	gcc -nostdlib -no-pie -fno-pie -I$(SYS)/usr/include -o $(DESTDIR)/usr/bin/$(P) p.c -L$(SYS)/usr/lib $(LIB)
	find $(SYS) -type f | sed 's,.*/sysroot/,,' | LC_ALL=C sort >$(DESTDIR)/usr/share/prog/seen
END
echo '#include "s.h"
void _start(void); void _start(void) { size = f() + steady[1]; }' >"$tree/src/prog/p.c"
recipe lib 'source = "tree:src/lib"
host-tools = ["cmd:gcc"]' <<'END'
system = "make"
dir = "src/lib"
targets = ["-q", "-s", "Makefile"]
END
# user NAME DEPENDS LIBRARY
user() {
	recipe "$1" "source = \"tree:src/prog\"
host-tools = [\"cmd:gcc\"]
build-depends = [$2]" <<-END
	system = "make"
	dir = "src/prog"
	targets = ["-q", "-s", "Makefile"]
	args = ["SYS={sysroot}", "P=$1", "LIB=$3"]
	END
}
user linked '"lib"' -ls
user fixed '"lib", "lib-static"' -l:libs.a
sorted() { built "$@" | tr ' ' '\n' | sort | tr '\n' ' ' | sed 's/^ //'; }
same keys-stub-first-build "fixed lib linked " "$(sorted)"
out() { echo "$(dirname "$(run_cook out "$1" | head -n 1)")/out/$1"; }
same keys-stub-sees "usr/bin/tool usr/include/s.h usr/lib/libs.a usr/lib/libs.so.1" \
	"$(echo $(cat "$(out linked)/usr/share/prog/seen"))"
same keys-stub-needs-the-library "libs.so.1" \
	"$(readelf -dW "$(out linked)/usr/bin/linked" | sed -n 's/.*NEEDED.*\[\(.*\)\]/\1/p')"
same keys-stub-copies-data-of-its-size "16 steady,4 size," \
	"$(readelf -sW "$(out linked)/usr/bin/linked" | awk '/OBJECT/ && !seen[$8]++ {print $3, $8}' | sort -u | tr '\n' ',')"
code 'int size = 7; const int steady[4] = { 2 }; static int g(int x) { return x * 3; } int f(void) { return g(size); }'
same keys-stub-code-rebuilds-only-who-takes-the-archive "lib fixed " "$(built)"
code 'int size = 7; const int steady[4] = { 2 }; int f(void) { return 7; } int more(void) { return 2; }'
same keys-stub-symbol-rebuilds "fixed lib linked " "$(sorted)"
sed_i 's/steady\[4\]/steady[8]/' "$tree/src/lib/s.c" "$tree/src/lib/s.h"
same keys-stub-size-rebuilds "fixed lib linked " "$(sorted)"
sed_i 's/"-ls"/"-l:libs.a"/; s/LIB=-ls/LIB=-l:libs.a/' "$tree/ports/linked/port.toml"
run_cook build linked >"$work/out" 2>&1
grep -q 'undefined reference' "$work/out" && ok keys-stub-archive-is-empty-unless-named ||
	fail keys-stub-archive-is-empty-unless-named "$(tail -n 2 "$work/out")"

# --- a new toolchain rebuilds what is made with it, and only when it puts out something else
fresh_tree
for t in binutils gcc libgcc glue; do
	text_recipe $t 'arch = "host"' "mkdir -p {dest}{prefix}/share && cp {dest}/usr/share/$t/text {dest}{prefix}/share/$t"
	sed '/^toolchain/d; s/^"grep -v ^# \(.*\)"/\1/' "$tree/ports/$t/port.toml" >"$work/r"
	cp "$work/r" "$tree/ports/$t/port.toml"
done
text_recipe made "" "cat {tools}/share/gcc >>{dest}/usr/share/made/text"
sed 's/^toolchain = .*/toolchain = "bare"/' "$tree/ports/made/port.toml" >"$work/r"
cp "$work/r" "$tree/ports/made/port.toml"
text_recipe aside "" true
same keys-toolchain-first-build "aside binutils gcc glue libgcc made " "$(sorted)"
echo '# a comment' >>"$tree/src/gcc/text"
same keys-toolchain-comment-rebuilds-it-alone "gcc " "$(built)"
echo 'new code' >>"$tree/src/gcc/text"
same keys-toolchain-rebuilds-what-it-makes "gcc made " "$(built)"
same keys-toolchain-is-the-new-one "new code" "$(tail -n 1 "$(out made)/usr/share/made/text")"

# No-op speed: forty ports in well under a second, with the sanitizers' burden.
fresh_tree
i=0
while [ $i -lt 40 ]; do
	text_recipe "p$i" "" true
	i=$((i + 1))
done
run_cook build >/dev/null 2>&1
make -s -C "$top/cookbook" >&2
# Processor time: the wall clock also measures what else runs here.
ms=$(cd "$tree" && python3 - "$hosttools/cook" $flags build 2>"$work/out" <<'END'
import resource, subprocess, sys
subprocess.run(sys.argv[1:], stdout=sys.stderr)
use = resource.getrusage(resource.RUSAGE_CHILDREN)
print(int((use.ru_utime + use.ru_stime) * 1000))
END
)
if [ $ms -lt 200 ] && [ ! -s "$work/out" ]; then ok keys-no-op-of-40-is-fast; else
	fail keys-no-op-of-40-is-fast "$ms ms, $(head -n 1 "$work/out")"
fi
exit $((failures > 0))
