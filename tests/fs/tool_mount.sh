# SPDX-License-Identifier: MIT
# An image as a folder by FUSE: what is written through it is there afterwards, and what was there is seen.
if ! grep -q fuse /proc/filesystems || [ ! -w /dev/fuse ]; then echo "skip: no /dev/fuse"; exit 77; fi
mkdir tree tree/dir dir
seq 50000 >tree/dir/numbers
ln -s dir/numbers tree/link
calxfs mkfs img 32M
calxfs populate img tree
calxfs snapshot create img old
if ! calxfs mount img dir 2>msg; then
	if grep -q 'without FUSE\|cannot be mounted' msg; then echo "skip: $(cat msg)"; exit 77; fi
	cat msg
	exit 1
fi
trap 'fusermount3 -u dir 2>/dev/null || umount dir 2>/dev/null || :' EXIT
cmp tree/dir/numbers dir/link
cp -R tree/dir dir/copy
diff -r tree/dir dir/copy
head -c 300000 /dev/urandom >random
head -c 100000 /dev/urandom >other
cp random dir/file
dd if=other of=dir/file bs=1000 seek=7 count=100 conv=notrunc 2>/dev/null
dd if=other of=random bs=1000 seek=7 count=100 conv=notrunc 2>/dev/null
truncate -s 250001 dir/file random
echo more | tee -a dir/file >>random
cmp random dir/file
mv dir/file dir/dir/moved
ln dir/dir/moved dir/hard
rm dir/dir/numbers
mkdir dir/made
rmdir dir/made
chmod 600 dir/hard
test "$(stat -c '%h %a' dir/dir/moved)" = '2 600'
cmp tree/dir/numbers dir/.snapshots/old/dir/numbers
if echo x 2>/dev/null >dir/.snapshots/old/new; then echo "a snapshot can be written"; exit 1; fi
for i in $(seq 300); do echo "$i" >"dir/copy/a file with a longer name $i"; done
test "$(ls dir/copy | wc -l)" = 301
fusermount3 -u dir
for i in $(seq 100); do if calxfs check -q img 2>/dev/null && calxfs cat img hard >got 2>/dev/null && cmp -s got random; then break; fi; sleep 0.1; done
calxfs check -q img
calxfs cat img hard | cmp - random
calxfs cat img dir/moved | cmp - random
test "$(calxfs cat img 'copy/a file with a longer name 299')" = 299
