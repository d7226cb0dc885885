# SPDX-License-Identifier: MIT
# cook repro: what depends on time, host, locale, jobs or the order of folders is found.
. "$(dirname "$0")/lib.sh"
if [ -n "$flags" ]; then skip repro "no namespaces here"; exit 0; fi
fresh_tree
# made NAME LINE: a port whose file is what LINE prints
made() {
	recipe "$1" 'host-tools = ["cmd:python3"]' <<-END
	system = "shell"
	install = ["mkdir -p {dest}/usr/share/$1 {build}/d", "touch {build}/d/one {build}/d/two {build}/d/three", "{ $2; } >{dest}/usr/share/$1/out"]
	END
}
made steady 'echo steady; date +%Y >/dev/null; umask >/dev/null'
made clock 'echo head; date +%Y'
made python "python3 -c 'import time; print(time.gmtime().tm_year)'"
made host hostname
made locale 'echo $LC_ALL'
made jobs 'echo $JOBS'
made mask 'umask'
made order "cd {build}/d && python3 -c 'import os; print(os.listdir())'"
made found 'cd {build}/d && find . -type f'
recipe code 'host-tools = ["cmd:gcc"]' <<'END'
system = "shell"
install = ["mkdir -p {dest}/usr/lib", "echo \"const int f = $(date +%Y);\" >f.c", "gcc -shared -fPIC -nostdlib -Wl,--build-id=none -o {dest}/usr/lib/f.so f.c"]
END
check repro-first-build run_cook build
run_cook repro steady clock python host locale jobs mask order found code >"$work/out" 2>&1
same repro-status 1 $?
says() { same "repro-$1" "$2" "$(grep "^[a-z]* $1" "$work/out")"; }
says steady "same steady"
says clock "differs clock: clock/usr/share/clock/out: line 2"
for n in python host locale jobs mask order found; do
	says $n "differs $n: $n/usr/share/$n/out: line 1"
done
says code "differs code: code/usr/lib/f.so: section .rodata"

# --- without names: what was not found to be the same under its key
line() { awk -F '\t' -v n="$1" '$1 == n { print $3 }' "$XDG_CACHE_HOME/calx/repro.tsv" | tr '\n' ' '; }
same repro-keeps-what-came-out "same differs " "$(line steady)$(line clock)"
for n in clock python host locale jobs mask order found code; do rm -r "$tree/ports/$n"; done
made other 'echo other'
run_cook repro >"$work/out" 2>&1
same repro-all-passes 0 $?
same repro-all-builds-what-is-not-known "same other,same steady," "$(grep ^same "$work/out" | sort | tr '\n' ',')"
same repro-all-leaves-out-what-is-known "same " "$(line steady)"
made steady 'echo steadier'
run_cook repro >"$work/out" 2>&1
same repro-all-has-another-key-again "same same , same " "$(line steady), $(line other)"
run_cook repro --all >"$work/out" 2>&1
same repro-all-again "same same same , same same " "$(line steady), $(line other)"
made dated 'date +%Y'
run_cook repro >"$work/out" 2>&1
same repro-all-fails "1 differs dated: dated/usr/share/dated/out: line 1" "$? $(grep ^differs "$work/out")"
run_cook repro >"$work/out" 2>&1
same repro-all-fails-again "1 differs differs " "$? $(line dated)"

same repro-leaves-the-store "built" "$(run_cook list --tsv | cut -f3 | sort -u)"
i=0
while [ -n "$(ls "$XDG_CACHE_HOME/calx/build")" ] && [ $i -lt 300 ]; do sleep 0.1; i=$((i + 1)); done
same repro-leaves-nothing "" "$(ls "$XDG_CACHE_HOME/calx/build")"
exit $((failures > 0))
