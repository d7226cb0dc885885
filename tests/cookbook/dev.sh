# SPDX-License-Identifier: MIT
# cook dev and patch: a git tree of a port and back, and nothing lost on the way.
. "$(dirname "$0")/lib.sh"
command -v git >/dev/null || { skip dev "no git"; exit 0; }
export CALX_SOURCES=$work/own
mkdir -p "$work/own" "$work/a/thing-1/sub"

# archive VERSION: packs $work/a/thing-VERSION; its sha256 is in $sum
archive() {
	tar -C "$work/a" -czf "$work/t.tar.gz" "thing-$1"
	sum=$(sha256 "$work/t.tar.gz" | cut -c1-64)
	cp "$work/t.tar.gz" "$work/own/$sum"
}
fresh_thing() {
	fresh_tree
	recipe thing "source = \"https://localhost:1/thing-{version}.tar.gz\"
sha256 = \"$sum\"" <<-'END'
	system = "copy"
	install = ["text usr/share/thing/text"]
	END
}
seq 1 40 >"$work/a/thing-1/text"
printf 'a\r\nb\n' >"$work/a/thing-1/sub/crlf"
printf '#!/bin/sh\n' >"$work/a/thing-1/run"
printf '*.o\n' >"$work/a/thing-1/.gitignore"
echo object >"$work/a/thing-1/kept.o"
chmod +x "$work/a/thing-1/run"
ln -s text "$work/a/thing-1/link"
archive 1
fresh_thing
mkdir -p "$tree/patches/thing"
sed 's/^20$/twenty/' "$work/a/thing-1/text" >"$work/new"
{
	printf 'From: A Person <a@person.invalid>\nSubject: [PATCH] text: spell 20\nUpstream-Status: Pending\n\nA reason.\n---\n'
	diff -u -L a/text -L b/text "$work/a/thing-1/text" "$work/new"
} >"$tree/patches/thing/0001-spell.patch"
cp -R "$tree/patches" "$work/patches"
g() { git -C "$tree/dev/thing" -c user.name=Me -c user.email=me@x.invalid "$@"; }

check dev-makes-a-tree run_cook dev thing
same dev-one-commit-a-patch "text: spell 20" "$(g log --format=%s base..HEAD)"
same dev-author-of-the-patch "A Person <a@person.invalid>" "$(g log -1 --format='%an <%ae>')"
same dev-message-keeps-status "A reason.,,Upstream-Status: Pending" \
	"$(g log -1 --format=%b | sed '$d' | tr '\n' ',' | sed 's/,$//')"
same dev-clean "" "$(g status --porcelain --ignored)"
same dev-bytes-of-upstream "$(tree_of "$work/a/thing-1" "/text$")" "$(tree_of "$tree/dev/thing" "/\.git$\|/\.git/\|/text$")"
check dev-export-of-nothing-new run_cook patch thing
same dev-unchanged-patches-keep-their-bytes "" "$(diff -r "$work/patches" "$tree/patches")"
check dev-again-leaves-it run_cook dev thing

# --- work that is not committed
echo more >>"$tree/dev/thing/run"
if run_cook patch thing >"$work/out" 2>&1; then fail dev-patch-needs-commits "taken"; else
	grep -q 'not committed:  M run' "$work/out" && ok dev-patch-needs-commits ||
		fail dev-patch-needs-commits "$(cat "$work/out")"
fi
printf 'x\n' >>"$tree/patches/thing/0001-spell.patch"
run_cook dev thing >"$work/out" 2>&1
same dev-stale-tree-with-work-stays 1 $?
same dev-work-is-still-there "more" "$(tail -n 1 "$tree/dev/thing/run")"
g stash -q
run_cook dev thing >"$work/out" 2>&1
same dev-stashed-work-stays "1 1 1" "$? $(g stash list | grep -c .) $(grep -c '^stashed: ' "$work/out")"
g stash pop -q
cp "$work/patches/thing/0001-spell.patch" "$tree/patches/thing/"

# --- a commit of one's own
g commit -qam 'run: say more

Upstream-Status: Inappropriate [test]'
check dev-patch-exports run_cook patch thing
same dev-patch-names "0001-spell.patch 0002-run-say-more.patch" "$(echo $(ls "$tree/patches/thing"))"
check dev-old-patch-keeps-its-bytes cmp "$work/patches/thing/0001-spell.patch" "$tree/patches/thing/0001-spell.patch"
check dev-build-with-the-new-patch run_cook build thing
cp "$tree/patches/thing/0002-run-say-more.patch" "$work/two"
mv "$tree/dev" "$work/dev.old"
check dev-made-anew run_cook dev thing
without_git() { tree_of "$1" "/\.git$\|/\.git/"; }
same dev-same-content "$(without_git "$work/dev.old/thing")" "$(without_git "$tree/dev/thing")"
check dev-export-after-new run_cook patch thing
check dev-round-trip cmp "$work/two" "$tree/patches/thing/0002-run-say-more.patch"

# --- amended, reordered, dropped
g reset -q --hard base
g cherry-pick "$(git -C "$work/dev.old/thing" rev-parse HEAD)" >/dev/null 2>&1 || g cherry-pick exported >/dev/null 2>&1
g cherry-pick exported~1 >/dev/null 2>&1
run_cook patch thing >"$work/out" 2>&1
same dev-reordered "0002-run-say-more.patch 0003-spell.patch" "$(echo $(ls "$tree/patches/thing"))"
check dev-reordered-bytes cmp "$work/patches/thing/0001-spell.patch" "$tree/patches/thing/0003-spell.patch"
g commit -q --amend -m 'text: spell 20 in words'
run_cook patch thing >"$work/out" 2>&1
grep -q 'says no Upstream-Status' "$work/out" && ok dev-patch-wants-status || fail dev-patch-wants-status "$(cat "$work/out")"
g reset -q --hard HEAD~1
run_cook patch thing >"$work/out" 2>&1
same dev-dropped "0002-run-say-more.patch" "$(echo $(ls "$tree/patches/thing"))"
same dev-dropped-is-still-in-git "text: spell 20 in words" "$(g log -1 --format=%s exported-before)"

# --- patches that somebody else changed in the meantime
echo '# theirs' >>"$tree/patches/thing/0002-run-say-more.patch"
cp "$work/two" "$tree/patches/thing/0009-theirs.patch"
cp -R "$tree/patches/thing" "$work/theirs"
echo z >>"$tree/dev/thing/run"; g commit -qam 'run: z'
run_cook patch thing >"$work/out" 2>&1
same dev-patch-refuses-foreign-changes 1 $?
same dev-foreign-changes-stay "" "$(diff -r "$work/theirs" "$tree/patches/thing")"
run_cook dev thing >"$work/out" 2>&1
grep -q "^not exported: .* run: z" "$work/out" && ok dev-names-what-is-not-exported ||
	fail dev-names-what-is-not-exported "$(cat "$work/out")"

# --- what patch(1) cannot apply is found before it is written
fresh_thing
run_cook dev thing >/dev/null 2>&1
printf '\0\1\2' >"$tree/dev/thing/binary"; g add -f binary; g commit -qm 'binary

Upstream-Status: Pending'
run_cook patch thing >"$work/out" 2>&1
same dev-binary-is-refused "1 " "$? $(ls "$tree/patches")"
exit $((failures > 0))
