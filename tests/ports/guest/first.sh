#!/bin/sh
# SPDX-License-Identifier: MIT
# First boot of a fresh image: fetches and installs over HTTPS, runs the [test] of every port.
. /root/test/lib.sh

# strict <TEST: the same lines, but a false "a && b" or "! a" ends it too, which -e lets pass
strict() {
	while IFS= read -r line; do
		case $line in
		\#*) ;;
		*'&&'* | '! '*) sh -n -c "$line || exit 1" 2>/dev/null && line="$line || exit 1" ;;
		esac
		printf '%s\n' "$line"
	done
}

check update 0 pkg update
check install-bash-lua-sqlite 0 pkg install bash lua sqlite
check bash-runs 0 bash -c 'test $((6 * 7)) = 42'
check lua-runs 0 lua -e 'assert(6 * 7 == 42)'
# All at once, which is quick; one after the other when that fails, to say which.
pkg install $(cat /root/test/ports) >/tmp/out 2>&1 || for p in $(cat /root/test/ports); do
	pkg install "$p" >/tmp/out 2>&1 || failed "port-$p" "install: $(tail -n 1 /tmp/out)"
done
for p in $(cat /root/test/ports); do
	t=/usr/share/ports/$p/test
	[ -f "$t" ] || continue
	rm -rf /tmp/t && mkdir /tmp/t && cd /tmp/t
	# Its own limit is for a machine that does nothing else.
	limit=$(sed -n "s/^# Test of .*; at most \([0-9]*\) seconds.*/\1/p" "$t")
	strict <"$t" >/tmp/test.sh
	if timeout $((limit * 4)) sh -e /tmp/test.sh >/tmp/out 2>&1; then
		ok "port-$p"
	else
		failed "port-$p" "status $?: $(tail -n 2 /tmp/out | tr '\n' ' ')"
	fi
	cd /root
done
pkg list >/root/list.first
sync
echo "end first"
