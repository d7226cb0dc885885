#!/bin/sh
# SPDX-License-Identifier: MIT
# On the device: programs that test sockets, then what goes out, then servers for the host.
cd /root
. ./settings
ok() { echo "ok $1"; }
fail() { echo "FAIL $1: $2"; }
report() {	# NAME STATUS TEXT
	if [ "$2" = 0 ]; then ok "$1"; else fail "$1" "$3"; fi
}

for p in /t/*; do
	"$p" || [ $? = 1 ] || fail "${p#/t/}" "ended with $?"
done

# netd's end: what comes too early for the new one's address waits for it.
services >list
while read -r name pid rest; do
	[ "$name" != netd ] || kill -9 "$pid"
done <list
/t/late 10.0.2.2 "$tls"

# Addresses of both versions; the announced prefix takes a second or two.
holds() {	# TEXT PART
	case $1 in
	*"$2"*) return 0 ;;
	esac
	return 1
}
i=0
until config=$(net); holds "$config" "address6 FEC0::" || [ $i = 60 ]; do
	sleep 1
	i=$((i + 1))
done
holds "$config" "address 10.0.2."
report dhcp-gives-an-address $? "$config"
holds "$config" "address6 FEC0::"
report routers-announcements-give-an-address $? "$config"
ping -q -W 60 -c 3 -i 0.2 10.0.2.2 >out 2>&1
report ping $? "$(cat out)"
ping -6 -q -W 60 -c 3 -i 0.2 fec0::2 >out 2>&1
report ping-ipv6 $? "$(cat out)"
ping -q -W 60 -c 3 -i 0.1 ::1 >out 2>&1
report ping-loopback-ipv6 $? "$(cat out)"
test "$(echo calx | nc fec0::2 $v6)" = CALX
report tcp-over-ipv6 $? "no echo from the host"

if [ -x /usr/bin/curl ]; then
	curl -s --cacert ca.pem -o large -w '%{speed_download} %{size_download}\n' "https://10.0.2.2:$tls/large" >out
	set -- $(cat out) 0 0
	test "$(sha256sum large | cut -d' ' -f1)" = "$sum"
	report "https-file-of-${mb}MB-intact" $? "$2 bytes, $(sha256sum large)"
	echo "# https: $((${1%.*} / 1000)) kB/s"
	rm -f large
fi
if [ -x /usr/bin/dbclient ]; then
	chmod 600 key
	dropbearconvert openssh dropbear key key.db >out 2>&1
	report ssh-key-is-converted $? "$(cat out)"
	test "$(dbclient -y -y -i key.db -p "$sshd" "$user@10.0.2.2" 'echo from $((6 * 7))' 2>err)" = "from 42"
	report ssh-out $? "$(tail -n 1 err)"
	dropbear -R -E -s >/var/log/dropbear.log 2>&1
	report ssh-server-starts $? "$(tail -n 1 /var/log/dropbear.log)"
fi
if [ -x /usr/bin/lighttpd ]; then
	lighttpd -f /etc/lighttpd/lighttpd.conf
	report web-server-starts $? "ended with an error"
fi
echo serving
nc -l 9999 </dev/null >knock
echo "end net"
