# SPDX-License-Identifier: MIT
# cook build --slurm on a real Slurm: one controller and two nodes on this machine, whose files all
# lie in the test's folder. A node is killed while it builds; what comes out is what cook alone makes.
. "$(dirname "$0")/lib.sh"
fresh_tree
for p in munged slurmctld slurmd sbatch squeue scontrol pgrep; do
	PATH=$PATH:/usr/sbin command -v $p >/dev/null || { skip slurm "no $p here"; exit 0; }
done
PATH=$PATH:/usr/sbin
pids=
end() {
	kill $pids 2>/dev/null
	[ ! -e "$work/munge.pid" ] || kill "$(cat "$work/munge.pid")" 2>/dev/null
	sleep 1
	kill -9 $pids 2>/dev/null
	rm -rf "$work"
}
trap end EXIT

# What has ended is nobody's to be killed.
forget() { for p in $pids; do [ "$p" = "$1" ] || set -- "$@" "$p"; done; shift; pids=$*; }

# until SECONDS COMMAND...: polls; 1 when it never succeeded
until_ok() {
	left=$1; shift
	until "$@" >/dev/null 2>&1; do
		left=$((left - 1))
		[ $left -gt 0 ] || return 1
		sleep 1
	done
}

# --- the cluster ---
set -- $(python3 -c '
import socket
s = [socket.socket() for i in range(3)]
for x in s: x.bind(("127.0.0.1", 0))
print(*[x.getsockname()[1] for x in s])')
mkdir -p "$work/state" "$work/spool-node1" "$work/spool-node2"
head -c 1024 /dev/urandom >"$work/munge.key"
chmod 600 "$work/munge.key"
munged --force --key-file="$work/munge.key" --socket="$work/munge.sock" --pid-file="$work/munge.pid" \
	--log-file="$work/munge.log" --seed-file="$work/munge.seed" 2>"$work/munge.err"
me=$(id -un)
cat >"$work/slurm.conf" <<END
ClusterName=calx
SlurmctldHost=localhost
SlurmctldPort=$1
SlurmUser=$me
SlurmdUser=$me
AuthType=auth/munge
AuthInfo=socket=$work/munge.sock
StateSaveLocation=$work/state
SlurmdSpoolDir=$work/spool-%n
SlurmctldPidFile=$work/slurmctld.pid
SlurmdPidFile=$work/slurmd-%n.pid
SlurmctldLogFile=$work/slurmctld.log
SlurmdLogFile=$work/slurmd-%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SchedulerParameters=defer,sched_interval=2,bf_interval=2
ReturnToService=2
SlurmdTimeout=5
InactiveLimit=0
KillWait=2
AccountingStorageType=accounting_storage/none
JobAcctGatherType=jobacct_gather/none
MpiDefault=none
NodeName=node1 NodeHostname=localhost NodeAddr=127.0.0.1 Port=$2 CPUs=1
NodeName=node2 NodeHostname=localhost NodeAddr=127.0.0.1 Port=$3 CPUs=1
PartitionName=all Nodes=node1,node2 Default=YES State=UP
END
export SLURM_CONF=$work/slurm.conf
slurmctld -D -f "$SLURM_CONF" >"$work/slurmctld.out" 2>&1 &
pids=$!
until_ok 60 scontrol ping
for n in node1 node2; do
	slurmd -D -N $n -f "$SLURM_CONF" >"$work/$n.out" 2>&1 &
	echo $! >"$work/$n.daemon"
	pids="$pids $!"
done
both_idle() { [ "$(sinfo -h -N -o %T | grep -c idle)" = 2 ]; }
if ! until_ok 120 both_idle; then
	fail slurm-starts "$(cat "$work"/munge.err "$work"/*.out "$work"/slurm*.log | tail -n 1)"
	exit 1
fi
ok slurm-starts

# --- the ports: base; slow and quick need it; last needs both; broken, and who needs it ---
text_recipe base
text_recipe slow 'build-depends = ["base"]' 'sleep 25; cat {sysroot}/usr/share/base/text >>{dest}/usr/share/slow/text'
text_recipe quick 'build-depends = ["base"]'
text_recipe last 'build-depends = ["slow", "quick"]' \
	'cat {sysroot}/usr/share/slow/text {sysroot}/usr/share/quick/text >>{dest}/usr/share/last/text'
text_recipe broken "" false
text_recipe never 'build-depends = ["broken"]'

run_cook -j 1 build --slurm >"$work/said" 2>&1 &
cook_pid=$!
pids="$pids $cook_pid"

# A node that loses its power: the daemon, the job's keeper and all that it started, at once.
below() { for c in $(pgrep -P "$1"); do below "$c"; echo "$c"; done; }
builds_slow() {
	set -- $(squeue -h -n cook-slow -o '%T %N')
	node=${2:-}
	[ "${1:-}" = RUNNING ] && pgrep -f "slurmstepd: \[$(job slow)\."
}
job() { sed -n "s/^job \([0-9]*\) $1\$/\1/p" "$work/said"; }
started() { [ -n "$(find "$XDG_CACHE_HOME/calx/build" -maxdepth 1 -name 'slow-*' 2>/dev/null)" ]; }
if until_ok 180 builds_slow && until_ok 60 started; then
	step=$(pgrep -f "slurmstepd: \[$(job slow)\." | head -n 1)
	kill -9 "$(cat "$work/$node.daemon")" $step $(below "$step") 2>/dev/null
	forget "$(cat "$work/$node.daemon")"
	ok slurm-builds-on-a-node
else
	fail slurm-builds-on-a-node "$(tail -n 3 "$work/said" | tr '\n' ' ')"
fi

# Slurm lets a job wait for two minutes before it starts it again: here that is cut short.
waits_again() { [ "$(squeue -h -j "$(job slow)" -o %T)" = PENDING ]; }
check slurm-starts-the-job-again until_ok 180 waits_again
scontrol update JobId="$(job slow)" StartTime=now >/dev/null 2>&1
gone() { ! kill -0 $cook_pid 2>/dev/null; }
until_ok 300 gone
wait $cook_pid
same slurm-status-tells-of-failures 1 $?
forget $cook_pid
same slurm-says-who-failed "broken never " \
	"$(sed -n 's/^failed \([a-z]*\):.*/\1/p' "$work/said" | sort | tr '\n' ' ')"
same slurm-lost-nothing "base last quick slow " \
	"$(run_cook list --tsv | awk -F'\t' '$3 == "built" { printf "%s ", $1 }')"
ended() { scontrol show job -o "$(job slow)" | sed -n "s/.* $1=\([^ ]*\).*/\1/p"; }
same slurm-started-it-twice 1 "$(ended Restarts)"
case $(ended NodeList) in
"$node" | '') fail slurm-another-node-took-over "slow was built on '$(ended NodeList)'" ;;
*) ok slurm-another-node-took-over ;;
esac
run_cook out base slow quick last | xargs sha256sum | sed 's/ .*//' >"$work/by-slurm"
same slurm-again-has-nothing-to-do "" "$(run_cook -j 1 build --slurm last 2>&1)"
XDG_CACHE_HOME=$work/alone
run_cook build last >/dev/null 2>&1
run_cook out base slow quick last | xargs sha256sum | sed 's/ .*//' >"$work/alone.sums"
check slurm-same-packages-as-alone cmp "$work/by-slurm" "$work/alone.sums"
exit $((failures > 0))
