# SPDX-License-Identifier: MIT
# What cook says of usual mistakes: what, where, and what to do; 2 is for a wrong command line.
. "$(dirname "$0")/lib.sh"
fresh_tree
text_recipe thing "" true
text_recipe library "" true

# says NAME STATUS PATTERN COMMAND...: cook ends with STATUS, and a line matches
says() {
	name=$1 status=$2 pattern=$3; shift 3
	run_cook "$@" >"$work/out" 2>&1
	is=$?
	if [ $is = "$status" ] && grep -q -e "$pattern" "$work/out"; then ok "mistakes-$name"; else
		fail "mistakes-$name" "status $is, no '$pattern' in: $(tail -n 3 "$work/out" | tr '\n' ' ')"
	fi
}

says command-with-a-typo 2 'no command called biuld; did you mean build?' biuld
says unknown-command 2 'no command called xyzzy; cook --help names them' xyzzy
says missing-argument 2 'usage: cook why NAME' why
says no-number 2 '0: not a number for -j' -j 0 build
says recipe-with-a-typo 1 'no recipe called libarry; did you mean library?' build libarry
says swapped-letters 1 'did you mean thing?' fetch thign
says unknown-recipe 1 'no recipe called somewhat$' lint somewhat
mkdir "$tree/ports/empty"
says folder-without-recipe 1 'ports/empty has no port.toml' build empty
mkdir "$tree/ports/empty/port.toml"
says unreadable-recipe 1 'ports/empty/port.toml:1:1: cannot be read: ' lint empty
rm -r "$tree/ports/empty"
says unknown-target 1 'no toolchain/targets/x86.toml' --target x86 build thing
says tree-elsewhere 1 'no tree with ports/' -C / list
(XDG_CACHE_HOME=/dev/null; says cache-that-cannot-be 1 'the cache is in .XDG_CACHE_HOME' list; exit $failures)
failures=$((failures + $?))

# --- a build
recipe bare 'patches = "gone"' <<'END'
system = "copy"
END
says patches-that-are-gone 1 'ports/bare/port.toml: patches: no patch in patches/gone' build bare
text_recipe needs-bare 'build-depends = ["bare"]' true
text_recipe top 'build-depends = ["needs-bare"]' true
says blocked-by 1 '^blocked top: it needs bare, which failed' build top

# --- sources
recipe far "source = \"https://127.0.0.1:1/far-1.tar\"
sha256 = \"$(echo far | sha256 | cut -c1-64)\"" <<'END'
system = "copy"
END
says no-network 1 'without a network: cook --sources DIR' fetch far
mkdir -p "$work/web/pool/main"
sum=$(echo content | sha256 | cut -c1-64)
echo content >"$work/web/pool/main/a.tar"
serve "$work/web"
recipe near "source = \"debian:main/a.tar\"
sha256 = \"$sum\"" <<'END'
system = "copy"
END
if [ -c /dev/full ]; then
	ln -s /dev/full "$XDG_CACHE_HOME/calx/sources/$sum.part"
	says full-disk 1 "sources/$sum.part: No space left" fetch near
	rm "$XDG_CACHE_HOME/calx/sources/$sum.part"
fi
sed_i "s/$sum/$(echo other | sha256 | cut -c1-64)/" "$tree/ports/near/port.toml"
says wrong-sha256 1 "a.tar: sha256 is $sum, the recipe wants" fetch near
exit $((failures > 0))
