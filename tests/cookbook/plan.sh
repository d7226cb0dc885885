# SPDX-License-Identifier: MIT
# cook plan: the time that a cluster takes, from recorded times.
. "$(dirname "$0")/lib.sh"
fresh_tree
text_recipe a
text_recipe b 'build-depends = ["a"]'
text_recipe c
mkdir -p "$XDG_CACHE_HOME/calx"
for p in a b c; do printf 'key\t%s\t600.0\tok\t1\n' $p; done >"$XDG_CACHE_HOME/calx/records.tsv"
plan() { run_cook plan "$@" | cut -f2 | tr '\n' '|'; }
same plan-one-node "3, of them 3 with times measured here|3, the longest chain 2|0.5 hours|20 minutes|0.5 hours|30 minutes, 100 % of them busy|" \
	"$(plan 1 3 0)"
same plan-two-nodes "20 minutes, 75 % of them busy" "$(run_cook plan 2 3 0 | tail -n 1 | cut -f2)"
same plan-more-nodes-do-not-help "20 minutes, 15 % of them busy" "$(run_cook plan 10 3 0 | tail -n 1 | cut -f2)"
same plan-starting-takes-time "30 minutes, 50 % of them busy" "$(run_cook plan 2 3 300 | tail -n 1 | cut -f2)"
same plan-grown-tree-is-the-same-again "$(plan 20 500)" "$(plan 20 500)"
run_cook plan 20 >"$work/out" 2>&1
same plan-wrong-words 2 $?
exit $((failures > 0))
