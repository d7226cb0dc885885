# SPDX-License-Identifier: MIT
# Builds: patches, failures, budget, splits, relations, the build systems, sources.
. "$(dirname "$0")/lib.sh"

# --- patches without fuzz
fresh_tree
mkdir -p "$tree/src/p" "$tree/patches/p"
printf '1\n2\n3\n4\n5\n6\n7\n' >"$tree/src/p/text"
recipe p 'source = "tree:src/p"' <<'END'
system = "copy"
install = ["src/p/text usr/share/p/"]
END
printf -- '--- a/src/p/text\n+++ b/src/p/text\n@@ -2,5 +2,5 @@\n 2\n 3\n-4\n+four\n 5\n 6\n' \
	>"$tree/patches/p/0001-good.patch"
check builds-applies-patches run_cook build p
same builds-patched-content "four" \
	"$(sed -n 4p "$(dirname "$(run_cook out p)")/out/p/usr/share/p/text")"
printf -- '--- a/src/p/text\n+++ b/src/p/text\n@@ -2,5 +2,5 @@\n 2\n 3\n-four\n+4\n 5\n SIX\n' \
	>"$tree/patches/p/0002-fuzzy.patch"
if run_cook build p >"$work/out" 2>&1; then
	fail builds-refuses-fuzz "a patch with fuzz was taken"
elif grep -q '0002-fuzzy.patch does not apply' "$work/out" && grep -q 'Hunk #1' "$work/out"; then
	ok builds-refuses-fuzz
else
	fail builds-refuses-fuzz "$(tail -n 4 "$work/out")"
fi

# --- a failure stops only what depends on it
fresh_tree
text_recipe bad "" "echo this is the reason; false"
text_recipe needs-bad 'build-depends = ["bad"]' true
text_recipe good "" true
run_cook build >"$work/out" 2>&1
same builds-failure-status 1 $?
same builds-failure-leaves-others "built" "$(run_cook list --tsv good | cut -f3)"
grep -q 'this is the reason' "$work/out" && ok builds-prints-the-log ||
	fail builds-prints-the-log "$(cat "$work/out")"
grep -q '^blocked needs-bad' "$work/out" && ok builds-names-blocked ||
	fail builds-names-blocked "$(cat "$work/out")"
same builds-records-results "failed ok" \
	"$(cut -f4 "$XDG_CACHE_HOME/calx/records.tsv" | sort -u | tr '\n' ' ' | sed 's/ $//')"

# --- budget
fresh_tree
text_recipe slow "" true
printf 'x\tslow\t1000.0\tok\t1\n' >>"$XDG_CACHE_HOME/calx/records.tsv"
same builds-budget-names-skipped "skipped slow" "$(run_cook build --budget 20 slow 2>&1)"
check builds-budget-large-enough run_cook build --budget 2000 slow

mkdir -p "$XDG_CACHE_HOME/calx/sources" && head -c 9000000 /dev/zero >"$work/big"
sum=$(sha256 "$work/big" | cut -c1-64)
mv "$work/big" "$XDG_CACHE_HOME/calx/sources/$sum"
recipe big "source = \"https://localhost:1/big\"
sha256 = \"$sum\"" <<'END'
system = "copy"
END
same builds-budget-knows-large-sources "skipped big" "$(run_cook build --budget 150 big 2>&1)"
rm "$XDG_CACHE_HOME/calx/sources/$sum"

# What a budget does not hold as a whole: what is worth most a second goes first; else the longest way.
order_with() {
	for p in long quick-a quick-b lib uses-lib; do text_recipe $p "$([ $p != uses-lib ] || echo 'build-depends = ["lib"]')" true; done
	rm -rf "$XDG_CACHE_HOME/calx/store" "$XDG_CACHE_HOME/calx/records.tsv"
	mkdir -p "$XDG_CACHE_HOME/calx"
	for p in long:500 quick-a:150 quick-b:160 lib:200 uses-lib:10; do
		printf 'x\t%s\t%s.0\tok\t1\n' "${p%:*}" "${p#*:}" >>"$XDG_CACHE_HOME/calx/records.tsv"
	done
	run_cook build -j1 --budget "$1" 2>&1 | sed -n 's/^build \([^ ]*\) .*/\1/p' | tr '\n' ' '
}
fresh_tree
same builds-budget-holds-all "long lib quick-b quick-a uses-lib " "$(order_with 2000)"
same builds-budget-is-tight "lib uses-lib quick-a long quick-b " "$(order_with 700)"

# --- modes: uniform, but private stays private
fresh_tree
recipe modes "" <<'END'
system = "shell"
install = ["mkdir -p {dest}{prefix}/all {dest}{prefix}/private {dest}{prefix}/sticky", "cd {dest}{prefix} && touch all/data all/program private/key all/setid", "cd {dest}{prefix} && chmod 664 all/data && chmod 775 all/program && chmod 4711 all/setid && chmod 600 private/key && chmod 700 private && chmod 1777 sticky"]
END
check builds-modes run_cook build modes
same builds-uniform-modes "all 755 all/data 644 all/program 755 all/setid 4755 private 700 private/key 600 sticky 1777" \
	"$(cd "$(dirname "$(run_cook out modes)")/out/modes/usr" &&
		stat -c '%n %a' all all/data all/program all/setid private private/key sticky | tr '\n' ' ' | sed 's/ $//')"

# --- splits, relations, hard links, .la files, tests
fresh_tree
mkdir -p "$tree/src/lib"
cat >"$tree/src/lib/Makefile" <<'END'
install:
	mkdir -p $(DESTDIR)/usr/lib/pkgconfig $(DESTDIR)/usr/include $(DESTDIR)/usr/bin $(DESTDIR)/usr/share/man/man1 $(DESTDIR)/usr/share/extra
	echo 'int f(void) { return 1; }' >f.c
	gcc -g -shared -fPIC -nostdlib -Wl,--build-id=0xabcdef -Wl,-rpath,/calx/build -Wl,-soname,libf.so.1 -o $(DESTDIR)/usr/lib/libf.so.1 f.c
	ln -s libf.so.1 $(DESTDIR)/usr/lib/libf.so
	gcc -g -c f.c && ar rc $(DESTDIR)/usr/lib/libf.a f.o && ar rc $(DESTDIR)/usr/lib/libalone.a f.o
	gcc -shared -fPIC -nostdlib -Wl,-rpath,/usr/lib:/calx/build/lib -o $(DESTDIR)/usr/lib/needless.so f.c
	gcc -shared -fPIC -nostdlib -Wl,-rpath,/usr/lib/own -o $(DESTDIR)/usr/lib/needed.so f.c
	echo x >$(DESTDIR)/usr/lib/libf.la
	printf 'Version: 2.5\n' >$(DESTDIR)/usr/lib/pkgconfig/f.pc
	echo x >$(DESTDIR)/usr/include/f.h
	echo x >$(DESTDIR)/usr/share/man/man1/f.1
	echo x >$(DESTDIR)/usr/share/extra/x
	echo x >$(DESTDIR)/usr/bin/one
	chmod 755 $(DESTDIR)/usr/bin/one
	ln $(DESTDIR)/usr/bin/one $(DESTDIR)/usr/bin/two
	touch $(DESTDIR)/usr/share/unwanted
END
recipe lib 'source = "tree:src/lib"
host-tools = ["cmd:gcc"]
provides = ["virtual"]' <<'END'
system = "make"
dir = "src/lib"
targets = ["-q", "-s", "Makefile"]
remove = ["usr/share/unwanted"]
[split.lib-extra]
files = ["usr/share/extra"]
depends = ["lib"]
[test]
run = ["test 1 = 1", "true"]
END
check builds-make run_cook build lib
dir=$(dirname "$(run_cook out lib | head -n 1)")
same builds-splits "lib lib-dbg lib-dev lib-doc lib-extra lib-static" "$(echo $(ls "$dir/out"))"
m() { zstd -dcq "$dir/$1-1-1.cpk" | tar -xOf - .manifest 2>/dev/null; }
relations() { m "$1" | sed -n 's/^\(depends\|provides\) //p' | tr '\n' ','; }
same builds-main-relations "cmd:one,cmd:two,so:libf.so.1,virtual," "$(relations lib)"
same builds-dev-relations "lib = 1-1,pc:f = 2.5," "$(relations lib-dev)"
same builds-dev-files "usr/include/f.h usr/lib/libalone.a usr/lib/libf.so usr/lib/pkgconfig/f.pc" \
	"$(echo $(m lib-dev | awk '/^[fl] /{print $7}'))"
same builds-static-files "usr/lib/libf.a" "$(echo $(m lib-static | awk '/^f /{print $7}'))"
runpath() { readelf -dW "$dir/out/lib/usr/lib/$1" | sed -n 's/.*runpath: //p'; }
same builds-drops-needless-runpath "" "$(runpath needless.so)"
same builds-keeps-needed-runpath "[/usr/lib/own]" "$(runpath needed.so)"
same builds-hard-link-becomes-link "usr/bin/two one" "$(m lib | awk '/^l /{print $7, $8}')"
same builds-test-script "1" "$(m lib | grep -c ' usr/share/ports/lib/test$')"
same builds-strips "0" "$(readelf -S "$dir/out/lib/usr/lib/libf.so.1" | grep -c debug_info)"
same builds-keeps-debug-information "usr/lib/debug/.build-id/ab/cdef.debug" "$(echo $(m lib-dbg | awk '/^f /{print $7}'))"
same builds-debug-information-is-whole "1" \
	"$(readelf -SW "$dir/out/lib-dbg/usr/lib/debug/.build-id/ab/cdef.debug" | grep -c '\.debug_info')"
same builds-debug-provides-nothing "" "$(relations lib-dbg)"
same builds-publishable "$publishable" "$(sed -n 's/^publishable //p' "$dir/meta")"

# --- the same input gives the same bytes
sums() { (cd "$dir" && sha256sum *.cpk); }
first=$(sums)
rm -rf "$XDG_CACHE_HOME/calx/store"
mkdir "$XDG_CACHE_HOME/calx/store"
check builds-again run_cook build lib
if [ -n "$flags" ]; then
	skip builds-are-deterministic "paths differ without the sandbox"
else
	same builds-are-deterministic "$first" "$(sums)"
fi

# --- without the sandbox
check builds-no-sandbox run_cook build --no-sandbox lib
dir=$(dirname "$(run_cook out --no-sandbox lib | head -n 1)")
same builds-no-sandbox-not-publishable "no" "$(sed -n 's/^publishable //p' "$dir/meta")"
same builds-no-sandbox-not-published "" "$(run_cook out --no-sandbox --published)"

# --- a runpath into the build among others
fresh_tree
recipe leak 'host-tools = ["cmd:gcc"]' <<'END'
system = "shell"
install = ["mkdir -p {dest}/usr/lib", "echo 'int f;' >f.c", "gcc -shared -fPIC -nostdlib -Wl,-rpath,/usr/lib/own:{build} -o {dest}/usr/lib/leak.so f.c"]
END
run_cook build leak >"$work/out" 2>&1
grep -q "usr/lib/leak.so: its runpath '/usr/lib/own:.*' names folders of the build" "$work/out" &&
	ok builds-refuses-runpath-into-build || fail builds-refuses-runpath-into-build "$(tail -n 3 "$work/out")"

# --- a build that took a relative folder for one of its own
fresh_tree
recipe astray <<'END'
system = "shell"
install = ["mkdir -p {dest}{build}/usr/lib", "echo text >{dest}{build}/usr/lib/text"]
END
run_cook build astray >"$work/out" 2>&1
grep -q 'astray/port.toml: files were installed below .*, the folder of the build itself' "$work/out" &&
	ok builds-refuses-what-is-installed-into-the-build ||
	fail builds-refuses-what-is-installed-into-the-build "$(tail -n 3 "$work/out")"

# --- versions of symbols are relations
fresh_tree
mkdir -p "$tree/src/vlib" "$tree/src/vprog"
cat >"$tree/src/vlib/Makefile" <<'END'
install:
	mkdir -p $(DESTDIR)/usr/lib
	gcc -shared -fPIC -nostdlib -Wl,-soname,libv.so.1 -Wl,--version-script,f.map -o $(DESTDIR)/usr/lib/libv.so.1 f.c
	ln -s libv.so.1 $(DESTDIR)/usr/lib/libv.so
END
cat >"$tree/src/vprog/Makefile" <<'END'
install:
	mkdir -p $(DESTDIR)/usr/bin
	gcc -shared -fPIC -nostdlib -o $(DESTDIR)/usr/bin/p p.c -L$(LIBS) -lv
END
echo 'int f(void) { return 1; } int g(void) { return 2; }' >"$tree/src/vlib/f.c"
for v in 1 2; do
	echo "V_1 { global: f; local: *; }; $([ $v = 1 ] || echo 'V_2 { global: g; } V_1;')" >"$tree/src/vlib/f.map"
	echo "int f(void), g(void), h(void); int h(void) { return $([ $v = 1 ] && echo f || echo g)(); }" >"$tree/src/vprog/p.c"
	recipe vlib 'source = "tree:src/vlib"
host-tools = ["cmd:gcc"]' <<-END
	system = "make"
	dir = "src/vlib"
	targets = ["-q", "-s", "Makefile"]
	END
	recipe vprog 'source = "tree:src/vprog"
host-tools = ["cmd:gcc"]
build-depends = ["vlib"]' <<-END
	system = "make"
	dir = "src/vprog"
	targets = ["-q", "-s", "Makefile"]
	make-args = ["LIBS={sysroot}/usr/lib"]
	END
	check builds-versions-$v run_cook build vprog
	dir=$(dirname "$(run_cook out vprog | head -n 1)")
	same builds-needs-version-$v "so:libv.so.1,so:libv.so.1(V_$v),cmd:p," "$(relations vprog)"
done
dir=$(dirname "$(run_cook out vlib | head -n 1)")
same builds-provides-versions "so:libv.so.1,so:libv.so.1(V_1),so:libv.so.1(V_2)," "$(relations vlib)"

# --- host tools and the sysroot of dependencies
fresh_tree
recipe tool 'arch = "host"' <<'END'
system = "shell"
install = ["mkdir -p {dest}{prefix}/bin", "printf '#!/bin/sh\necho from the tool\n' >{dest}{prefix}/bin/mytool", "chmod +x {dest}{prefix}/bin/mytool"]
END
sed_i '/^toolchain/d' "$tree/ports/tool/port.toml"
text_recipe low "" true
text_recipe mid 'build-depends = ["low"]' true
recipe top 'host-tools = ["tool", "cmd:sed"]
build-depends = ["mid"]' <<'END'
system = "shell"
install = ["mkdir -p {dest}/usr/share", "mytool >{dest}/usr/share/out", "cat {sysroot}/usr/share/low/text {sysroot}/usr/share/mid/text >>{dest}/usr/share/out"]
END
check builds-host-tool run_cook build top
same builds-sees-tools-and-sysroot "from the tool,text of low,text of mid," \
	"$(tr '\n' ',' <"$(dirname "$(run_cook out top)")/out/top/usr/share/out")"
same builds-order "low mid tool top" "$(echo $(run_cook order top))"
check builds-sysroot-command run_cook sysroot top "$work/sysroot"
same builds-sysroot-content "low mid" "$(echo $(ls "$work/sysroot/usr/share"))"
sed_i 's/cmd:sed/cmd:nosuchprogram/' "$tree/ports/top/port.toml"
run_cook build top 2>&1 | grep -q "this host has no program 'nosuchprogram'" &&
	ok builds-names-missing-program || fail builds-names-missing-program "no message"

# --- files, links, folders, and a program that tests
fresh_tree
mkdir -p "$tree/src/lib"
printf 'all:\n\techo done >made\ninstall:\n\tmkdir -p $(DESTDIR)/usr/lib $(DESTDIR)/usr/include\n\techo "int f(void);" >$(DESTDIR)/usr/include/f.h\n\techo "int f(void) { return 7; }" >f.c\n\tgcc -shared -fPIC -Wl,-soname,libf.so.1 -o $(DESTDIR)/usr/lib/libf.so.1 f.c\n\tln -s libf.so.1 $(DESTDIR)/usr/lib/libf.so\n' \
	>"$tree/src/lib/Makefile"
recipe placed 'source = "tree:src/lib"
host-tools = ["cmd:gcc"]' <<'END'
system = "make"
dir = "src/lib"
env = { CC = "gcc", CXX = "g++" }
files = ["made usr/bin/", "{recipe}/note usr/share/placed/README"]
links = ["made usr/bin/also", "../made usr/bin/sub/deep"]
dirs = ["var/placed"]
[test]
program = "check.c"
args = ["-DSEVEN=7"]
END
echo '#include <f.h>
int main(void) { return f() - SEVEN; }' >"$tree/ports/placed/check.c"
echo note >"$tree/ports/placed/note"
check builds-places-files run_cook build placed
check builds-placed-recipe-is-well run_cook lint placed
out=$(dirname "$(run_cook out placed | head -n 1)")/out/placed
same builds-placed-files "note done" "$(cat "$out/usr/share/placed/README") $(cat "$out/usr/bin/made")"
same builds-placed-links "made ../made" "$(readlink "$out/usr/bin/also") $(readlink "$out/usr/bin/sub/deep")"
check builds-placed-folder test -d "$out/var/placed"
check builds-test-program env LD_LIBRARY_PATH="$out/usr/lib" "$out/usr/libexec/ports/placed-check"
same builds-test-program-needs-the-library 1 \
	"$(readelf -dW "$out/usr/libexec/ports/placed-check" | grep -c 'NEEDED.*libf.so.1')"
same builds-test-runs-the-program "/usr/libexec/ports/placed-check" "$(tail -n 1 "$out/usr/share/ports/placed/test")"

# --- the build systems, with the host's compiler
fresh_tree
for system in cmake meson configure autotools; do
	mkdir -p "$tree/src/$system"
	echo 'int main(void) { return 0; }' >"$tree/src/$system/main.c"
	recipe "with-$system" "source = \"tree:src/$system\"
host-tools = [\"cmd:gcc\"]" <<-END
	system = "$system"
	dir = "src/$system"
	END
done
printf 'cmake_minimum_required(VERSION 3.10)\nproject(x C)\nadd_executable(with-cmake main.c)\ninstall(TARGETS with-cmake)\n' \
	>"$tree/src/cmake/CMakeLists.txt"
printf "project('x', 'c')\nexecutable('with-meson', 'main.c', install: true)\n" >"$tree/src/meson/meson.build"
cat >"$tree/src/configure/configure" <<'END'
#!/bin/sh
test "$*" = --prefix=/usr || { echo "unknown option: $*"; exit 1; }
src=$(dirname "$0")
printf 'all:\n\tgcc -o with-configure %s/main.c\ninstall:\n\tmkdir -p $(DESTDIR)/usr/bin\n\tcp with-configure $(DESTDIR)/usr/bin/\n' "$src" >Makefile
END
chmod +x "$tree/src/configure/configure"
printf 'AC_INIT([x],[1])\nAM_INIT_AUTOMAKE([foreign])\nAC_PROG_CC\nAC_CONFIG_FILES([Makefile])\nAC_OUTPUT\n' \
	>"$tree/src/autotools/configure.ac"
printf 'bin_PROGRAMS = with-autotools\nwith_autotools_SOURCES = main.c\n' >"$tree/src/autotools/Makefile.am"
for system in cmake meson configure autotools; do
	case $system in autotools) need=automake ;; configure) need=make ;; *) need=$system ;; esac
	if ! command -v $need >/dev/null; then
		skip "builds-with-$system" "no $need on this host"
		continue
	fi
	run_cook build "with-$system" >"$work/out" 2>&1
	same "builds-with-$system" "with-$system" \
		"$(ls "$(dirname "$(run_cook out "with-$system" 2>/dev/null | head -n 1)")/out/with-$system/usr/bin" 2>/dev/null || tail -n 3 "$work/out")"
done

# --- one jobserver for all: never more processes than jobs
fresh_tree
for p in ja jb jc; do
	mkdir -p "$tree/src/$p"
	cat >"$tree/src/$p/Makefile" <<-'END'
	.RECIPEPREFIX = >
	all: t1 t2 t3 t4
	t%:
	>@echo "+ $$(date +%s%N)" >>log; sleep 1; echo "- $$(date +%s%N)" >>log
	install:
	>mkdir -p $(DESTDIR)/usr/share/$(P) && cp log $(DESTDIR)/usr/share/$(P)/
	END
	recipe $p "source = \"tree:src/$p\"" <<-END
	system = "make"
	dir = "src/$p"
	args = ["P=$p"]
	END
done
check builds-jobserver-run run_cook build -j3 --timeline "$work/line.svg"
same builds-time-line-has-a-bar-a-build "ja jb jc" "$(sed -n 's/.*<title>\([a-z]*\) .*/\1/p' "$work/line.svg" | sort | tr '\n' ' ' | sed 's/ $//')"
check builds-time-line-is-xml python3 -c 'import sys, xml.dom.minidom; xml.dom.minidom.parse(sys.argv[1])' "$work/line.svg"
same builds-time-line-says-how-busy 1 "$(grep -c '>3 builds in [0-9]* s, 3 jobs, processors [0-9]* % busy, builds took [0-9]* % of 3<' "$work/line.svg")"
most=$(cat "$XDG_CACHE_HOME"/calx/store/*/out/j[abc]/usr/share/j[abc]/log | sort -k 2 |
	awk '$1 == "+" { if (++n > max) max = n } $1 == "-" { n-- } END { print max }')
case $(date +%N) in
*[!0-9]*) skip builds-jobserver-uses-all-jobs-and-no-more "date knows no nanoseconds" ;;
*) same builds-jobserver-uses-all-jobs-and-no-more 3 "$most" ;;
esac

# --- the same jobserver by its name, for a ninja that knows it
fresh_tree
mkdir -p "$tree/ports/newninja"
cat >"$tree/ports/newninja/ninja" <<'END'
#!/usr/bin/env python3
"""Does four tasks: one at a time for free, others beside it with a token of the jobserver's each."""
import os, shutil, sys, threading, time

if "--version" in sys.argv:
    sys.exit(print("1.13.0"))
os.chdir(os.environ["BUILDDIR"])
if "install" in sys.argv:
    os.makedirs(os.environ["DESTDIR"] + "/usr/share/x")
    sys.exit(not shutil.copy("log", os.environ["DESTDIR"] + "/usr/share/x/"))
if any(a.startswith("-j") for a in sys.argv):
    sys.exit("got -j: %s" % sys.argv)
fifo = os.environ["MAKEFLAGS"].partition("--jobserver-auth=fifo:")[2]
take, give = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK), os.open(fifo, os.O_WRONLY)
left, lock = [1, 2, 3, 4], threading.Lock()

def work(token):
    while True:
        with lock:
            if not left:
                break
            left.pop()
        with open("log", "a") as log: log.write("+ %d\n" % time.time_ns())
        time.sleep(1)
        with open("log", "a") as log: log.write("- %d\n" % time.time_ns())
        if token:
            break
    if token:
        os.write(give, token)

mine = threading.Thread(target=work, args=(None,))
mine.start()
while mine.is_alive():
    try:
        token = left and os.read(take, 1)
    except BlockingIOError:
        token = None
    if token:
        threading.Thread(target=work, args=(token,)).start()
    time.sleep(0.02)
END
recipe newninja 'arch = "host"' <<'END'
system = "shell"
install = ["mkdir -p {dest}{prefix}/bin", "cp {recipe}/ninja {dest}{prefix}/bin/", "printf '#!/bin/sh\n' >{dest}{prefix}/bin/cmake", "chmod +x {dest}{prefix}/bin/*"]
END
sed_i '/^toolchain/d' "$tree/ports/newninja/port.toml"
for p in na nb nc; do
	recipe $p 'host-tools = ["newninja", "cmd:python3"]' <<-END
	system = "cmake"
	END
done
check builds-ninja-jobserver-run run_cook build -j3
most=$(cat "$XDG_CACHE_HOME"/calx/store/*/out/n[abc]/usr/share/x/log | sort -k 2 |
	awk '$1 == "+" { if (++n > max) max = n } $1 == "-" { n-- } END { print max }')
same builds-ninja-shares-the-jobserver 3 "$most"
same builds-jobserver-leaves-no-pipe "" "$(ls -A "$XDG_CACHE_HOME/calx" | grep jobs)"

# --- sources by their hash
fresh_tree
mkdir -p "$work/a/thing-1" "$work/own"
echo content >"$work/a/thing-1/file"
tar -C "$work/a" -czf "$work/thing.tar.gz" thing-1
sum=$(sha256 "$work/thing.tar.gz" | cut -c1-64)
recipe s "source = \"https://localhost:1/thing-{version}.tar.gz\"
sha256 = \"$sum\"" <<'END'
system = "copy"
install = ["file usr/share/s/file"]
END
run_cook build s >"$work/out" 2>&1
grep -q 'cannot get the source https://localhost:1/thing-1.tar.gz' "$work/out" &&
	ok builds-names-missing-source || fail builds-names-missing-source "$(tail -n 3 "$work/out")"
cp "$work/thing.tar.gz" "$work/own/$sum"
CALX_SOURCES=$work/own check builds-own-sources run_cook build s
echo x >>"$work/own/$sum"
sed_i 's/summary = "Test"/summary = "Again"/' "$tree/ports/s/port.toml"
CALX_SOURCES=$work/own run_cook build s >"$work/out" 2>&1
grep -q 'the recipe wants' "$work/out" && ok builds-refuses-wrong-source ||
	fail builds-refuses-wrong-source "$(tail -n 3 "$work/out")"
exit $((failures > 0))
