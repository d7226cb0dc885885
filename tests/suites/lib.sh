# SPDX-License-Identifier: MIT
# What the suites share. A suite sets packages, seconds and the function runner, which prints a script
# for sh; it runs in a copy of the suite's folder, on Calx in /root/suite, with the tests as arguments,
# and prints "ok NAME", "FAIL NAME: why", "skip NAME: why" or "count NAME PASSED FAILED SKIPPED".
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
suite=$(basename "$0")
work=$top/build/tests/suites/$suite
packages='' seconds=1800 linux=0

# suite_args [-l] DIR [TEST...]
suite_args() {
	[ "${1:-}" != -l ] || { linux=1; shift; }
	[ -d "${1:-}" ] || { echo "usage: $suite [-l] DIR [TEST...]" >&2; exit 2; }
	folder=$(cd "$1" && pwd)
	shift
	tests=("$@")
}

# Reads a log, names what failed, sums up.
summary() {
	tr -d '\r' | awk '
	$1 == "ok" { p++ }
	$1 == "skip" { s++ }
	$1 == "FAIL" { f++; print }
	$1 == "count" { p += $3; f += $4; s += $5; if ($4) print "FAIL " $2 ": " $4 " of " $3 + $4 }
	$1 == "end" { ended = 1 }
	END {
		if (!ended) print "FAIL did not reach its end"
		printf "passed %d, failed %d, skipped %d\n", p, f, s
	}'
}

suite_main() {
	rm -rf "$work"
	mkdir -p "$work/over/root/suite"
	cp -a "$folder/." "$work/over/root/suite/"
	{ runner; echo 'echo end'; } >"$work/over/root/suite/calx-run"
	if [ $linux = 1 ]; then
		cp -a "$work/over/root/suite" "$work/linux"
		(cd "$work/linux" && sh ./calx-run ${tests[@]+"${tests[@]}"} >"$work/linux.log" 2>&1 </dev/null)
		echo "on Linux:"
		summary <"$work/linux.log"
		echo "on Calx:"
	fi
	"$top/scripts/guest" -p "$packages" -f "$work/over" -o "$work/guest" -t "$seconds" -- \
		"cd suite && sh ./calx-run ${tests[*]-}" >"$work/calx.log" 2>&1
	summary <"$work/calx.log"
}
