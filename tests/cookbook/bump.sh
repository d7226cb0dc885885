# SPDX-License-Identifier: MIT
# cook bump: another version; patches are carried over, dropped or left as a conflict.
. "$(dirname "$0")/lib.sh"
command -v git >/dev/null || { skip bump "no git"; exit 0; }
mkdir -p "$work/pool" "$work/a/thing-1" "$work/a/thing-2"

archive() {
	tar -C "$work/a" -czf "$work/pool/thing_$1.tar.gz" "thing-$1"
	sha256 "$work/pool/thing_$1.tar.gz" | cut -c1-64
}
seq 1 60 >"$work/a/thing-1/text"
echo other >"$work/a/thing-1/other"
one=$(archive 1)
# upstream takes the change of line 10, adds lines at the head and rewrites the end
{ echo head; echo head; seq 1 60 | sed 's/^10$/ten/; s/^55$/fifty-five/'; } >"$work/a/thing-2/text"
echo other >"$work/a/thing-2/other"
two=$(archive 2)
mkdir "$work/srv"; mv "$work/pool" "$work/srv/"
serve "$work/srv"

# change NUMBER LINE WORD: a patch of one line against thing-1
change() {
	mkdir -p "$tree/patches/thing"
	sed "s/^$2\$/$3/" "$work/a/thing-1/text" >"$work/new"
	{
		printf 'From: A <a@a.invalid>\nSubject: [PATCH] line %s\n\nUpstream-Status: Pending\n---\n' "$2"
		diff -u -L a/text -L b/text "$work/a/thing-1/text" "$work/new"
	} >"$tree/patches/thing/$1-line-$2.patch"
}
thing() {
	fresh_tree
	recipe thing "source = \"debian:thing_{version}.tar.gz\" # a comment
release = 3
sha256 = \"$one\"" <<-'END'
	system = "copy"
	install = ["text usr/share/thing/text"]
	END
	sed_i 's/^version = "1"/version = "1" # of the year/' "$tree/ports/thing/port.toml"
}
version() { sed -n 's/^version = //p; s/^sha256 = //p; s/^release/release/p' "$tree/ports/thing/port.toml" | tr '\n' ' '; }

thing
check bump-without-patches run_cook bump thing 2
same bump-edits-the-recipe "\"2\" # of the year \"$two\" " "$(version)"
same bump-keeps-other-bytes 'source = "debian:thing_{version}.tar.gz" # a comment' "$(grep ^source "$tree/ports/thing/port.toml")"
check bump-result-builds run_cook build thing

thing
change 0001 10 ten
change 0002 30 thirty
cp "$tree/patches/thing/0002-line-30.patch" "$work/thirty"
check bump-with-patches run_cook bump thing 2
same bump-drops-what-upstream-has "0002-line-30.patch" "$(echo $(ls "$tree/patches/thing"))"
check bump-keeps-bytes-of-what-applies cmp "$work/thirty" "$tree/patches/thing/0002-line-30.patch"
check bump-patched-result-builds run_cook build thing
same bump-patched-content thirty "$(sed -n 32p "$(dirname "$(run_cook out thing)")/out/thing/usr/share/thing/text")"

thing
change 0001 30 thirty
change 0002 55 LV
run_cook bump thing 2 >"$work/out" 2>&1
same bump-conflict-status 1 $?
grep -q '^text$' "$work/out" && ok bump-names-the-conflict || fail bump-names-the-conflict "$(cat "$work/out")"
same bump-conflict-leaves-patches "0001-line-30.patch 0002-line-55.patch" "$(echo $(ls "$tree/patches/thing"))"
run_cook patch thing >"$work/out" 2>&1
same bump-unfinished-is-not-exported 1 $?
run_cook bump thing 3 >"$work/out" 2>&1
grep -q 'holds work\|cannot get the source' "$work/out" && ok bump-leaves-unfinished-work || fail bump-leaves-unfinished-work "$(cat "$work/out")"
g() { git -C "$tree/dev/thing" -c user.name=Me -c user.email=me@x.invalid -c core.editor=true "$@"; }
{ echo head; echo head; seq 1 60 | sed 's/^10$/ten/; s/^55$/LV/; s/^30$/thirty/'; } >"$tree/dev/thing/text"
g add text
g rebase --continue >/dev/null 2>&1
check bump-resolved-conflict run_cook patch thing
same bump-resolved-names "0001-line-30.patch 0002-line-55.patch" "$(echo $(ls "$tree/patches/thing"))"
check bump-resolved-builds run_cook build thing

# --- the contributor's own work stops a bump before it begins
thing
change 0001 30 thirty
run_cook dev thing >/dev/null 2>&1
echo mine >"$tree/dev/thing/mine"
cp "$tree/ports/thing/port.toml" "$work/recipe"
run_cook bump thing 2 >"$work/out" 2>&1
same bump-needs-saved-work "1 mine" "$? $(cat "$tree/dev/thing/mine")"
check bump-then-leaves-the-recipe cmp "$work/recipe" "$tree/ports/thing/port.toml"
run_cook bump thing 7 2>&1 | grep -q 'cannot get the source' && ok bump-missing-version || fail bump-missing-version "no message"
exit $((failures > 0))
