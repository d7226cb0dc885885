# SPDX-License-Identifier: MIT
# Snapshots keep what was; a roll back brings it back; a repair brings back what is there twice.
mkdir tree
seq 100000 >tree/data
calxfs mkfs img 32M
calxfs populate img tree
calxfs snapshot create img first
echo new >new
calxfs put img new data
calxfs put img new more
calxfs check -q img
calxfs cat img .snapshots/first/data | cmp - tree/data
test "$(calxfs cat img data)" = new
calxfs snapshot create img second
test "$(calxfs snapshot list img | awk '{ print $5 }' | xargs)" = "first second"
test "$(calxfs ls img .snapshots | awk '{ print $NF }' | xargs)" = "first second"
calxfs snapshot rollback img first
calxfs cat img data | cmp - tree/data
if calxfs cat img more 2>/dev/null; then echo "more is still there"; exit 1; fi
test "$(calxfs cat img .snapshots/second/more)" = new
if calxfs snapshot delete img first 2>/dev/null; then echo "two have grown from first"; exit 1; fi
calxfs snapshot delete img second
calxfs snapshot delete img first
calxfs check -q img
calxfs cat img data | cmp - tree/data
calxfs info img | grep -q '^snapshots 0$'
# The first superblocks and the free map of the first group.
dd if=/dev/zero of=img bs=4096 seek=1 count=6 conv=notrunc 2>/dev/null
if calxfs check -q img 2>/dev/null; then echo "damage is not seen"; exit 1; fi
calxfs check -qr img 2>/dev/null
calxfs check -q img
calxfs cat img data | cmp - tree/data
