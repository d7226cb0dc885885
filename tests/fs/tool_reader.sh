# SPDX-License-Identifier: MIT
# A reader written from calxfs(5) alone finds in an image what find and sha256sum find in the tree it was made of.
here=$(dirname "$0")
command -v python3 >/dev/null || { echo "no python3"; exit 1; }
mkdir -p tree/a/b tree/empty
seq 30000 >tree/a/numbers
ln tree/a/numbers tree/a/b/again
ln -s ../a/numbers tree/a/link
head -c 900000 /dev/urandom >tree/big
truncate -s 3M tree/sparse
printf end >>tree/sparse
i=0
while [ $i -lt 400 ]; do : >"tree/empty/file with a longer name, number $i"; i=$((i + 1)); done
# list FOLDER: what the reader prints.
list() {
	(cd "$1" && find . -mindepth 1 | sed 's,^\./,,' | LC_ALL=C sort | while IFS= read -r f; do
		sum=-
		[ ! -f "$f" ] || sum=$(sha256sum <"$f" | cut -d' ' -f1)
		[ ! -L "$f" ] || sum=$(readlink "$f")
		size=$(stat -c %s "$f")
		[ ! -d "$f" ] || [ -L "$f" ] || size=-
		echo "$f $(printf %o "0x$(stat -c %f "$f")") $(stat -c %h "$f") $size $sum"
	done)
}
list tree >want
calxfs mkfs img 16M
calxfs populate img tree
python3 "$here/reader.py" img | LC_ALL=C sort >got
LC_ALL=C sort want | diff - got
calxfs snapshot create img kept
calxfs put img want a/numbers
calxfs put img want more
python3 "$here/reader.py" img kept | LC_ALL=C sort | diff got -
python3 "$here/reader.py" img >now
grep -q '^more 100' now
