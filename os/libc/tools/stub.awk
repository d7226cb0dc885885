# SPDX-License-Identifier: MIT
# stub.awk: from `readelf -W --dyn-syms libc.so.1 | LC_ALL=C sort -k8` makes the assembly of libc.so, what
# programs are linked against: the same names with types and sizes, no code. So a change of code alone does
# not change what was linked. Objects at one address (aliases) stay together: copies need to know.
$5 != "GLOBAL" && $5 != "WEAK" || $7 == "UND" || $7 == "ABS" || $8 == "" { next }
{
	name = $8
	sub(/@.*/, "", name)
	bind = $5 == "WEAK" ? ".weak" : ".globl"
	if ($4 == "OBJECT") {
		if (!($2 in size))
			order[++groups] = $2
		size[$2] = $3
		if ($3 ~ /^0x/)
			exit 1
		names[$2] = names[$2] sprintf("\t%s %s\n\t.type %s, @object\n\t.size %s, %d\n%s:\n", bind, name, name, name, $3, name)
	} else {
		text = text sprintf("\t%s %s\n\t.type %s, %s\n%s:\n", bind, name, name, $4 == "FUNC" ? "@function" : "@notype", name)
	}
}
END {
	printf "\t.text\n%s\tnop\n\t.bss\n", text
	for (i = 1; i <= groups; i++)
		printf "\t.balign 32\n%s\t.zero %d\n", names[order[i]], size[order[i]]
	print "\t.section .note.GNU-stack, \"\", @progbits"
}
