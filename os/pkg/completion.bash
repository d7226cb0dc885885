# SPDX-License-Identifier: MIT
# Completion of pkg for bash: commands, options, names of packages, files.

_pkg() {
	local cur=${COMP_WORDS[COMP_CWORD]} i command= root=/ words=
	COMPREPLY=()
	for ((i = 1; i < COMP_CWORD; i++)); do
		case ${COMP_WORDS[i]} in
		--root) root=${COMP_WORDS[++i]} ;;
		--config|--arch|--threads) i=$((i + 1)) ;;
		-*) ;;
		*) command=${COMP_WORDS[i]}; break ;;
		esac
	done
	case ${COMP_WORDS[COMP_CWORD-1]} in
	--root) COMPREPLY=($(compgen -d -- "$cur")); return ;;
	--config) COMPREPLY=($(compgen -f -- "$cur")); return ;;
	esac
	case $command in
	'')
		case $cur in
		-*) words="--root --config --quiet --json --dry-run --keep-cache --threads --help" ;;
		*) words=$(pkg --help | sed -n 's/^  \([a-z]*\) .*/\1/p') ;;
		esac ;;
	install|info|files) words=$(pkg --root "$root" search 2>/dev/null | cut -f1 | sort -u) ;;
	remove|upgrade|why|verify|repair|pin) words=$(pkg --root "$root" list 2>/dev/null | cut -f1) ;;
	unpin) words=$(pkg --root "$root" pin 2>/dev/null | cut -d' ' -f1) ;;
	history|rollback) words=$(pkg --root "$root" history 2>/dev/null | cut -f1) ;;
	owns) COMPREPLY=($(compgen -f -- "$cur")); return ;;
	esac
	COMPREPLY=($(compgen -W "$words" -- "$cur"))
}
complete -F _pkg pkg
