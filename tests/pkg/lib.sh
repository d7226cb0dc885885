# SPDX-License-Identifier: MIT
# What tests of pkg share: sourced in an empty folder. A repository in ./repo, a root in ./root.

die() { echo "$*"; exit 1; }

# package NAME VERSION [KEY=VALUE...]: from the tree ./tree-NAME (made with one file if missing)
package() {
	local name=$1 version=$2
	shift 2
	if [ ! -d "tree-$name" ]; then
		mkdir -p "tree-$name/usr/share/$name"
		echo "$name $version" >"tree-$name/usr/share/$name/version"
	fi
	mkdir -p made
	"$MKCPK" "made/$name-$version.cpk" "tree-$name" "$name" "$version" 1 "$@"
}

publish() {
	[ -e key.key ] || "$REPO" key -n key
	[ -e repo/metadata ] || "$REPO" init -k key.key repo
	"$REPO" set -k key.key repo made/*.cpk
}

root() {
	mkdir -p root/etc/pkg/trust
	local name
	for name in test first second all; do
		cp repo/metadata/1.root.json root/etc/pkg/trust/$name.json
	done
	echo "repo test ${1:-file://$PWD/repo}" >root/etc/pkg/repos.conf
}

pkg() { "$PKG" --root root "$@"; }

# status N COMMAND...: the command must end with this status
status() {
	local want=$1 got=0
	shift
	"$@" || got=$?
	[ "$got" = "$want" ] || die "expected status $want, got $got: $*"
}

# The whole tree of a root but for what pkg keeps and locks: to compare before and after.
snapshot() { (cd "$1" && find . -path ./var/cache -prune -o -path ./var/lib/pkg/lock -prune -o -printf '%p %y %m %l\n' -type f -exec sha256sum {} \; | sort); }
