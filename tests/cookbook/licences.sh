# SPDX-License-Identifier: MIT
# Texts of licences in packages; what no output depends on is in no key.
. "$(dirname "$0")/lib.sh"
fresh_tree

installed() {
	find "$XDG_CACHE_HOME"/calx/store/*/out -path '*usr/share/licenses/*' -type f |
		sed 's/.*licenses.//' | sort | tr '\n' ' '
}

mkdir -p "$tree/src/doc"
echo one >"$tree/src/doc/COPYING"; echo two >"$tree/src/Licence.html"; echo top >"$tree/LICENSE"
body='system = "shell"
install = ["mkdir -p {dest}/usr", "echo x >{dest}/usr/x"]'
printf '%s\n' "$body" | recipe a 'source = ["tree:src", "tree:LICENSE"]
sha256 = ["", ""]
license-files = ["src/doc/COPYING", "src/Licence.html"]'
check licences-build run_cook build a
same licences-found-and-named "a/COPYING a/LICENSE a/Licence.html " "$(installed)"

mkdir -p "$tree/src/b"; echo three >"$tree/src/b/COPYING"
printf '%s\n' "$body" | recipe a 'source = "tree:src"
license-files = ["src/doc/COPYING", "src/b/COPYING"]'
rm -rf "$XDG_CACHE_HOME"/calx/store/*
run_cook build a >/dev/null 2>&1
same licences-of-one-name-stay-apart "a/COPYING a/src-b-COPYING " "$(installed)"

printf '%s\n' "$body" | recipe a 'source = "tree:src"
license-files = "src/COPYING"'
out=$(run_cook build a 2>&1)
case $out in
*'license-files: no file src/COPYING in the sources'*) ok licences-missing-one-is-named ;;
*) fail licences-missing-one-is-named "$out" ;;
esac

printf '%s\n' "$body" | recipe a 'cpe = "a:a"'
run_cook build a >/dev/null 2>&1
printf '%s\n' "$body" | recipe a 'cpe = ["b:a", "b:lib-a"]'
same licences-cpe-rebuilds-nothing "a is built: nothing changed" "$(run_cook why a)"
exit $((failures > 0))
