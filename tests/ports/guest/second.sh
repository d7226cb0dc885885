#!/bin/sh
# SPDX-License-Identifier: MIT
# Second boot: all of it is still there. Then everything that can go wrong with a repository.
. /root/test/lib.sh
pkg list >/tmp/list
check found-again 0 cmp /root/list.first /tmp/list
# Neither the installation nor the tests of the ports nor the boot have changed a file of a package.
check verify-after-reboot 0 pkg verify

# repository URL: the same device, another address
repository() { echo "repo calx $1 ca=/root/test/ca.pem" >/etc/pkg/repos.conf; }
good=$(sed -n 's/^repo calx \([^ ]*\).*/\1/p' /etc/pkg/repos.conf)

pkg remove lua >/dev/null 2>&1
repository "$good/flipped"
check flipped-bit-in-a-package-is-refused 42 pkg install lua
check nothing-was-installed 1 test -e /usr/bin/lua
repository "$good/wrong-signature"
check index-with-wrong-signature-is-refused 40 pkg update
repository "$good/old"
check older-index-is-refused 43 pkg update
repository "$(cat /root/test/cut-url)"
check cut-connection-is-an-error 5 pkg install lua
repository "$good"
check resumed-after-the-cut 0 pkg install lua
check lua-runs-again 0 lua -e 'assert(1)'

pkg remove lua >/dev/null 2>&1
for size in 1048576 65536 4096 512; do
	dd if=/dev/zero of=/root/fill.$size bs=$size >/dev/null 2>&1
	sync
done
check full-disk-is-an-error 6 pkg install lua
rm -f /root/fill.*
sync
check verify-after-full-disk 0 pkg verify
check install-after-full-disk 0 pkg install lua

n=0
bad=0
while [ $n -lt 12 ]; do
	pkg --quiet remove lua >/dev/null 2>&1
	pkg --quiet --keep-cache install lua >/dev/null 2>&1 &
	sleep 0.$((n % 10))$((n * 7 % 10))
	kill -9 $! 2>/dev/null
	wait $! 2>/dev/null
	pkg recover >/tmp/out 2>&1 || { bad=1; break; }
	# The old state has no lua; all the rest is looked at once more below.
	if pkg owns /usr/bin/lua >/dev/null 2>&1; then
		pkg verify lua >/tmp/out 2>&1 || { bad=1; break; }
	fi
	n=$((n + 1))
done
[ $bad = 1 ] || pkg verify >/tmp/out 2>&1 || bad=1
if [ $bad = 0 ]; then
	ok "kill-9-in-the-middle-leaves-old-or-new"
else
	failed "kill-9-in-the-middle-leaves-old-or-new" "round $n: $(tail -n 2 /tmp/out | tr '\n' ' ')"
fi
sync
echo "end second"
