# SPDX-License-Identifier: MIT
# locale.sh LOCALE: what the program says of the environment, of locales and of their facts.
p=$1
unset LANG LC_ALL LC_CTYPE LC_NUMERIC LC_TIME LC_COLLATE LC_MONETARY LC_MESSAGES
is() {	# WANTED COMMAND...: its output
	want=$1
	shift
	got=$("$@" 2>&1)
	[ "$got" = "$want" ] || echo "$*: $got, not $want"
}
is UTF-8 "$p" charmap
is ANSI_X3.4-1968 env LC_ALL=C "$p" charmap
is 'yesexpr="^[yY]"' "$p" -k yesexpr
is 'LC_NUMERIC
decimal_point="."
thousands_sep=""
grouping=-1' "$p" -ck LC_NUMERIC
is 'AM;PM' "$p" am_pm
is 'LANG=C
LC_CTYPE="C"
LC_NUMERIC="C"
LC_TIME=fr_FR.UTF-8
LC_COLLATE="C"
LC_MONETARY="C"
LC_MESSAGES="C"
LC_ALL=' env LC_TIME=fr_FR.UTF-8 LANG=C "$p"
is 'LC_TIME="C"' sh -c 'LC_TIME=fr_FR.UTF-8 LC_ALL=POSIX "$0" | grep LC_TIME' "$p"
for l in $("$p" -a); do
	is '' env LC_ALL="$l" sh -c '"$0" 2>&1 >/dev/null' "$p"
done
is 'locale: the environment asks for a locale that there is not: see locale -a' \
	env LC_ALL=de_DE sh -c '"$0" 2>&1 >/dev/null' "$p"
for m in $("$p" -m | sed -n '1p;$p'); do
	case $m in ANSI_X3.4-1968|UTF-8) ;; *) echo "-m: $m" ;; esac
done
"$p" no_such_name >/dev/null 2>&1
[ $? = 1 ] || echo "a name that there is not: status not 1"
"$p" -k >/dev/null 2>&1
[ $? = 2 ] || echo "-k without a name: status not 2"
[ ! -c /dev/full ] || ! "$p" >/dev/full || echo "a full disk: status 0"
