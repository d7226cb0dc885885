# SPDX-License-Identifier: MIT
# What tests of the repository share, beside tests/pkg/lib.sh: sourced in an empty folder. Root and
# targets keys are "elsewhere"; the server has online.key.
. "$TOP/tests/pkg/lib.sh"

keys() { local k; for k; do [ -e "$k.key" ] || "$REPO" key -n "$k"; done; }

# begin: a repository with package a 1 that a root trusts, which has updated once
begin() {
	keys root targets online
	"$REPO" init -k root.key -k targets.key -k online.key repo root=root.pub targets=targets.pub \
		snapshot=online.pub timestamp=online.pub
	package a 1
	"$REPO" set -k targets.key -k online.key repo made/*.cpk
	root
	pkg --quiet update
}

# next: the same with package a 2
next() {
	rm -rf tree-a made
	package a 2
	"$REPO" set -k targets.key -k online.key repo made/*.cpk
}

# refused STATUS WORDS COMMAND...: ends with the status, says the words, and nothing is installed
refused() {
	local want=$1 words=$2
	shift 2
	status "$want" "$@" 2>err
	grep -q "$words" err || die "does not say '$words': $(cat err)"
	[ -z "$(pkg list)" ] || die "something was installed"
}

# edit FILE EXPRESSION: changes metadata (d: the signed part) and leaves it without signatures
edit() {
	python3 - "$1" "$2" <<'END'
import json, sys
m = json.load(open(sys.argv[1]))
d = m["signed"]
exec(sys.argv[2])
m["signatures"] = []
json.dump(m, open(sys.argv[1], "w"))
END
}
sign() { "$REPO" sign "$@" >signed.log; }

# version ROLE: of the timestamp, or of what the newest names
version() {
	python3 - "$1" <<'END'
import json, sys
t = json.load(open("repo/metadata/timestamp.json"))["signed"]
s = t["meta"]["snapshot.json"]["version"]
if sys.argv[1] == "timestamp":
    print(t["version"])
elif sys.argv[1] == "snapshot":
    print(s)
else:
    print(json.load(open(f"repo/metadata/{s}.snapshot.json"))["signed"]["meta"]["targets.json"]["version"])
END
}

# attacker MODE: serves ./repo by HTTP, malicious in that way; $url is where
attacker() {
	local i
	[ -z "${attacker:-}" ] || kill "$attacker"
	rm -f port
	python3 "$TOP/tests/repo/attacker.py" "$1" "$PWD/repo" "$PWD/port" >attacker.log 2>&1 &
	attacker=$!
	trap 'kill $attacker 2>/dev/null' EXIT
	for i in $(seq 100); do
		[ -s port ] && break
		sleep 0.2
	done
	url=http://127.0.0.1:$(cat port)
	echo "repo test $url ${2:-}" >root/etc/pkg/repos.conf
}
