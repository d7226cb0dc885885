#!/bin/sh
# SPDX-License-Identifier: MIT
# runner.sh DIR: runs the tests of DIR/list by run_test of DIR/run-test, on Calx or on the host,
# SUITE_JOBS at a time. run_test NAME has $dir and $job (0 ... SUITE_JOBS - 1) and writes where it likes.
# Its status: 0 ok, 77 or 78 skip, else FAIL; its output goes to a file and, when it failed, its
# last line to the verdict. run-test may define "prepare", called once at the start, and "verdict
# NAME STATUS OUTPUT", which prints another verdict than these, and false when it has none.
# A verdict is a line: ok NAME, skip NAME, FAIL NAME: WHY, count NAME PASSED FAILED SKIPPED.
dir=$1
export HOME=/root TERM=dumb TZ=UTC0
umask 022
cd "$dir" || exit 2
prepare() { :; }
verdict() { false; }
. ./run-test

usual_verdict() {
	case $2 in
	0) echo "ok $1" ;;
	77|78) echo "skip $1" ;;
	124|137) echo "FAIL $1: took too long" ;;
	*) echo "FAIL $1: status $2: $(tail -n 1 "$3" | tr -d '\000' | cut -c1-150)" ;;
	esac
}

# The tests that no other stream has taken yet.
stream() {
	job=$1 n=0
	while IFS= read -r name; do
		n=$((n + 1))
		(set -C; true >"$dir/taken/$n") 2>/dev/null || continue
		echo "test $name"
		# A test may leave processes behind that hold our output: they get a file instead.
		(run_test "$name") >"$dir/out.$job" 2>&1 </dev/null
		status=$?
		(verdict "$name" $status "$dir/out.$job") || usual_verdict "$name" $status "$dir/out.$job"
		times >"$dir/times.$job"
		echo "used $job $name $(tail -n 1 "$dir/times.$job")"
	done <"$dir/list"
}

rm -rf "$dir/taken"
mkdir "$dir/taken"
prepare >"$dir/prepare.log" 2>&1
{
	i=0
	while [ $i -lt "${SUITE_JOBS:-1}" ]; do
		stream $i &
		i=$((i + 1))
	done
	wait
} | cat
echo "end suite"
