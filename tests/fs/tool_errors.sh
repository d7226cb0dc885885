# SPDX-License-Identifier: MIT
# Wrong calls and wrong images give a message and a status, never a crash.
fails() {
	want=$1
	shift
	status=0
	"$@" >msg 2>&1 || status=$?
	test $status = $want && test -s msg && return
	echo "$*: status $status"
	exit 1
}
fails 2 calxfs
fails 2 calxfs nonsense
fails 2 calxfs mkfs img 12Q
fails 2 calxfs mkfs img 1K
fails 2 calxfs check /dev/null
head -c 1000000 /dev/zero >zero
fails 2 calxfs check zero
fails 2 calxfs ls zero /
calxfs mkfs img 1M
fails 2 calxfs cat img /none
mkdir tree
head -c 2000000 /dev/zero | tr '\0' x >tree/big
fails 2 calxfs populate img tree
grep -q 'No space left' msg
calxfs mkfs img 4M
calxfs populate img tree
calxfs check -q img
# One wrong byte in the data of the file.
at=$(grep -abo -m1 xxxxxxxx img | head -n 1 | cut -d: -f1)
printf y | dd of=img bs=1 seek=$((at + 100)) conv=notrunc 2>/dev/null
fails 1 calxfs check img
grep -q 'bad checksum' msg
fails 2 calxfs cat img big
