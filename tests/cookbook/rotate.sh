# SPDX-License-Identifier: MIT
# A part of this tree's recipes is built twice and compared, another one each day.
# CALX_DAY is the day's number, today's by default; CALX_LEFT the seconds that are left. The builds
# themselves are made with CALX_REPRO=1 only: a minute of processor time, and up to four when it is
# the turn of a large port.
. "$(dirname "$0")/lib.sh"
if [ -n "$flags" ]; then skip rotate "no namespaces here"; exit 0; fi
part() { awk -v day="$1" -v most="$2" -f "$top/tests/cookbook/part.awk"; }

# --- in as many days as there are recipes each has its turn, whatever its length
seq 1 130 | sed 's/\(.*\)/r\1 \1/' >"$work/list"
d=0
while [ $d -lt 130 ]; do part $d 60 <"$work/list" | head -n 1; d=$((d + 1)); done | sort -u | wc -l >"$work/turns"
same rotate-all-have-their-turn 130 "$(tr -d ' ' <"$work/turns")"
[ "$(part 1 60 <"$work/list")" != "$(part 2 60 <"$work/list")" ] && ok rotate-days-differ ||
	fail rotate-days-differ "the same part on two days"
same rotate-keeps-to-its-time 1 "$(part 3 60 <"$work/list" | sed 1d | tr -d r | awk '{ s += $1 } END { print s <= 60 }')"

# --- today's part of this tree
if [ "${CALX_REPRO:-0}" != 1 ]; then
	skip rotate-today "CALX_REPRO=1 builds today's part of the recipes twice"
	exit $((failures > 0))
fi
export XDG_CACHE_HOME=$CALX_CACHE_HOME
cook=$top/build/host/cook
[ -x "$cook" ] || { skip rotate-today "no build/host/cook"; exit $((failures > 0)); }
cd "$top" || exit 1
# Named recipes that are built, without compilers: these take longer than all the rest.
$cook list --tsv | awk -F '\t' '$3 == "built" { print $1 }' |
	grep -vE '^(binutils|gcc|gdb|[a-z]*-native|[a-z]*-host)(@|$)' >"$work/built"
awk -F '\t' 'NR == FNR { built[$1] = 1; next } $4 == "ok" && $2 in built { s[$2] = $3 }
	END { for (n in built) print n, n in s ? s[n] : 60 }' "$work/built" \
	"$XDG_CACHE_HOME/calx/records.tsv" | LC_ALL=C sort >"$work/list"
[ -s "$work/list" ] || { skip rotate-today "nothing is built"; exit $((failures > 0)); }
left=${CALX_LEFT:-1200}
for name in $(part "${CALX_DAY:-$(($(date +%s) / 86400))}" 30 <"$work/list"); do
	seconds=$(sed -n "s/^$name \([0-9]*\).*/\1/p" "$work/list")
	if [ $((seconds * 15)) -gt "$left" ]; then
		skip "repro-$name" "it takes $seconds s, $left s are left"
		continue
	fi
	if said=$($cook repro "$name" 2>&1); then ok "repro-$name"; else
		fail "repro-$name" "$(printf '%s\n' "$said" | grep '^differs' || printf '%s\n' "$said" | tail -n 2 | tr '\n' ' ')"
	fi
done
exit $((failures > 0))
