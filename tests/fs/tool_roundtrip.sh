# SPDX-License-Identifier: MIT
# What populate puts in, extract, ls, cat and get bring out again.
mkdir -p tree/a/b tree/empty
echo hello >tree/a/hello
ln tree/a/hello tree/a/b/again
ln -s ../a/hello tree/a/link
head -c 3000000 /dev/urandom >tree/big
truncate -s 50M tree/sparse
chmod 4711 tree/a/hello
printf '# comment\n600 5 7 a/b\n- 9 9 big\n' >manifest
calxfs mkfs -L test img 16M
calxfs populate -m manifest img tree
calxfs check -q img
calxfs extract img out
diff -r --no-dereference tree out
test "$(readlink out/a/link)" = ../a/hello
test "$(stat -c %a out/a/hello)" = 4711
test "$(calxfs cat img /a/hello)" = hello
calxfs ls img / | grep -q '^drwxr-xr-x .* empty$'
calxfs ls img a | grep -q '^drw------- *2 *5 *7 .* b$'
calxfs ls img / | grep -q '^-rw-r--r-- *1 *9 *9 *3000000 .* big$'
calxfs ls img a | grep -q '^-rws--x--x *2 '
calxfs get img big copy
cmp copy tree/big
calxfs put img manifest a/manifest
calxfs put img tree/a/hello big
test "$(calxfs cat img big)" = hello
calxfs cat img a/manifest | cmp - manifest
calxfs check -q img
calxfs info img | grep -q '^label test$'
