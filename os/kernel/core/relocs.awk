# SPDX-License-Identifier: MIT
# readelf -rW output of a kernel linked with --emit-relocs -> assembly of the places that hold an address
# of it (boot/place.c): their offset in the image, bit 31 set for those of 8 bytes.
/^Relocation section/ { wanted = $3 !~ /debug|\.note|eh_frame/ }
wanted && ($3 == "R_X86_64_64" || $3 == "R_X86_64_32S") && $4 ~ /^ffffffff/ {
	n++
	place[n] = "0x" substr($1, 9) " - " ($3 == "R_X86_64_64" ? "0x00200000" : "0x80200000")
}
END {
	print "\t.section .relocs, \"aw\""
	print "\t.globl kernel_relocs, kernel_relocs_end"
	print "kernel_relocs:"
	for (i = 1; i <= n; i++)
		print "\t.long " place[i]
	print "kernel_relocs_end:"
	print "\t.section .note.GNU-stack, \"\", @progbits"
}
