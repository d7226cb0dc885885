# SPDX-License-Identifier: MIT
# What the suites share. A suite sets packages, seconds and the function runner, which prints a script
# for sh; it runs in a copy of the suite's folder, on Calx in /root/suite, with the tests as arguments,
# and prints "ok NAME", "FAIL NAME: why", "skip NAME: why" or "count NAME PASSED FAILED SKIPPED".
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
suite=$(basename "$0")
work=$top/build/tests/suites/$suite
packages='' seconds=1800 linux=0 calx=1

# suite_args [-l|-n] DIR [TEST...]: -l on the host too, -n there alone. SUITE_LINUX is the root of a
# Linux with the same versions of the programs, if the host itself has others (debootstrap makes one).
suite_args() {
	case ${1:-} in
	-l) linux=1; shift ;;
	-n) linux=1 calx=0; shift ;;
	esac
	[ -d "${1:-}" ] || { echo "usage: $suite [-l|-n] DIR [TEST...]" >&2; exit 2; }
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

on_linux() {
	if [ -n "${SUITE_LINUX:-}" ]; then
		rm -rf "$SUITE_LINUX/root/suite"
		cp -a "$work/over/root/suite" "$SUITE_LINUX/root/"
		chroot "$SUITE_LINUX" sh -c 'cd /root/suite && exec sh ./calx-run "$@"' sh "$@"
	else
		cp -a "$work/over/root/suite" "$work/linux"
		cd "$work/linux" && sh ./calx-run "$@"
	fi
}

suite_main() {
	rm -rf "$work"
	mkdir -p "$work/over/root/suite"
	cp -a "$folder/." "$work/over/root/suite/"
	{ runner; echo 'echo end'; } >"$work/over/root/suite/calx-run"
	if [ $linux = 1 ]; then
		(on_linux ${tests[@]+"${tests[@]}"}) >"$work/linux.log" 2>&1 </dev/null
		echo "on Linux:"
		summary <"$work/linux.log"
	fi
	[ $calx = 1 ] || return 0
	echo "on Calx:"
	"$top/scripts/guest" -p "$packages" -f "$work/over" -o "$work/guest" -t "$seconds" -- \
		"cd suite && sh ./calx-run ${tests[*]-}" >"$work/calx.log" 2>&1
	summary <"$work/calx.log"
}
