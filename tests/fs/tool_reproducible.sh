# SPDX-License-Identifier: MIT
# The same tree and SOURCE_DATE_EPOCH give the same image, whatever times and order the tree has.
export SOURCE_DATE_EPOCH=1700000000
mkdir one two
for i in 1 2 3 4 5 6 7 8 9; do seq $i 5000 >one/f$i; done
for i in 9 8 7 6 5 4 3 2 1; do cp one/f$i two/f$i; touch -d 2001-01-01 two/f$i; done
for t in one two; do
	calxfs mkfs $t.img 8M
	calxfs populate $t.img $t
done
cmp one.img two.img
