# SPDX-License-Identifier: MIT
# Targets: recipes for another one than the first, builds that serve both, tests in a root of packages.
. "$(dirname "$0")/lib.sh"
other=x86_64-test-calx
fresh_tree
mkdir -p "$tree/toolchain/targets"
target_file() {
	cat >"$tree/toolchain/targets/$other.toml" <<-END
	summary = "For this test"
	platform = "elsewhere"
	test = "native"
	without = ["kernel"]
	$1
	END
}
target_file 'root = ["shell"]
skeleton = "src/skeleton"'
for_other() { run_cook --target "$other" "$@"; }
arch_of() { zstd -dcq "$1" | tar xOf - .manifest | sed -n 's/^arch //p'; }

text_recipe plain "" true
recipe platform "" <<'END'
system = "shell"
install = ["mkdir -p {dest}/usr/share", "echo {platform} >{dest}/usr/share/platform"]
END
text_recipe kernel "" true
check target-first-builds run_cook build plain platform kernel
first=$(run_cook keys plain)
check target-other-builds for_other build plain platform
same target-arch "$other" "$(arch_of "$(for_other out plain)")"
same target-first-arch x86_64-pc-calx "$(arch_of "$(run_cook out plain)")"
same target-first-keeps-its-key "$first" "$(run_cook keys plain)"
[ "$(for_other keys plain | cut -f2)" != "$(echo "$first" | cut -f2)" ] && ok target-own-key ||
	fail target-own-key "both are called $first"
same target-platform "elsewhere" \
	"$(cat "$(dirname "$(for_other out platform)")/out/platform/usr/share/platform")"
for_other build kernel >"$work/out" 2>&1 && fail target-without "it was built" ||
	{ grep -q 'not built for' "$work/out" && ok target-without || fail target-without "$(cat "$work/out")"; }
run_cook --target x86_64-no-calx list >"$work/out" 2>&1
grep -q 'no target called' "$work/out" && ok target-unknown || fail target-unknown "$(cat "$work/out")"
target_file 'nonsense = "x"'
for_other list >"$work/out" 2>&1
same target-unknown-key "cook: toolchain/targets/$other.toml:5:1: nonsense: unknown key" "$(tail -n 1 "$work/out")"

# --- a target that is built like the first one: what is the same is not built again
target_file 'like = "x86_64-pc-calx"
root = ["shell"]
skeleton = "src/skeleton"'
text_recipe uses-plain 'build-depends = ["plain"]' true
text_recipe uses-platform 'build-depends = ["platform"]' true
check target-like-first run_cook build uses-plain uses-platform
for_other build uses-plain uses-platform >"$work/out" 2>&1
if [ -z "$flags" ]; then
	same target-shares "shared uses-plain@$other" \
		"$(grep ^shared "$work/out" | sort | tr '\n' ' ' | sed 's/ $//')"
	same target-builds-the-rest "build uses-platform@$other" \
		"$(grep ^build "$work/out" | cut -d' ' -f1,2 | sort | tr '\n' ' ' | sed 's/ $//')"
	same target-shared-arch "$other" "$(arch_of "$(for_other out uses-plain)")"
	check target-shared-is-what-a-build-makes for_other repro uses-plain
else
	skip target-shares "without namespaces nothing is shared"
fi

# --- tests on this host: the root holds packages and nothing of the host
root=$tree/src/skeleton
mkdir -p "$root/etc" "$tree/src/shell"
ln -s usr/bin "$root/bin"; ln -s usr/lib "$root/lib"; ln -s usr/lib64 "$root/lib64"
echo root:x:0:0::/root:/bin/sh >"$root/etc/passwd"
mkdir -p "$tree/src/shell/usr/bin"
cp /bin/sh "$tree/src/shell/usr/bin/sh"
for f in $(ldd /bin/sh | grep -o '/[^ ]*'); do
	mkdir -p "$tree/src/shell/usr$(dirname "${f#/usr}")"
	cp "$f" "$tree/src/shell/usr${f#/usr}"
done
recipe shell 'source = "tree:src/shell"' <<'END'
system = "copy"
keep-symbols = true
install = ["src/shell/usr/. usr/"]
END
with_test() { printf '[test]\nrun = [%s]\ntimeout = 20\n' "$2" >>"$tree/ports/$1/port.toml"; }
text_recipe good "" true
with_test good '"read x </usr/share/good/text && test \"$x\" = \"text of good\"", "test ! -e /usr/bin/gcc", "echo x >file", "echo x >/etc/file", "! echo x >/usr/file"'
text_recipe bad "" true
with_test bad '"echo this is why >&2; exit 3"'
text_recipe none "" true
if [ -n "$flags" ]; then
	skip target-tests "without namespaces there are no roots"
else
	for_other test good bad none >"$work/out" 2>&1
	same target-test-status 1 $?
	grep -q '^ok good (' "$work/out" && ok target-test-passes || fail target-test-passes "$(cat "$work/out")"
	grep -q '^FAIL bad: status 3 ' "$work/out" && ok target-test-fails || fail target-test-fails "$(cat "$work/out")"
	grep -q '^skip none: ' "$work/out" && ok target-test-none || fail target-test-none "$(cat "$work/out")"
	grep -q 'this is why' "$XDG_CACHE_HOME/calx/logs/bad@$other.test.log" && ok target-test-log ||
		fail target-test-log "no log"
	same target-test-is-listed "bad failed good yes none -" \
		"$(for_other list --tsv bad good none | cut -f1,4 | tr '\t\n' '  ' | sed 's/ $//')"
	same target-test-is-not-of-the-first no "$(run_cook list --tsv good | cut -f4)"
fi
exit $((failures > 0))
