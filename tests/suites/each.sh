# SPDX-License-Identifier: MIT
# For suites whose tests are run one by one (bash): tools, the loop around the emulator, the count.
# A suite is a folder with "list", a test a line, and "run-test", which is sourced and defines
# run_test NAME; runner.sh runs it, here and there.
set -u
here=$PWD
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
. scripts/lib.sh
suite=$(basename "$0")
linux=
usage() { echo "usage: tests/suites/$suite [-l] DIR [TEST...]" >&2; exit 2; }
while getopts l c; do
	case $c in
	l) linux=1 ;;
	*) usage ;;
	esac
done
shift $((OPTIND - 1))
[ $# -gt 0 ] || usage
from=$(cd "$here" && realpath "$1")
shift
wanted=("$@")
out=$(realpath -m "${O:-build/tests/suites/$suite}")
target=x86_64-pc-calx
mkdir -p "$out"

# source_to FOLDER: a copy of the suite's source, a folder or an archive
source_to() {
	rm -rf "$1"
	mkdir -p "$1"
	if [ -d "$from" ]; then
		cp -a "$from/." "$1/"
	else
		tar -xf "$from" --strip-components=1 -C "$1"
	fi
}

# with_tools COMMAND...: with the environment in which cook builds for Calx
with_tools() {
	[ -d build/tools/bin ] || cook tools build/tools >"$out/tools.log" 2>&1 ||
		die "no cross toolchain: see $out/tools.log"
	local t=$PWD/build/tools
	PATH=$t/bin:$PATH CC=$target-gcc AR=$target-ar RANLIB=$target-ranlib \
		CONFIG_SITE=$t/share/calx/config.site FORCE_UNSAFE_CONFIGURE=1 "$@"
}

# choose FILE: keeps the wanted tests of a list, in its order
choose() {
	[ ${#wanted[@]} = 0 ] || {
		printf '%s\n' "${wanted[@]}" | grep -xFf - "$1" >"$1.new"
		mv "$1.new" "$1"
	}
}

# on_calx FOLDER PACKAGES: runs the suite in FOLDER (at /suite there); after a test that takes the
# system with it the rest is run in a new one
on_calx() {
	local stage=$out/stage left started
	rm -rf "$stage"
	mkdir -p "$stage"
	cp -a "$1" "$stage/suite"
	cp tests/suites/runner.sh "$stage/suite/"
	: >"$out/calx"
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		scripts/guest -p "$2" -f "$stage" -o "$out/guest" -t "${SUITE_SECONDS:-3000}" \
			sh /suite/runner.sh /suite >"$out/serial" 2>&1
		tr -d '\r' <"$out/serial" | grep -aE '^(ok|FAIL|skip) ' >>"$out/calx"
		grep -aq '^end suite' "$out/serial" && break
		started=$(tr -d '\r' <"$out/serial" | grep -a '^test ' | tail -n 1)
		started=${started#test }
		[ -n "$started" ] || die "the suite did not start: $(tail -n 1 "$out/serial") ($out/serial)"
		grep -aqE "^(ok|FAIL|skip) $started(:|\$)" "$out/calx" ||
			echo "FAIL $started: the system stood still" >>"$out/calx"
		left=$(awk -v t="$started" 'found { print } $0 == t { found = 1 }' "$stage/suite/list")
		[ -n "$left" ] || break
		printf '%s\n' "$left" >"$stage/suite/list"
	done
}

# on_linux FOLDER
on_linux() {
	sh tests/suites/runner.sh "$1" 2>&1 | grep -aE '^(ok|FAIL|skip) ' >"$out/linux"
}

# count FILE: what failed, and the numbers
count() {
	grep -a '^FAIL' "$1" | sort
	echo "passed $(grep -ac '^ok' "$1"), failed $(grep -ac '^FAIL' "$1"), skipped $(grep -ac '^skip' "$1")"
}

# report: Linux first, when it was asked for; Calx last
report() {
	[ -z "$linux" ] || { echo "$suite on Linux:"; count "$out/linux"; echo "$suite on Calx:"; }
	count "$out/calx"
}
