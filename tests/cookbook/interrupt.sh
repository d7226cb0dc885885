# SPDX-License-Identifier: MIT
# Interrupted builds: nothing half done counts, nothing runs on, what was finished stays.
. "$(dirname "$0")/lib.sh"
nap=987.$$
sleepers() {
	for f in /proc/[0-9]*/cmdline; do
		{ tr "\\0" " " <"$f" | grep "^sleep $nap "; } 2>/dev/null
	done
}
sleepers_pids() { grep -l "^sleep.$nap" /proc/[0-9]*/cmdline 2>/dev/null | cut -d/ -f3; }
fresh_tree
text_recipe quick "" true
text_recipe long 'build-depends = ["quick"]' "sleep $nap"
for signal in INT TERM KILL; do
	(cd "$tree" && exec "$cook" $flags build >"$work/out.$signal" 2>&1) &
	pid=$!
	i=0
	while ! ls "$XDG_CACHE_HOME"/calx/build/long-*/dest/usr/share/long/text >/dev/null 2>&1; do
		sleep 0.05
		i=$((i + 1))
		[ $i -lt 200 ] || break
	done
	kill -$signal $pid
	wait $pid 2>/dev/null
	same "interrupt-$signal-status" 1 $(($? != 0))
	sleep 0.2
	if [ "$signal$flags" = KILL--no-sandbox ]; then
		skip interrupt-KILL-kills-children "it takes a process namespace"
		kill $(sleepers_pids) 2>/dev/null	# what they work in is theirs until they end
		sleep 1
	else
		same "interrupt-$signal-kills-children" "" "$(sleepers)"
	fi
	same "interrupt-$signal-keeps-finished" "built" "$(run_cook list --tsv quick | cut -f3)"
	same "interrupt-$signal-leaves-nothing-half" "needed" "$(run_cook list --tsv long | cut -f3)"
done
sed_i "s/sleep $nap/true/" "$tree/ports/long/port.toml"
check interrupt-then-finishes run_cook build
i=0
while [ -n "$(ls "$XDG_CACHE_HOME/calx/build")" ] && [ $i -lt 100 ]; do sleep 0.1; i=$((i + 1)); done
same interrupt-leaves-no-folders "" "$(ls "$XDG_CACHE_HOME/calx/build")"
same interrupt-store-is-complete "" \
	"$(for d in "$XDG_CACHE_HOME"/calx/store/*/; do [ -f "$d/meta" ] || echo "$d"; done)"

# Two cooks at once build each port once.
sed_i 's/"true"/"sleep 1"/' "$tree/ports/long/port.toml"
(cd "$tree" && "$cook" $flags build >"$work/one" 2>&1) &
run_cook build >"$work/two" 2>&1
status=$?
wait $!
same interrupt-two-cooks "0 0" "$status $?"
exit $((failures > 0))
