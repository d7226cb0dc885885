# SPDX-License-Identifier: MIT
# For the scripts that run in the booted system: results are lines for the host to read.
export PATH=/usr/bin:/bin HOME=/root TERM=dumb
cd /root
ok() { echo "ok $1"; }
failed() { echo "FAIL $1: $2"; }

# check NAME STATUS COMMAND...: runs the command; its status must be this
check() {
	name=$1 want=$2
	shift 2
	"$@" >/tmp/out 2>&1
	got=$?
	if [ $got = "$want" ]; then
		ok "$name"
	else
		failed "$name" "status $got instead of $want: $(tail -n 2 /tmp/out | tr '\n' ' ')"
	fi
}
