# SPDX-License-Identifier: MIT
# This tree's own recipes: well-formed, short, almost without shell; and when all is built, nothing takes no time.
. "$(dirname "$0")/lib.sh"
cook=$top/build/host/cook
[ -x "$cook" ] || { skip tree "no build/host/cook"; exit 0; }
export XDG_CACHE_HOME=$CALX_CACHE_HOME
cd "$top" || exit 1
same tree-passes-lint "" "$($cook lint 2>&1 | head -n 3)"
# "N ports: median L lines, longest L; N with shell (P %)"
stats=$($cook lint --stats)
same tree-recipes-are-short-and-few-have-shell yes \
	"$(echo "$stats" | awk '{ gsub(/[^0-9 ]/, " "); print $2 <= 14 && $NF <= 20 ? "yes" : $0 }')"

# Processor time, the least of three: the wall clock also measures what else runs here.
# What a recipe needs at run time alone may not be built: it is left out, or built the first time.
built=$($cook list --tsv | awk -F '\t' '$3 == "built" { print $1 }')
[ -n "$built" ] || { skip tree-no-op-is-fast "nothing is built"; exit $((failures > 0)); }
# shellcheck disable=SC2086
ms=$(python3 - "$cook" $flags build --budget 1 $built 2>"$work/out" <<'END'
import resource, subprocess, sys
def spent():
    use = resource.getrusage(resource.RUSAGE_CHILDREN)
    return use.ru_utime + use.ru_stime
least = 9
for i in range(3):
    before = spent()
    subprocess.run(sys.argv[1:], stdout=sys.stderr)
    least = min(least, spent() - before)
print(int(least * 1000))
END
)
if [ "$ms" -lt 200 ] && ! grep -q '^FAIL' "$work/out"; then ok tree-no-op-is-fast; else
	fail tree-no-op-is-fast "$ms ms, $(tail -n 1 "$work/out")"
fi
exit $((failures > 0))
