# SPDX-License-Identifier: MIT
# What tests share that make other versions of the base system's packages: sourced at the top of the
# tree, with `out` a folder for them and `whole` to end with a reason.
. scripts/lib.sh
repo=$(repository)

# tools_of_packages: mkcpk, and the list of packages
tools_of_packages() {
	mkdir -p "$out/made"
	gcc -O1 -D_GNU_SOURCE -Irepo/lib -o "$out/mkcpk" tests/pkg/mkcpk.c repo/lib/*.c \
		$(pkg-config --libs libarchive libsodium libzstd) >"$out/build.log" 2>&1 || whole "see $out/build.log"
	zstd -dcq "$(ls -t "$repo"/targets/*.index.zst | head -n 1)" >"$out/index"
}

# unpack NAME: the newest package of that name into $out/NAME, its manifest beside it
unpack() {
	local hash
	hash=$(awk -v n="$1" '/^name /{name=$2} /^package /{if (name==n) {print $2; exit}}' "$out/index")
	[ -n "$hash" ] || whole "no package $1"
	mkdir -p "$out/$1" && tar --zstd -C "$out/$1" -xpf "$repo/pool/${hash:0:2}/$hash.cpk" &&
		mv "$out/$1/.manifest" "$out/$1.manifest" || whole "cannot unpack $1"
}

# again NAME VERSION [RELATION...]: packs $out/NAME anew, with the relations it had, and others
again() {
	local args name=$1 version=$2
	shift 2
	mapfile -t args < <(sed -n 's/^\(depends\|provides\|conflicts\|replaces\) /\1=/p' "$out/$name.manifest")
	"$out/mkcpk" "$out/made/$name.cpk" "$out/$name" "$name" "$version" 1 "${args[@]}" "$@" ||
		whole "cannot pack $name"
}
