# SPDX-License-Identifier: MIT
# What the tests of cook share: a scratch tree and cache, results, small recipes.

top=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d "${TMPDIR:-/tmp}/cook-test.XXXXXX")
trap 'chmod -R u+w "$work" 2>/dev/null; rm -rf "$work"' EXIT
CALX_CACHE_HOME=${XDG_CACHE_HOME:-$HOME/.cache}	# the cache of this tree: rotate.sh
export XDG_CACHE_HOME=$work/cache
# cook keeps its recipes and graph until it ends; leaks are looked for in the parsers (fuzz).
export ASAN_OPTIONS=detect_leaks=0
unset CALX_SOURCES MAKEFLAGS COOK_HOLD COOK_CACHE COOK_CACHE_KEY COOK_MAX_PROCESSES COOK_MAX_DISK
# tests/cookbook/posix-host runs them with programs of its own.
hosttools=${COOK_TEST_HOST:-$top/build/host}
helpers=${COOK_TEST_HELPERS:-$top/build/tests/cookbook}
cook=${COOK_UNDER_TEST:-$top/build/host/cook-san}
tree=$work/tree
failures=0

ok() { echo "ok $1"; }
fail() { echo "FAIL $1: $2"; failures=$((failures + 1)); }
skip() { echo "skip $1: $2"; }

# check NAME COMMAND...: ok when the command succeeds
check() {
	name=$1; shift
	if "$@" >"$work/out" 2>&1; then ok "$name"; else
		fail "$name" "$* ($(tail -n 3 "$work/out" | tr '\n' ' '))"
	fi
}

# same NAME WANT GOT
same() { if [ "$2" = "$3" ]; then ok "$1"; else fail "$1" "expected '$2', got '$3'"; fi; }

# sed_i EXPRESSION FILE...: what only some systems' sed -i does
sed_i() {
	expression=$1; shift
	for f; do
		sed "$expression" "$f" >"$f.edited" && cat "$f.edited" >"$f" && rm "$f.edited"
	done
}
sha256() { if command -v sha256sum >/dev/null; then sha256sum "$@"; else shasum -a 256 "$@"; fi; }

# tree_of DIR [PATTERN]: a line for everything below it whose name has not the pattern; equal for equal trees.
tree_of() {
	(cd "$1" && find . | grep -v -e "${2:-^$}" | sort | while IFS= read -r f; do
		if [ -h "$f" ]; then echo "$f -> $(readlink "$f")"
		elif [ -d "$f" ]; then echo "$f/"
		else echo "$f $(sha256 <"$f")"; fi
	done)
}

fresh_tree() { rm -rf "$tree"; mkdir -p "$tree/ports" "$tree/patches"; }

# recipe NAME [lines of the top table] <build table on standard input
recipe() {
	mkdir -p "$tree/ports/$1"
	{
		printf 'name = "%s"\nversion = "1"\nlicense = "MIT"\nsummary = "Test"\n' "$1"
		printf 'toolchain = "none"\n'
		[ $# -lt 2 ] || printf '%s\n' "$2"
		printf '[build]\n'
		cat
	} >"$tree/ports/$1/port.toml"
}

# A recipe that installs a file with a text, from the folder src/NAME of the tree.
text_recipe() {
	mkdir -p "$tree/src/$1"
	[ -f "$tree/src/$1/text" ] || echo "text of $1" >"$tree/src/$1/text"
	recipe "$1" "source = \"tree:src/$1\"
$2" <<-END
	system = "shell"
	install = ["mkdir -p {dest}/usr/share/$1", "grep -v ^# {src}/src/$1/text >{dest}/usr/share/$1/text", "$3"]
	END
}

# Where namespaces are forbidden all but the tests of the sandbox itself run without it.
flags=${COOK_TEST_FLAGS-}
publishable=yes
if [ -n "$flags" ]; then
	publishable=no
elif ! unshare -Urmpnfiu true 2>/dev/null && ! unshare -mpnfiu true 2>/dev/null; then
	flags=--no-sandbox
	publishable=no
fi
run_cook() { (cd "$tree" && "$cook" $flags "$@"); }

# serve DIR: a web server on loopback that stands for the mirror; it ends with the script.
serve() {
	python3 -u -m http.server --bind 127.0.0.1 --directory "$1" 0 >"$work/server" 2>&1 &
	server=$!
	trap 'kill $server; rm -rf "$work"' EXIT
	tries=0
	while ! port=$(sed -n 's/.* port \([0-9]*\).*/\1/p' "$work/server" | grep .) && [ $tries -lt 300 ]; do
		sleep 0.1; tries=$((tries + 1))
	done
	export CALX_DEBIAN_MIRROR=http://127.0.0.1:$port
}
