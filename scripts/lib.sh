# SPDX-License-Identifier: MIT
# What the scripts share: sourced from the top of the tree. POSIX shell and tools, here and in all of scripts/:
# contributors' hosts need not be GNU/Linux (docs/macos.md).

PATH=$PWD/build/host:$PATH

die() { echo "$(basename "$0"): $*" >&2; exit 1; }
step() { echo "== $*" >&2; }
# Prints the comment at the head of the script, from its third line on.
usage() { sed -n '/^[^#]/q; s/^# \{0,1\}//p' "$0" | sed 1,2d >&2; exit 2; }

# absolute FOLDER PATH: the path as seen from the folder; nothing need be there
absolute() { case $2 in /*) echo "$2" ;; *) echo "$1/$2" ;; esac; }

# A line "SHA256  NAME" for each file.
sha256() { if command -v sha256sum >/dev/null; then sha256sum "$@"; else shasum -a 256 "$@"; fi; }

# copy_image FROM TO: the holes of an image stay holes where cp can do that.
copy_image() { cp --sparse=always "$1" "$2" 2>/dev/null || cp "$1" "$2"; }

mebibytes() { echo "$(($(wc -c <"$1") / 1048576)) MiB"; }

# The name (without .key and .pub) of the key that signs the repository; made at first use.
key() {
	key_dir=${XDG_CONFIG_HOME:-$HOME/.config}/calx
	if [ ! -e "$key_dir/repo.key" ]; then
		mkdir -p "$key_dir" && chmod 700 "$key_dir"
		build/host/repo key -n "$key_dir/repo" || die "cannot make the key $key_dir/repo.key"
		step "made the key $key_dir/repo.key, without a passphrase, for development: whoever has it can" \
			"sign packages for your systems (repo(1) tells how to keep keys elsewhere)"
	fi
	echo "$key_dir/repo"
}

# The folder of the repository, absolute: that of `make`, or another for who works beside it.
repository() { absolute "$PWD" "${CALX_REPO:-build/repo}"; }

# The packages that `make run` builds: those of the image and the first ports.
first_packages() { sed 's/#.*//' scripts/packages.image scripts/packages.first; }
