# SPDX-License-Identifier: MIT
# An encrypted image: all of it is there for who has the passphrase, nothing for others; damage is seen.
mkdir tree
for i in 1 2 3 4 5 6 7 8; do seq "$i" 9000 >"tree/very secret name $i"; done
echo 'correct horse' >key
echo 'wrong horse' >other
export CALXFS_KEYFILE=key
calxfs mkfs -E img 16M
calxfs populate img tree
calxfs check -q img
calxfs info img | grep -q '^encrypted yes$'
calxfs extract img out
diff -r tree out
calxfs snapshot create img 'secret snapshot'
calxfs put img key 'very secret name 1'
calxfs cat img '.snapshots/secret snapshot/very secret name 1' | cmp - 'tree/very secret name 1'
calxfs check -q img
if grep -aq secret img || grep -aq 4711 img; then echo "plain text in the image"; exit 1; fi
fails() { if "$@" >msg 2>&1; then echo "worked: $*"; exit 1; fi; }
CALXFS_KEYFILE=other fails calxfs cat img 'very secret name 2'
grep -q 'wrong passphrase' msg
CALXFS_KEYFILE= fails calxfs ls img
# Blocks of data begin at 263: a byte in each of some.
at=$((280 * 4096 + 77))
while [ $at -lt $((320 * 4096)) ]; do
	printf '\377' | dd of=img bs=1 seek=$at conv=notrunc 2>/dev/null
	at=$((at + 4096))
done
fails calxfs check img
for i in 2 3 4 5 6 7 8; do
	if calxfs cat img "very secret name $i" >got 2>/dev/null; then cmp got "tree/very secret name $i"; fi
done
