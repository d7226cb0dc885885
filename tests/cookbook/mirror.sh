# SPDX-License-Identifier: MIT
# cook mirror: all sources in a folder, from which others build without any network.
. "$(dirname "$0")/lib.sh"
fresh_tree
origin=$work/origin mirror=$work/mirror
mkdir -p "$origin/pool/main/a"
for n in a b; do
	mkdir -p "$work/$n-1"
	echo "text of $n" >"$work/$n-1/file"
	tar -C "$work" -czf "$origin/pool/main/a/$n.tar.gz" "$n-1"
	printf 'system = "shell"\ninstall = ["mkdir -p {dest}/usr", "cp {src}/file {dest}/usr/%s"]\n' $n |
		recipe $n "source = \"debian:main/a/$n.tar.gz\"
sha256 = \"$(sha256 "$origin/pool/main/a/$n.tar.gz" | cut -d' ' -f1)\""
done
serve "$origin"
out=$(run_cook mirror "$mirror" 2>/dev/null)
same mirror-counts "2 sources in $mirror, 2 of them new" "$out"
same mirror-again-copies-nothing "2 sources in $mirror, 0 of them new" "$(run_cook mirror "$mirror")"
check mirror-sums sh -c "cd '$mirror' && sha256sum -c SHA256SUMS"
same mirror-index "ports/a ports/b " "$(cut -f3 "$mirror/index.tsv" | sort | tr '\n' ' ')"
kill $server

# Nobody answers for the origin any more, and where the host allows it there is no network at all.
export CALX_DEBIAN_MIRROR=http://127.0.0.1:1
rm -rf "$XDG_CACHE_HOME"
offline=
unshare -rn true 2>/dev/null && offline="unshare -rn"
fetch() { (cd "$tree" && $offline "$cook" "$@"); }
check mirror-folder-alone fetch fetch --sources "$mirror"
rm -rf "$XDG_CACHE_HOME"
check mirror-file-url fetch fetch --sources "file://$mirror" a
check mirror-builds run_cook build --sources "$mirror"
rm -rf "$XDG_CACHE_HOME"
serve "$mirror"
url=$CALX_DEBIAN_MIRROR
export CALX_DEBIAN_MIRROR=http://127.0.0.1:1
check mirror-over-http run_cook fetch --sources "$url"

rm -rf "$XDG_CACHE_HOME"
echo evil >"$mirror/$(cut -f1 "$mirror/index.tsv" | head -n 1)"
run_cook fetch --sources "$mirror" >"$work/said" 2>&1
same mirror-damaged-is-refused 1 $?
check mirror-damage-is-named grep -q 'sha256 is .* the recipe wants' "$work/said"

# --- this tree: the mirror has every source of what is built here, the toolchain's too, under its hash,
# and the toolchain's sources come from it where there is no other network and nothing in the cache
kill $server
trap 'rm -rf "$work"' EXIT
cook=$top/build/host/cook sources=$CALX_CACHE_HOME/calx/sources mirror=$work/all
here() { (cd "$top" && XDG_CACHE_HOME=$CALX_CACHE_HOME "$cook" "$@"); }
[ -x "$cook" ] && here list --tsv 2>/dev/null | awk -F '\t' '$3 == "built" { print $1 }' >"$work/built"
if ! grep -qx libstdcxx "$work/built" 2>/dev/null; then
	skip mirror-of-this-tree "no toolchain is built here"
	exit $((failures > 0))
fi
while read -r name; do
	for f in "$top"/ports/"$name" "$top"/toolchain/"$name" "$top"/os/"$name"; do
		[ ! -f "$f/port.toml" ] || grep -v '^#' "$f/port.toml" | grep -oE '"[0-9a-f]{64}"'
	done
done <"$work/built" | tr -d '"' | sort -u >"$work/pinned"
while read -r sum; do [ -f "$sources/$sum" ] || echo "$sum"; done <"$work/pinned" >"$work/lacking"
if [ -s "$work/lacking" ]; then
	skip mirror-of-this-tree "$(wc -l <"$work/lacking") sources came from elsewhere and are not in the cache"
	exit $((failures > 0))
fi
# shellcheck disable=SC2046
check mirror-of-this-tree here mirror "$mirror" $(cat "$work/built")
same mirror-has-what-every-recipe-pins "" \
	"$(cut -f1 "$mirror/index.tsv" | sort -u | comm -13 - "$work/pinned" | head -n 3)"
same mirror-has-the-toolchain "toolchain/binutils toolchain/gcc" \
	"$(cut -f3 "$mirror/index.tsv" | grep -xE 'toolchain/(binutils|gcc)' | sort -u | tr '\n' ' ' | sed 's/ $//')"
check mirror-sums-of-this-tree sh -c "cd '$mirror' && sha256sum -c --quiet SHA256SUMS"
tree=$top
check mirror-toolchain-without-network fetch fetch --sources "$mirror" libstdcxx
exit $((failures > 0))
