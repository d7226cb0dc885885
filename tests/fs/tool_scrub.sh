# SPDX-License-Identifier: MIT
# A damaged block anywhere: scrub heals it from the copy, or names the file that is lost, and no other.
mkdir -p tree/sub
for i in 1 2 3 4 5 6; do seq "$i" 40000 >"tree/sub/file $i"; done
calxfs mkfs img 4M
calxfs populate img tree
calxfs snapshot create img before
seq 5 20000 >new
calxfs put img new 'sub/file 1'
calxfs scrub img >out
grep -q ' 0 repaired, 0 bad$' out
healed=0 lost=0
for block in $(seq 1 9 1023); do
	cp img bad
	printf 'DAMAGED!' | dd of=bad bs=1 seek=$((block * 4096 + 1000)) conv=notrunc 2>/dev/null
	status=0
	calxfs scrub bad >out 2>err || status=$?
	if [ $status = 2 ] && [ "$block" -lt 10 ]; then continue; fi
	if [ $status = 0 ]; then
		calxfs check -q bad
		if ! grep -q ' 0 repaired' out; then healed=$((healed + 1)); fi
		continue
	fi
	lost=$((lost + 1))
	path=$(sed -n 's/^damaged: \/\(.*\), byte [0-9]*$/\1/p' out)
	test "$(echo "$path" | wc -l)" = 1
	if calxfs cat bad "$path" >got 2>/dev/null; then echo "$path is not damaged"; exit 1; fi
	calxfs cat bad "sub/file 1" >got || test "$path" = "sub/file 1"
done
echo "healed $healed, lost $lost"
test $healed -gt 2
test $lost -gt 20
