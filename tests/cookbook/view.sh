# SPDX-License-Identifier: MIT
# What one sees of a build: lines when piped; on a terminal what runs, and keys after a failure.
. "$(dirname "$0")/lib.sh"
fresh_tree
text_recipe user 'build-depends = ["flaky"]' true
text_recipe flaky "" "echo it is here that it breaks; sleep 1; grep -q good {src}/src/flaky/text"
text_recipe slow "" "echo line-of-the-log; sleep 2"
play() { (cd "$tree" && python3 "$top/tests/cookbook/view.py" "$cook" $flags build "$@" >"$work/screen" 2>&1); }

# --- retry after the sources were mended
cat >"$work/shell" <<END
#!/bin/sh
pwd >"$work/folder"
cat src/src/flaky/text >>"$work/folder"
END
chmod +x "$work/shell"
export SHELL="$work/shell" PAGER=cat
play user <<END
wait flaky failed: r retry, s skip
key l
wait it is here that it breaks
key i
wait exit goes back
wait flaky failed
sh echo good >>$tree/src/flaky/text
key r
wait done user
END
same view-retry-goes-on 0 $?
same view-inspects-the-folder "text of flaky" "$(sed -n 2p "$work/folder")"
case $(sed -n 1p "$work/folder") in */calx/build/flaky-*) ok view-folder-is-of-the-build ;; *) fail view-folder-is-of-the-build "$(cat "$work/folder")" ;; esac

# --- skip: what depends on it is blocked, nothing is kept
sed -i '/good/d' "$tree/src/flaky/text"
play -j2 <<END
wait flaky failed: r retry, s skip
key s
END
same view-skip-fails 1 $?
grep -q '^blocked user: it needs .*, which failed' "$work/screen" && ok view-skip-blocks-users ||
	fail view-skip-blocks-users "$(tail -n 3 "$work/screen")"
grep -q 'slow .* of .* s  line-of-the-log' "$work/screen" && ok view-shows-last-line-of-the-log ||
	fail view-shows-last-line-of-the-log "$(tail -n 3 "$work/screen")"
grep -q '\[0/3\] 3 left, about .* to go; next .*user' "$work/screen" && ok view-shows-what-is-next ||
	fail view-shows-what-is-next "$(head -n 5 "$work/screen")"
same view-skip-removes-the-folder "" "$(ls -d "$XDG_CACHE_HOME"/calx/build/flaky-* 2>/dev/null)"

# --- end at once
play flaky <<END
wait flaky failed
key q
END
same view-quit-fails 1 $?

# --- piped: whole lines, no control characters, nobody is asked
run_cook build flaky >"$work/out" 2>&1
same view-piped-fails 1 $?
same view-piped-is-plain 0 "$(tr -d '\n\t -~' <"$work/out" | wc -c)"
exit $((failures > 0))
