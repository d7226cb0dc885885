# SPDX-License-Identifier: MIT
# A part of this tree's recipes is built twice and compared, another one each day.
# CALX_DAY is the day's number, today's by default; CALX_LEFT the seconds that are left. Of builds whose
# recorded times sum up to half a minute, what does not fit is left out by name.
. "$(dirname "$0")/lib.sh"
if [ -n "$flags" ]; then skip rotate "no namespaces here"; exit 0; fi
part() { awk -v day="$1" -v most="$2" -v longest="$3" -f "$top/tests/cookbook/part.awk"; }

# What is built, and the seconds it took. Compilers take longer than all the rest.
built() {
	$cook list --tsv | awk -F '\t' '$3 == "built" { print $1 }' >"$work/built"
	{
		grep -vE '^(binutils|gcc|gdb|[a-z]*-native|[a-z]*-host)(@|$)' "$work/built"
		cat "$XDG_CACHE_HOME/calx/records.tsv"
	} | awk -F '\t' 'NF == 1 { built[$1] = 1 } $4 == "ok" && $2 in built { s[$2] = $3 }
		END { for (n in built) print n, n in s ? s[n] : 60 }' | LC_ALL=C sort
}

# twice DAY MOST LONGEST: builds the day's part of the tree here again and says what came out
twice() {
	built >"$work/list"
	[ -s "$work/list" ] || { skip rotate-today "nothing is built"; return; }
	ends=$(($(date +%s) + $2 * 4))
	for name in $(part "$1" "$2" "$3" <"$work/list"); do
		case $name in -*) skip "repro${name}" "it takes longer than $3 s: cook repro ${name#-}"; continue ;; esac
		[ "$(date +%s)" -lt "$ends" ] || { skip "repro-$name" "the time of this part is over"; continue; }
		# What it needs at run time alone may not be built; repro would build that too.
		lacks=$($cook order "$name" | grep -vxF -f "$work/built" | head -n 1)
		[ -z "$lacks" ] || { skip "repro-$name" "$lacks is not built"; continue; }
		if said=$($cook repro "$name" 2>&1); then ok "repro-$name"; else
			fail "repro-$name" "$(printf '%s\n' "$said" | grep '^differs' ||
				printf '%s\n' "$said" | tail -n 2 | tr '\n' ' ')"
		fi
	done
}

# --- in as many days as there are recipes each has its turn
seq 1 130 | sed 's/\(.*\)/r\1 \1/' >"$work/list"
d=0
while [ $d -lt 130 ]; do part $d 60 200 <"$work/list" | head -n 1; d=$((d + 1)); done | sort -u | wc -l >"$work/turns"
same rotate-all-have-their-turn 130 "$(tr -d ' ' <"$work/turns")"
[ "$(part 1 60 200 <"$work/list")" != "$(part 2 60 200 <"$work/list")" ] && ok rotate-days-differ ||
	fail rotate-days-differ "the same part on two days"
sum() { part "$1" 60 "$2" <"$work/list" | sed 1d | tr -d r | awk '{ s += $1 } END { print (s <= 60 && s > 40) }'; }
same rotate-keeps-to-its-time 1 "$(sum 3 200)"
d=0
while ! part $d 60 10 <"$work/list" | grep -q '^-r'; do d=$((d + 1)); done
same rotate-leaves-out-what-is-long 1 "$(sum $d 10)"

# --- a change that breaks it is named with the first file and its section
fresh_tree
text_recipe steady "" true
recipe dated 'host-tools = ["cmd:gcc"]' <<'END'
system = "shell"
install = ["mkdir -p {dest}/usr/lib", "echo \"const int f = $(date +%Y);\" >f.c", "gcc -shared -fPIC -nostdlib -Wl,--build-id=none -o {dest}/usr/lib/f.so f.c"]
END
check rotate-first-build run_cook build
(cd "$tree" && twice 0 60 60) >"$work/said"
same rotate-same-passes "ok repro-steady" "$(grep steady "$work/said")"
same rotate-difference-fails "FAIL repro-dated: differs dated: dated/usr/lib/f.so: section .rodata" \
	"$(grep dated "$work/said")"

# --- today's part of this tree
export XDG_CACHE_HOME=$CALX_CACHE_HOME
cook=$top/build/host/cook
[ -x "$cook" ] && [ -f "$XDG_CACHE_HOME/calx/records.tsv" ] ||
	{ skip rotate-today "nothing is built"; exit $((failures > 0)); }
cd "$top" || exit 1
most=$((${CALX_LEFT:-1800} / 60))
[ $most -lt 25 ] || most=25
twice "${CALX_DAY:-$(($(date +%s) / 86400))}" "$most" $((most + most / 2))
exit $((failures > 0))
