#!/bin/sh
# SPDX-License-Identifier: MIT
# Compares Calx with Linux by wall clock: both in the same emulator with the same options, in turns, so that what else
# the host does hits both. Lines "name<TAB>ratio<TAB>of Linux<TAB>figures of both"; 1: as quick as Linux, more is better.
# What is more than 5 % less than in tests/bench/recorded.tsv, or misses the goal, is named at the end on standard
# error; no more than that, since what else the host does shows in such figures.
# usage: tests/bench/wall.sh [-r] [-n ROUNDS] [NAME...]
#	NAME: disk-write, disk-read (256 MiB; calxfs beside ext4, virtio-blk), tcp-send, tcp-receive (128 MiB, to and from
#	the host), make (how much quicker gcc has compiled lua with 4 processors than with one); all if none
#	-n: default 5, of make 1	-r: the ratios go into recorded.tsv, and docs/bench.svg is drawn anew
# Ratios are of the best of the rounds; medians come with the figures. What a guest does is wall/job, the same on both.
# WALL_PORT (27717) is the port of the host that the guests call.
# Linux's disk has Calx's programs, on Calx's libc for Linux, so only kernels and servers differ.
set -eu
cd "$(dirname "$0")/../.."
. scripts/lib.sh
rounds=5 make_rounds=1 record=
while getopts n:r c; do
	case $c in
	n) rounds=$OPTARG make_rounds=$OPTARG ;;
	r) record=1 ;;
	*) usage ;;
	esac
done
shift $((OPTIND - 1))
rows=${*:-disk-write disk-read tcp-send tcp-receive make}
for name in $rows; do
	case $name in
	disk-write | disk-read | tcp-send | tcp-receive | make) ;;
	*) die "no row $name" ;;
	esac
done
src=tests/bench/wall out=${WALL_OUT:-build/bench/wall}
port=${WALL_PORT:-27717}
packages=$(sed 's/#.*//' scripts/packages.image; echo sed)
cc=build/tools/bin/x86_64-pc-calx-gcc
rm -rf "$out/overlay" "$out/results"
mkdir -p "$out/overlay/wall" "$out/results"

# The project that is compiled: lua's source as its recipe pins it. Without gcc for Calx there is no such row.
project() {
	build/host/repo list "$(repository)" | grep -q '^gcc[[:space:]]' || {
		printf 'wall-make\t-\tof Linux\tskipped: gcc for Calx is not built (make port-gcc-native, then make repo)\n'
		rows=$(echo "$rows" | sed 's/\<make\>//')
		return 0
	}
	sum=$(sed -n 's/^sha256 = "\(.*\)"/\1/p' ports/lua/port.toml)
	cook fetch lua
	mkdir "$out/overlay/wall/lua"
	tar -C "$out/overlay/wall/lua" --strip-components=1 -xf "${XDG_CACHE_HOME:-$HOME/.cache}/calx/sources/$sum"
	packages="$packages gcc make"
}

# Linux's disk: Calx's files with the C library for Linux.
linux_disk() {
	stamp=$(cat "$out/calx.img.stamp"; cksum $src/wall.c "$0")
	[ ! -e "$out/linux.img" ] || [ "$stamp" != "$(cat "$out/linux.img.stamp" 2>/dev/null)" ] || return 0
	cook --target x86_64-linux-calx build libc >"$out/libc.log" 2>&1 || die "no libc for Linux: see $out/libc.log"
	rm -rf "$out/linux.root" "$out/linux.img"
	cp -al "$out/calx.root" "$out/linux.root"
	for p in $(cook --target x86_64-linux-calx out libc); do
		bsdtar -xUf "$p" -C "$out/linux.root" --exclude .manifest
	done
	cc -O2 -static -o "$out/wall.linux" $src/wall.c
	ln -f "$out/wall.linux" "$out/linux.root/wall/wall"
	truncate -s 1G "$out/linux.img"
	PATH=$PATH:/usr/sbin:/sbin mke2fs -q -t ext4 -E lazy_itable_init=0,lazy_journal_init=0,root_owner=0:0 -d "$out/linux.root" "$out/linux.img"
	rm -rf "$out/linux.root"
	echo "$stamp" >"$out/linux.img.stamp"
}

prepare() {
	[ -x $cc ] || cook tools build/tools >"$out/tools.log" 2>&1 || die "no toolchain: see $out/tools.log"
	$cc -O2 -static -o "$out/overlay/wall/wall" $src/wall.c
	cc -O2 -o "$out/wall" $src/wall.c
	cp $src/job "$out/overlay/wall/job"
	for job in write read send receive make; do ln -s job "$out/overlay/wall/$job"; done
	echo "$port" >"$out/overlay/wall/port"
	case " $rows " in *" make "*) project ;; esac
	scripts/image -o "$out/calx.img" -s 1G -a "$out/overlay" $packages 2>"$out/image.log" ||
		die "no image: see $out/image.log"
	$src/linux.sh "$out/linux"
	linux_disk
}

# boot SYSTEM PROCESSORS JOB: on its disk; adds the seconds between "wall begin" and "wall end" to
# results/SYSTEM.JOB.PROCESSORS
boot() {
	r=$out/calx.root
	case $1 in
	calx) set -- "$@" -k "$r/boot/calx.elf" -i "$r/boot/boot.img" -a "console=serial quiet test=/wall/$3" ;;
	linux) set -- "$@" -k "$out/linux/vmlinuz" -i "$out/linux/initrd" -a \
		"console=ttyS0 quiet panic=-1 tsc=reliable clocksource=tsc random.trust_cpu=on cryptomgr.notests wall=$3" ;;
	esac
	name=$1.$3.$2 system=$1 processors=$2
	shift 3
	# As the goals of the other rows: string instructions of bytes are slow in the emulator, and Linux would take them.
	scripts/qemu -q -t 600 "$@" -d "$disks/$system.img" -s "$processors" -m 1024 -- -cpu max,-erms,-fsrm \
		</dev/null 2>&1 | "$out/wall" stamp >"$out/serial.$name" || true
	awk '/wall begin/ { t = $1 } /wall end/ { printf "%.3f\n", ($1 - t) / 1e9; ok = 1 } END { exit !ok }' \
		"$out/serial.$name" >>"$out/results/$name" || die "$system did not end \"$name\": see $out/serial.$name"
}

fresh() { copy_image "$out/$1.img" "$disks/$1.img"; }

# What is read was written by the system itself, in the boot before.
round() {
	for system in calx linux; do
		fresh $system
		for job in write read send receive; do
			case "$job $rows " in
			write*disk-* | *" disk-$job "* | *" tcp-$job "*) boot $system 2 $job ;;
			esac
		done
	done
}

# Best and median of a list of seconds.
best() { sort -n "$out/results/$1" | head -n 1; }
median() { sort -n "$out/results/$1" | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }

# row NAME JOB MIB
row() {
	echo "$(best calx.$2.2) $(median calx.$2.2) $(best linux.$2.2) $(median linux.$2.2)" | awk -v name="$1" -v mib="$3" '{
		printf "wall-%s\t%.2f\tof Linux\tCalx %.0f MiB/s (median %.0f), Linux %.0f (%.0f); goal 0.8\n",
			name, $3 / $1, mib / $1, mib / $2, mib / $3, mib / $4 }'
}

make_row() {
	for system in calx linux; do
		echo "$(best $system.make.1) $(best $system.make.4)"
	done | awk '{ one[NR] = $1; four[NR] = $2; up[NR] = $1 / $2 } END {
		printf "wall-make\t%.2f\tof Linux\tspeed-up by 4 processors: Calx %.2f (%.1f s, %.1f s), ", up[1] / up[2], up[1], one[1], four[1]
		printf "Linux %.2f (%.1f s, %.1f s); goal 0.8\n", up[2], one[2], four[2] }'
}

prepare
"$out/wall" serve "$port" &
server=$!
# Disks in memory, so that the host's disk is not what is measured.
disks=$(mktemp -d "${SHM:-/dev/shm}/calx-wall.XXXXXX")
trap 'kill $server 2>/dev/null || true; rm -rf "$disks"' EXIT
case " $rows " in *" disk-"* | *" tcp-"*)
	i=0
	while [ $i -lt "$rounds" ]; do round; i=$((i + 1)); done ;;
esac
case " $rows " in *" make "*)
	i=0
	while [ $i -lt "$make_rounds" ]; do
		for system in calx linux; do
			for n in 1 4; do fresh $system; boot $system $n make; done
		done
		i=$((i + 1))
	done ;;
esac
rows() {
	for name in $rows; do
		case $name in
		disk-*) row "$name" "${name#disk-}" 256 ;;
		tcp-*) row "$name" "${name#tcp-}" 128 ;;
		make) make_row ;;
		esac
	done
}

# Ratios that are new take the place of those of the same name.
record() {
	awk -F'\t' 'NR == FNR { v[$1] = $2; next } !($1 in v) { print } END { for (n in v) print n "\t" v[n] | "sort" }' \
		"$out/rows.tsv" tests/bench/recorded.tsv >"$out/recorded.tsv"
	cp "$out/recorded.tsv" tests/bench/recorded.tsv
	awk -f tests/bench/draw.awk tests/bench/reference.tsv tests/bench/recorded.tsv >docs/bench.svg
}

rows | tee "$out/rows.tsv"
awk -F'\t' '/^#/ { next } FILENAME ~ /reference/ { goal[$1] = $4; next } FILENAME ~ /recorded/ { old[$1] = $2; next }
	$1 in old && $2 < 0.95 * old[$1] { printf "less than recorded, if the host was quiet: %s: %s, was %s\n", $1, $2, old[$1] }
	$2 < goal[$1] { printf "misses its goal: %s: %s, goal %s\n", $1, $2, goal[$1] }' \
	tests/bench/reference.tsv tests/bench/recorded.tsv "$out/rows.tsv" >&2
[ -z "$record" ] || record
