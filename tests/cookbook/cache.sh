# SPDX-License-Identifier: MIT
# Builds from elsewhere: taken when signed, whole and of this key; built here in all other cases.
. "$(dirname "$0")/lib.sh"
unset COOK_CACHE COOK_CACHE_KEY
export XDG_CONFIG_HOME=$work/config
mkdir -p "$work/config/calx" "$work/other"
if ! make -s -C "$top/repo" >&2; then
	fail cache-tool "repo cannot be built"
	exit 1
fi
"$hosttools/repo" key -n "$work/config/calx/repo"
"$hosttools/repo" key -n "$work/other/repo"

fresh_tree
recipe tool 'arch = "host"' <<'END'
system = "shell"
install = ["mkdir -p {dest}{prefix}/bin", "printf '#!/bin/sh\\necho from the tool\\n' >{dest}{prefix}/bin/mytool", "chmod +x {dest}{prefix}/bin/mytool", "ln -s mytool {dest}{prefix}/bin/same"]
END
sed_i '/^toolchain/d' "$tree/ports/tool/port.toml"
recipe user 'host-tools = ["tool"]' <<'END'
system = "shell"
install = ["mkdir -p {dest}/usr/share", "same >{dest}/usr/share/user"]
END
far=$work/far
check cache-build-there run_cook build
check cache-export run_cook export "$far"
same cache-export-again-writes-nothing "" "$(run_cook export "$far")"
key() { run_cook keys "$1" | cut -f2; }
tool=$(key tool) user=$(key user)
meta=$(cat "$XDG_CACHE_HOME/calx/store/$user/meta")
cp -R "$far" "$work/good"
mv "$XDG_CACHE_HOME" "$work/cache.there"

# from NAME WANT ARGUMENT...: what a fresh machine takes and what it builds
from() {
	name=$1 want=$2; shift 2
	rm -rf "$XDG_CACHE_HOME"
	run_cook build "$@" >"$work/out" 2>&1
	same "$name" "$want" "$(sed -n 's/^\(cached\|build\) \([^ ]*\).*/\1 \2/p' "$work/out" | tr '\n' ',')"
}
says() { grep -q "$2" "$work/out" && ok "$1" || fail "$1" "$(head -n 3 "$work/out")"; }
damage() { rm -rf "$far"; cp -R "$work/good" "$far"; }

from cache-takes-tools-and-packages "cached tool,cached user," --cache "$far"
same cache-same-meta "$meta" "$(cat "$XDG_CACHE_HOME/calx/store/$user/meta")"
same cache-same-files "$(tree_of "$work/cache.there/calx/store" "/\..*lock$")" "$(tree_of "$XDG_CACHE_HOME/calx/store" "/\..*lock$")"
same cache-then-nothing-to-do "" "$(run_cook build)"
same cache-leaves-nothing "" "$(ls "$XDG_CACHE_HOME/calx/build")"
COOK_CACHE=$far from cache-by-environment "cached tool,cached user,"
from cache-not-there "build tool,build user," --cache "$work/nowhere"
python3 -m http.server --bind 127.0.0.1 --directory "$far" 0 >"$work/server" 2>&1 &
server=$!
i=0
while ! port=$(sed -n 's/.* port \([0-9]*\).*/\1/p' "$work/server" | grep .) && [ $i -lt 50 ]; do
	sleep 0.1; i=$((i + 1))
done
from cache-by-http "cached tool,cached user," --cache "http://127.0.0.1:$port"
rm "$far/$user.signed"
from cache-by-http-in-part "cached tool,build user," --cache "http://127.0.0.1:$port"
kill $server

damage
printf x | dd of="$far/$tool.tar.zst" bs=1 seek=40 conv=notrunc 2>/dev/null
from cache-refuses-changed-object "build tool,cached user," --cache "$far"
says cache-names-changed-object "tool: the object is not the one that was signed"
damage
cp "$far/$tool.signed" "$far/$user.signed"
cp "$far/$tool.tar.zst" "$far/$user.tar.zst"
from cache-refuses-object-of-another-build "cached tool,build user," --cache "$far"
says cache-names-object-of-another-build "user: what is signed is not about this build"
damage
sed_i 's/^name user/name usex/' "$far/$user.signed"
from cache-refuses-changed-statement "cached tool,build user," --cache "$far"
says cache-names-wrong-signature "wrong signature"
damage
COOK_CACHE_KEY=$work/other/repo.pub from cache-refuses-unknown-key "build tool,build user," --cache "$far"
says cache-names-unknown-key "which is not trusted here"
COOK_CACHE_KEY=$work/nowhere.pub from cache-without-key "" --cache "$far"
says cache-without-key-says-so "no key that builds from elsewhere can be checked with"
exit $((failures > 0))
