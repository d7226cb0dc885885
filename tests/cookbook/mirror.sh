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
exit $((failures > 0))
