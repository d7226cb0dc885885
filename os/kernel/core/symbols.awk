# SPDX-License-Identifier: MIT
# nm -n output -> assembly of the table of function symbols that panics print (struct symbol, panic.c).
$2 ~ /^[tT]$/ && $3 !~ /^\./ {
	if ($1 == last)
		next
	last = $1
	addr[n] = $1
	name[n++] = $3
}
END {
	print "\t.section .symbols, \"a\""
	print "\t.globl symbol_table, symbol_names, symbol_count"
	print "\t.balign 8\nsymbol_count: .quad " n + 0
	print "symbol_table:"
	for (i = 0; i < n; i++) {
		print "\t.long 0x" substr(addr[i], 9) " - 0x80000000, " off + 0
		off += length(name[i]) + 1
	}
	print "symbol_names:"
	for (i = 0; i < n; i++)
		print "\t.asciz \"" name[i] "\""
	print "\t.section .note.GNU-stack, \"\", @progbits"
}
