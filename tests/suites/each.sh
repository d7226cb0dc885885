# SPDX-License-Identifier: MIT
# For suites whose tests are run one by one (bash): tools, the loop around the emulator, the count.
# A suite is a folder with "list", a test a line, and "run-test", which is sourced and defines
# run_test NAME; runner.sh runs it, here and there. Variables of a suite: jobs, how many of its tests
# may run at a time; limit, the seconds of a test; disk, the size of the image; runner, the command that
# does what runner.sh does, in the suite's folder.
set -u
here=$PWD
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
. scripts/lib.sh
suite=$(basename "$0")
linux='' calx=1 again='' longest=''
jobs=2 limit=120 disk=1G
runner='sh ./runner.sh'
usage() {
	cat >&2 <<-EOF
	usage: tests/suites/$suite [-l | -n] [-c] [-m SECONDS] DIR [TEST...]
	  -l  on Linux too     -n  on Linux alone
	  -c  goes on where the last run ended: what has no verdict yet and what took too long,
	      or the tests that are named, are run, all else is taken from before
	  -m  leaves out what took more seconds of a processor on Linux (after -n)
	EOF
	exit 2
}
while getopts lncm: c; do
	case $c in
	l) linux=1 ;;
	n) linux=1 calx= ;;
	c) again=1 ;;
	m) longest=$OPTARG ;;
	*) usage ;;
	esac
done
shift $((OPTIND - 1))
[ $# -gt 0 ] || usage
from=$(cd "$here" && realpath "$1")
shift
wanted=("$@")
out=$(cd "$here" && realpath -m "${O:-$OLDPWD/build/tests/suites/$suite}")
target=x86_64-pc-calx
tools=${CALX_TOOLS:-$PWD/build/tools}
mkdir -p "$out"

# source_to FOLDER [PATH...]: a copy of the suite's source, a folder or an archive, or of these parts of it
source_to() {
	local to=$1
	shift
	rm -rf "$to"
	mkdir -p "$to"
	if [ -d "$from" ]; then
		(cd "$from" && cp -a --parents "${@:-.}" "$to/")
	else
		tar -xf "$from" --strip-components=1 -C "$to" --wildcards ${@+"${@/#/*/}"}
	fi
}

# with_tools COMMAND...: with the environment in which cook builds for Calx
with_tools() {
	[ -d "$tools/bin" ] || cook tools "$tools" >"$out/tools.log" 2>&1 ||
		die "no cross toolchain: see $out/tools.log"
	local t=$tools
	PATH=$t/bin:$PATH CC=$target-gcc AR=$target-ar RANLIB=$target-ranlib \
		CONFIG_SITE=$t/share/calx/config.site FORCE_UNSAFE_CONFIGURE=1 "$@"
}

# built FOLDER: it is there from the run that goes on
built() { [ -n "$again" ] && [ -e "$1/list.all" ] && choose "$1/list"; }

# choose FILE: keeps the wanted tests of a list, in its order
choose() {
	[ -n "$again" ] && [ -e "$1.all" ] || cp "$1" "$1.all"
	if [ ${#wanted[@]} = 0 ]; then
		cp "$1.all" "$1"
	else
		printf '%s\n' "${wanted[@]}" | grep -xFf - "$1.all" >"$1"
	fi
}

# names FILE: of the tests that have a verdict in it
names() { awk '/^(ok|FAIL|skip|count) / { sub(/:$/, "", $2); print $2 }' "$1"; }

verdicts() { tr -d '\r' <"$1" | grep -aE '^(ok|FAIL|skip|count) [^ ]'; }

# forget FILE: what is to be run again has no verdict any more
forget() {
	touch "$1"
	if [ -z "$again" ]; then
		: >"$1"
	elif [ ${#wanted[@]} = 0 ]; then
		grep -avE '^FAIL [^ ]*: took too long$' "$1" >"$1.new"
		mv "$1.new" "$1"
	else
		printf '%s\n' "${wanted[@]}" |
			awk 'FILENAME == "-" { w[$1]; next } { n = $2; sub(/:$/, "", n) } !(n in w)' - "$1" >"$1.new"
		mv "$1.new" "$1"
	fi
}

# without LIST FILE: the tests of the list that have no verdict in the file
without() { names "$2" | awk 'FILENAME == "-" { seen[$1]; next } !($1 in seen)' - "$1"; }

# short LIST: those that did not take longer than -m on Linux, as far as it is known, the shortest first,
# so that a run that ends early has run the most
short() {
	[ -n "$longest" ] && [ -e "$out/linux.used" ] || { cat "$1"; return; }
	awk -v most="$longest" 'FILENAME != ARGV[2] { used[$1] = $2; next }
		used[$1] + 0 <= most { print used[$1] + 0, NR, $0 }' "$out/linux.used" "$1" |
		sort -k 1,1n -k 2,2n | cut -d ' ' -f 3-
}

# The guest must say something from time to time.
until_silent() {
	local last='' now same=0
	while kill -0 "$1" 2>/dev/null; do
		sleep 5
		now=$(stat -c %s "$2" 2>/dev/null)
		[ "$now" = "$last" ] && same=$((same + 5)) || same=0
		last=$now
		[ $same -lt $((${SUITE_TEST_SECONDS:-$limit} * 2 + 240)) ] || kill -- "-$1"
	done
}

settings() { echo "SUITE_TEST_SECONDS=${SUITE_TEST_SECONDS:-$limit} SUITE_JOBS=${SUITE_JOBS:-$jobs}"; }

# on_calx FOLDER PACKAGES: runs the suite in FOLDER (at /suite there). After a test that takes the
# system with it the rest is run in a new one; a test that was running twice then has failed.
on_calx() {
	local stage=$out/stage pid boot t
	[ -n "$calx" ] || return 0
	rm -rf "$stage"
	mkdir -p "$stage"
	cp -a "$1" "$stage/suite"
	cp tests/suites/runner.sh "$stage/suite/"
	[ -z "${SUITE_OVER:-}" ] || cp -a "$SUITE_OVER/." "$stage/"
	forget "$out/calx"
	: >"$out/calx.stood"
	for boot in $(seq 20); do
		short "$1/list" >"$out/calx.list"
		without "$out/calx.list" "$out/calx" >"$stage/suite/list"
		[ -s "$stage/suite/list" ] || break
		: >"$out/serial"
		setsid scripts/guest -p "$2" -f "$stage" -o "$out/guest" -z "$disk" -t "${SUITE_SECONDS:-3000}" \
			"cd /suite; $(settings) $runner /suite" >"$out/serial" 2>&1 &
		pid=$!
		until_silent $pid "$out/serial"
		wait $pid
		t=$?
		cat "$out/serial" >>"$out/serial.all"
		verdicts "$out/serial" >>"$out/calx"
		grep -aq '^end suite' "$out/serial" && break
		[ $t != 124 ] || { echo "$suite: the time is over" >&2; break; }
		grep -aq '^test ' "$out/serial" || die "the suite did not start: $(tail -n 1 "$out/serial") ($out/serial)"
		tr -d '\r' <"$out/serial" | sed -n 's/^test //p' >"$out/started"
		without "$out/started" "$out/calx" | while read -r t; do
			if grep -qxF "$t" "$out/calx.stood"; then
				echo "FAIL $t: the system stood still" >>"$out/calx"
			else
				echo "$t" >>"$out/calx.stood"
			fi
		done
	done
}

# on_linux FOLDER: in SUITE_LINUX, when that is the root of a Linux with the same versions of the
# programs (debootstrap makes one), else on the host itself
on_linux() {
	local run=(sh) dir=$1 place=$1
	[ -n "$linux" ] || return 0
	forget "$out/linux"
	if [ -n "${SUITE_LINUX:-}" ]; then
		place=$SUITE_LINUX/suite.$suite run=(chroot "$SUITE_LINUX" sh) dir=/suite.$suite
	elif [ "${1##*/}" = suite.d ]; then	# Calx reads its list at the same time
		place=$out/linux.suite run=(sh) dir=$place
	fi
	if [ "$place" != "$1" ]; then
		rm -rf "$place"
		cp -a "$1" "$place"
	fi
	cp tests/suites/runner.sh "$place/"
	short "$1/list" >"$out/linux.list"
	without "$out/linux.list" "$out/linux" >"$place/list"
	"${run[@]}" -c "cd $dir; $(settings) $runner $dir" >"$out/linux.log" 2>&1 </dev/null
	verdicts "$out/linux.log" >>"$out/linux"
	# The shells' times grow from test to test.
	awk '$1 == "took" { print $2, $3 }
	$1 == "used" {
		t = 0
		for (i = 4; i <= 5; i++) { split($i, p, /[ms]/); t += p[1] * 60 + p[2] }
		printf "%s %.2f\n", $3, t - last[$2]
		last[$2] = t
	}' "$out/linux.log" >>"$out/linux.used"
}

# count FILE: what failed, and the numbers
count() {
	awk '$1 == "FAIL" { f++; print }
		$1 == "ok" { p++ }
		$1 == "skip" { s++ }
		$1 == "count" { p += $3; f += $4; s += $5; if ($4) print "FAIL " $2 ": " $4 " of " $3 + $4 }
		END { printf "passed %d, failed %d, skipped %d\n", p, f, s }' "$1" | LC_ALL=C sort -s -k 1,1
}

# report: Linux first, of what has a verdict on Calx too; Calx last
report() {
	if [ -z "$calx" ]; then
		count "$out/linux"
		return
	fi
	if [ -s "$out/linux" ] && { [ -n "$linux" ] || [ -n "$again$longest" ]; }; then
		echo "$suite on Linux:"
		names "$out/calx" | awk 'FILENAME == "-" { run[$1]; next } { n = $2; sub(/:$/, "", n) } n in run' \
			- "$out/linux" >"$out/linux.same"
		count "$out/linux.same"
	fi
	echo "$suite on Calx:"
	without "$out/calx.list" "$out/calx" | sed 's/^/not run: /'
	count "$out/calx"
}
