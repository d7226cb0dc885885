#!/bin/sh
# SPDX-License-Identifier: MIT
# runner.sh DIR: runs the tests of DIR/list by run_test of DIR/run-test, on Calx or on the host.
# A test's status: 0 ok, 77 or 78 skip, else FAIL; its output goes to a file and, when it failed,
# its last line to the verdict.
dir=$1
export HOME=/root TERM=dumb TZ=UTC0
umask 022
cd "$dir" || exit 2
. ./run-test
while IFS= read -r name; do
	echo "test $name"
	# A test may leave processes behind that hold our output: they get a file instead.
	(run_test "$name") >"$dir/out" 2>&1 </dev/null
	status=$?
	case $status in
	0) echo "ok $name" ;;
	77|78) echo "skip $name" ;;
	124) echo "FAIL $name: took too long" ;;
	*) echo "FAIL $name: status $status: $(tail -n 1 "$dir/out" | cut -c1-150)" ;;
	esac
done <"$dir/list"
echo "end suite"
