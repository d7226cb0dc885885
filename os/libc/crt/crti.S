/* SPDX-License-Identifier: MIT */
/* crti.S: heads of _init and _fini, whose bodies the linker collects from .init and .fini. */
	.section .init, "ax", @progbits
	.globl _init
	.type _init, @function
_init:
	sub $8, %rsp

	.section .fini, "ax", @progbits
	.globl _fini
	.type _fini, @function
_fini:
	sub $8, %rsp
	.section .note.GNU-stack, "", @progbits
