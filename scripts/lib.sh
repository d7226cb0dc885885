# SPDX-License-Identifier: MIT
# What the scripts share: sourced from the top of the tree.

PATH=$PWD/build/host:$PATH

die() { echo "$(basename "$0"): $*" >&2; exit 1; }
step() { echo "== $*" >&2; }

# The name (without .key and .pub) of the key that signs the repository; made at first use.
key() {
	local dir=${XDG_CONFIG_HOME:-$HOME/.config}/calx
	if [ ! -e "$dir/repo.key" ]; then
		mkdir -p -m 700 "$dir"
		build/host/repo key -n "$dir/repo" || die "cannot make the key $dir/repo.key"
		step "made the key $dir/repo.key, without a passphrase, for development: whoever has it can" \
			"sign packages for your systems (repo(1) tells how to keep keys elsewhere)"
	fi
	echo "$dir/repo"
}

# The folder of the repository, absolute: that of `make`, or another for who works beside it.
repository() { realpath -m "${CALX_REPO:-build/repo}"; }

# The packages that `make run` builds: those of the image and the first ports.
first_packages() { sed 's/#.*//' scripts/packages.image scripts/packages.first; }
