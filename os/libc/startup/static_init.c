/* SPDX-License-Identifier: MIT */
/* static_init.c: constructors and destructors of a static program. */
#include <stddef.h>
#include "../internal/libc.h"

typedef void fn(void);

extern weak hidden fn *const __preinit_array_start[], *const __preinit_array_end[];
extern weak hidden fn *const __init_array_start[], *const __init_array_end[];
extern weak hidden fn *const __fini_array_start[], *const __fini_array_end[];
extern weak fn _init, _fini;
struct irela { size_t offset, info, addend; };
extern weak hidden const struct irela __rela_iplt_start[], __rela_iplt_end[];

void __libc_start_init(void)
{
	/* Static programs of a fixed address: indirect functions. */
	for (const struct irela *r = __rela_iplt_start; r < __rela_iplt_end; r++)
		*(size_t *)r->offset = ((size_t (*)(void))r->addend)();
	for (fn *const *f = __preinit_array_start; f < __preinit_array_end; f++)
		(*f)();
	if (_init)
		_init();
	for (fn *const *f = __init_array_start; f < __init_array_end; f++)
		((void (*)(int, char **, char **))*f)(__libc.argc, __libc.argv, __environ);
}

void __libc_exit_fini(void)
{
	for (fn *const *f = __fini_array_end; f > __fini_array_start; )
		(*--f)();
	if (_fini)
		_fini();
}
