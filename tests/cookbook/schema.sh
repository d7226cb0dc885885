# SPDX-License-Identifier: MIT
# The schema of recipes: unknown keys, wrong types, names, licences, hashes, cycles.
. "$(dirname "$0")/lib.sh"
fresh_tree

# refused NAME PATTERN TEXT...: lint prints a line that matches
refused() {
	name=$1 pattern=$2; shift 2
	mkdir -p "$tree/ports/x"
	printf '%s\n' "$@" >"$tree/ports/x/port.toml"
	out=$(run_cook lint x 2>&1)
	if printf '%s\n' "$out" | grep -q -e "$pattern"; then ok "schema-$name"; else
		fail "schema-$name" "no '$pattern' in: $(printf '%s' "$out" | head -n 2)"
	fi
}

head='name = "x"
version = "1"
license = "MIT"
summary = "s"
toolchain = "none"'
build='[build]
system = "make"'
zeros=0000000000000000000000000000000000000000000000000000000000000000

refused unknown-key 'port.toml:6:1: colour: unknown key$' "$head" 'colour = "red"' "$build"
refused unknown-build-key 'port.toml:8:1: sytem: unknown key; did you mean system?' "$head" "$build" 'sytem = "x"'
refused unknown-table 'port.toml:8:2: tset: unknown key; did you mean test?' "$head" "$build" '[tset]'
refused key-of-another-table 'port.toml:6:1: args: unknown key here; \[build\] has one' "$head" 'args = []' "$build"
refused missing-key 'port.toml:1:1: license: missing key' 'name = "x"' "$build"
refused missing-build 'build: missing table' "$head"
refused wrong-type 'port.toml:6:11: release must be an integer, not a string' \
	"$head" 'release = "1"' "$build"
refused wrong-entry 'port.toml:6:13: entry must be a string, not an integer' \
	"$head" 'provides = [1]' "$build"
refused name-of-folder 'port.toml:1:8: name: differs' 'name = "y"' 'version = "1"' \
	'license = "MIT"' 'summary = "s"' "$build"
refused bad-name 'port.toml:1:8: name: not a name' 'name = "X"' "$build"
refused bad-version 'port.toml:1:11: version: not a version' 'version = "1-2"' "$build"
refused bad-licence 'port.toml:1:11: license: not an SPDX' 'license = "GPL"' "$build"
refused bad-licence-form 'license: expected AND, OR' 'license = "MIT MIT"' "$build"
refused bad-system 'port.toml:2:10: system: must be one of autotools' '[build]' 'system = "scons"'
refused bad-sha256 'port.toml:1:10: sha256: not a sha256' 'sha256 = "abc"' "$build"
refused bad-source 'port.toml:1:10: source: a source begins' 'source = "ftp://x/y"' "$build"
refused tree-leaves 'source: not a path' 'source = "tree:../x"' "$build"
refused missing-sha256 'sha256: missing for a source' "$head" 'source = "https://x/y"' "$build"
refused count-of-sha256 'sha256: not as many' "$head" 'source = "https://x/y"' \
	"sha256 = [\"$zeros\", \"$zeros\"]" "$build"
refused bad-relation 'depends: not a relation' "$head" 'depends = ["a >> 1"]' "$build"
refused bad-cpe "cpe: not 'VENDOR:PRODUCT'" "$head" 'cpe = "zlib"' "$build"
refused bad-pair "links: not two words" "$head" "$build" 'links = ["one"]'
refused test-without-lines 'run: missing key' "$head" "$build" '[test]' 'timeout = 3'
refused repeated 'build-depends: given twice' "$head" 'build-depends = ["a", "a"]' "$build"
refused bad-variable 'not the name of a variable' "$head" "$build" 'env = { "A B" = "x" }'
refused unknown-dependency "port.toml:6:18: needs a recipe that is not in this tree: 'nosuch'$" \
	"$head" 'build-depends = ["nosuch"]' "$build"
refused dependency-with-a-typo "port.toml:6:13: depends on 'xy', which no recipe makes$" \
	"$head" 'depends = [ "xy" ]' "$build"
refused missing-tree 'port.toml:6:10: source: no src/x in this tree' "$head" 'source = "tree:src/x"' "$build"
refused missing-patches 'port.toml:6:11: patches: no patch in patches/nosuch' "$head" 'patches = "nosuch"' "$build"
refused no-test 'a port needs a \[test\]' "$head" "$build"
refused split-like-recipe 'a split is named like the recipe' "$head" "$build" \
	'[split.x]' 'files = ["usr"]'

refused long-summary 'summary: ends in a full stop' 'name = "x"' 'version = "1"' 'license = "MIT"' \
	'summary = "A thing."' 'toolchain = "none"' "$build"
refused unfinished-summary 'summary: UNFINISHED' 'name = "x"' 'version = "1"' 'license = "MIT"' \
	'summary = "UNFINISHED"' 'toolchain = "none"' "$build"
refused bad-homepage 'homepage: not a URL' "$head" 'homepage = "x.org"' "$build"
touch "$tree/ports/x/helper"
refused unused-file 'files beside it, but it names no {recipe}' "$head" "$build"
rm "$tree/ports/x/helper"

# --- patches
mkdir -p "$tree/patches/x" "$tree/patches/nobody"
# patch_is NAME PATTERN FILE TEXT
patch_is() {
	printf '%s\n' "$4" >"$tree/patches/x/$3"
	refused "$1" "$2" "$head" "$build"
	rm "$tree/patches/x/$3"
}
diff='--- a/x
+++ b/x
@@ -1 +1 @@
-1
+2'
patch_is patch-name 'patches/x/fix.patch:1:1: its name is not 0001-WHAT.patch' fix.patch "$diff"
patch_is patch-without-from '0001-x.patch:1:1: no From' 0001-x.patch "$diff"
patch_is patch-bad-from 'From: not .NAME <MAIL>' 0001-x.patch "From: me
$diff"
patch_is patch-without-subject '0001-x.patch:1:1: no Subject' 0001-x.patch "From: A <a@b>
$diff"
patch_is patch-without-status 'no Upstream-Status' 0001-x.patch "From: A <a@b>
Subject: x

$diff"
patch_is patch-unknown-status '0001-x.patch:4:1: Upstream-Status: not one of' 0001-x.patch "From: A <a@b>
Subject: x

Upstream-Status: soon
---
$diff"
patch_is patch-inappropriate-needs-a-reason 'must say why' 0001-x.patch "From: A <a@b>
Subject: x
Upstream-Status: Inappropriate

$diff"
patch_is patch-changes-nothing 'changes nothing' 0001-x.patch "From: A <a@b>
Subject: x
Upstream-Status: Pending"
same schema-unused-folder 'patches/nobody:1:1: no recipe uses it' "$(run_cook lint | grep nobody)"
touch "$tree/patches/x/README"
same schema-unused-patch 'patches/x/README:1:1: not a .patch: nothing uses it' "$(run_cook lint | grep README)"
mkdir "$tree/ports/x-dev"
printf 'name = "x-dev"\nversion = "1"\nlicense = "MIT"\nsummary = "s"\ntoolchain = "none"\n[build]\nsystem = "make"\n' \
	>"$tree/ports/x-dev/port.toml"
printf '%s\n' "$head" "$build" >"$tree/ports/x/port.toml"
run_cook lint x-dev | grep -q "the package 'x-dev' is made by ports/x/port.toml too" && ok schema-package-made-twice ||
	fail schema-package-made-twice "$(run_cook lint x-dev)"
rm -r "$tree/ports/x-dev" "$tree/patches"
printf '%s\n# a comment\n\n[test]\nrun = "true"\n' "$head
$build" >"$tree/ports/x/port.toml"
same schema-stats '1 ports: median 9 lines, longest 9; 0 with shell (0 %)' "$(run_cook lint --stats)"

for licence in 'MIT' '(MIT OR Apache-2.0) AND BSD-3-Clause' \
		'GPL-3.0-or-later WITH GCC-exception-3.1' 'LicenseRef-own'; do
	printf '%s\n' "$head" "$build" '[test]' 'run = "true"' | sed "s/\"MIT\"/\"$licence\"/" \
		>"$tree/ports/x/port.toml"
	check "schema-takes-licence $licence" run_cook lint x
done

fresh_tree
for pair in a:b b:c c:a; do
	recipe "${pair%:*}" "build-depends = [\"${pair#*:}\"]" </dev/null
	echo 'system = "make"' >>"$tree/ports/${pair%:*}/port.toml"
done
if run_cook build a 2>&1 | grep -q 'cycle: .a -> b -> c -> a'; then
	ok schema-names-cycles
else
	fail schema-names-cycles "$(run_cook build a 2>&1 | head -n 2)"
fi
exit $((failures > 0))
