#!/bin/sh
# SPDX-License-Identifier: MIT
# Makes the Linux that tests/bench/wall.sh measures beside, of Debian's packages, which apt fetches (nothing is installed):
# OUT/vmlinuz and OUT/initrd. Quick when they are there. usage: tests/bench/wall/linux.sh OUT
set -eu
here=$(cd "$(dirname "$0")" && pwd)
out=$1
mkdir -p "$out/deb"
cd "$out"
command -v apt-get >/dev/null || { echo "wall: the Linux side needs a host with apt" >&2; exit 1; }
kernel=$(apt-cache depends linux-image-cloud-amd64 | sed -n 's/.*Depends: \(linux-image-[0-9].*\)/\1/p' | head -n 1)
[ -n "$kernel" ] || { echo "wall: apt knows no linux-image-cloud-amd64: run apt-get update" >&2; exit 1; }
stamp="$kernel $(apt-cache policy "$kernel" | sed -n 's/ *Candidate: //p') $(cksum "$here/init" "$here/linux.sh")"
[ "$stamp" != "$(cat stamp 2>/dev/null)" ] || exit 0
rm -rf k root deb/*
(cd deb && apt-get -q download "$kernel" busybox-static) >log 2>&1 || { tail -n 3 log >&2; exit 1; }
for d in deb/*.deb; do dpkg -x "$d" k; done

# add MODULE: it and before it those that it needs; what is built in has no file
mkdir -p root/modules root/bin root/proc root/dev root/disk
: >root/modules/order
add() {
	grep -qx "$1" root/modules/order && return
	f=$(find k/lib/modules k/usr/lib/modules \( -name "$1.ko" -o -name "$1.ko.xz" \) 2>/dev/null | head -n 1)
	[ -n "$f" ] || return 0
	case $f in
	*.xz) xz -dc "$f" >"root/modules/$1.ko" ;;
	*) cp "$f" "root/modules/$1.ko" ;;
	esac
	for d in $(tr '\0' '\n' <"root/modules/$1.ko" | sed -n 's/^depends=//p' | tr , ' '); do add "$d"; done
	echo "$1" >>root/modules/order
}
for m in virtio_pci virtio_blk virtio_net ext4; do add $m; done
cp "$(find k -path '*bin/busybox' -type f | head -n 1)" root/bin/busybox
for a in sh mount umount insmod ip chroot sync poweroff; do ln -s busybox root/bin/$a; done
cp "$here/init" root/init
(cd root && find . | LC_ALL=C sort | bsdtar --uid 0 --gid 0 --format newc -nT - -cf ../initrd)
cp "$(find k -name 'vmlinuz-*' | head -n 1)" vmlinuz
rm -rf k root deb
echo "$stamp" >stamp
