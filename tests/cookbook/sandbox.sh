# SPDX-License-Identifier: MIT
# The sandbox: no network, nothing outside can be written or seen.
. "$(dirname "$0")/lib.sh"
fresh_tree
text_recipe probe "" true
flags=
if ! run_cook build probe >"$work/out" 2>&1; then
	skip sandbox "$(tail -n 1 "$work/out")"
	exit 0
fi
mark=$work/written-from-inside
recipe inside <<END
system = "shell"
install = [
	"mkdir -p {dest}/usr/share",
	"exec >{dest}/usr/share/report",
	"ls /sys/class/net 2>/dev/null || sed -n 's/^ *\\\\([^:]*\\\\):.*/net \\\\1/p' /proc/net/dev",
	"(echo x >$mark) 2>/dev/null && echo wrote-outside || true",
	"(echo x >/usr/written) 2>/dev/null && echo wrote-usr || true",
	"(echo x >{tools}/written) 2>/dev/null && echo wrote-tools || true",
	"(echo x >/written) 2>/dev/null && echo wrote-root || true",
	"test ! -e $top || echo sees-tree",
	"test -z \"\$(ls -A \$HOME)\" || echo home-not-empty",
	"echo x >/tmp/x && echo x >{src}/x && echo x >{build}/x || echo cannot-write",
	"echo name \$(hostname) pid \$(ls /proc | grep -c '^[0-9]')",
	"echo user \$(id -u)",
	"mount -t tmpfs none /tmp 2>/dev/null && echo mounted || true",
]
END
check sandbox-builds run_cook build inside

# --- a root that is no mount point
in_chroot() {
	unshare -m sh -c '
		root=$1 dir=$2
		shift 2
		mkdir "$root" && for d in /*; do
			if [ -h "$d" ]; then cp -P "$d" "$root$d"
			elif [ -d "$d" ]; then mkdir "$root$d" && mount --rbind "$d" "$root$d"; fi
		done
		exec chroot "$root" sh -c '\''cd "$0" && exec "$@"'\'' "$dir" "$@"' sh "$@"
}
if unshare -m true 2>/dev/null; then
	text_recipe chrooted "" true
	in_chroot "$work/root" "$tree" "$cook" build chrooted >"$work/out" 2>&1
	grep -q 'sandbox: / is no mount point' "$work/out" && ok sandbox-tells-of-a-chroot ||
		fail sandbox-tells-of-a-chroot "$(tail -n 3 "$work/out")"
else
	skip sandbox-tells-of-a-chroot "no right to mount"
fi
report=$(tr '\n' ',' <"$(dirname "$(run_cook out inside)")/out/inside/usr/share/report")
case $report in
*wrote*|*sees-tree*|*home-not*|*cannot-write*|*mounted*) fail sandbox-is-closed "$report" ;;
*) ok sandbox-is-closed ;;
esac
[ ! -e "$mark" ] && ok sandbox-cannot-write-outside || fail sandbox-cannot-write-outside "$mark is there"
case $report in
*"net lo,name"*|*"net lo,"*) case $report in *"net e"*) fail sandbox-only-loopback "$report" ;; *) ok sandbox-only-loopback ;; esac ;;
*) fail sandbox-only-loopback "$report" ;;
esac
case $report in *"name calx"*) ok sandbox-host-name ;; *) fail sandbox-host-name "$report" ;; esac
python3 - <<'END' >/dev/null 2>&1 &
import socket, time
s = socket.socket()
s.bind(("127.0.0.1", 45871))
s.listen()
time.sleep(20)
END
server=$!
sleep 0.3
recipe connect 'host-tools = ["cmd:python3"]' <<'END'
system = "shell"
install = ["! python3 -c 'import socket; socket.create_connection((\"127.0.0.1\", 45871), 2)' 2>/dev/null", "mkdir -p {dest}/usr/share/x"]
END
check sandbox-has-no-way-to-the-host run_cook build connect
kill $server 2>/dev/null

# --- what breaks a rule fails with a message that says so
# breaks NAME LINE PATTERN [TOP]: a recipe with this line fails and says this
breaks() {
	recipe "$1" "$4" <<-END
	system = "shell"
	install = ["$2", "mkdir -p {dest}/usr/share/x"]
	END
	if run_cook build "$1" >"$work/out" 2>&1; then fail "sandbox-$1" "it was built"
	elif grep -q "^cook: sandbox: .*$3" "$work/out"; then ok "sandbox-$1"
	else fail "sandbox-$1" "$(tail -n 4 "$work/out")"; fi
}
python='host-tools = ["cmd:python3"]'
echo secret >"$work/undeclared"
breaks reads-undeclared-file "cat $work/undeclared" "$work/undeclared is on this host, but a build sees only"
breaks writes-outside 'echo x >/usr/share/x' 'a build may write to {src}'
breaks runs-missing-program 'nosuchprogram --version' "the program 'nosuchprogram' is not there"
breaks opens-a-socket "python3 -c 'import socket; socket.create_connection((\\\"192.0.2.1\\\", 80), 2)' 2>/dev/null" 'opened a socket to reach the network' "$python"
breaks asks-for-a-name "python3 -c 'import socket; socket.getaddrinfo(\\\"example.org\\\", 80)'" 'a build has no network' "$python"
breaks hides-that-it-asked "python3 -c 'import socket; socket.create_connection((\\\"192.0.2.1\\\", 80), 2)' 2>/dev/null || true" 'opened a socket to reach the network' "$python"
breaks runs-undeclared-program 'python3 -c 1' "the program 'python3' is not there: name what brings it in host-tools"
breaks finds-undeclared-program 'test ! -e /usr/bin/python3; /usr/bin/python3 -c 1' '/usr/bin/python3 is on this host, but a build sees only'
export COOK_MAX_PROCESSES=40 COOK_MAX_DISK=60
breaks forks-for-ever "while :; do sleep 60.$$ & done" 'more than 40 processes at once'
breaks fills-the-disk 'while :; do head -c 9000000 /dev/zero >>{build}/big; sleep 0.1; done' 'more than 60 MiB of disk are taken'
unset COOK_MAX_PROCESSES COOK_MAX_DISK
for f in /proc/[0-9]*/cmdline; do tr '\0' ' ' <"$f"; done 2>/dev/null | grep -c "^sleep 60.$$ " >"$work/out"
same sandbox-leaves-no-process 0 "$(cat "$work/out")"
exit $((failures > 0))
