/* SPDX-License-Identifier: MIT */
/* crtn.S: tails of _init and _fini. */
	.section .init, "ax", @progbits
	add $8, %rsp
	ret

	.section .fini, "ax", @progbits
	add $8, %rsp
	ret
	.section .note.GNU-stack, "", @progbits
