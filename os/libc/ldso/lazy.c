/* SPDX-License-Identifier: MIT */
/*
 * lazy.c: functions bound at their first call. The first entry of the PLT jumps to
 * __ldso_trampoline (arch, dlbind.S), which keeps all registers that may hold arguments.
 */
#include <cpuid.h>
#include "dso.h"

hidden void __ldso_trampoline(void);

/* How the trampoline saves vector registers: xsave with this mask, 0: fxsave; bytes it takes. */
hidden unsigned __ldso_xsave_mask;
hidden unsigned long __ldso_xsave_size = 512;

/* SSE, AVX and AVX-512: what a function may get arguments in. */
#define VECTOR_STATE 0xe6

static void look_at_processor(void)
{
	unsigned a, b, c, d, mask;

	if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & bit_OSXSAVE))
		return;
	__asm__ volatile("xgetbv" : "=a"(mask), "=d"(d) : "c"(0));
	mask &= VECTOR_STATE;
	__ldso_xsave_size = 576;
	for (int i = 2; i < 8; i++)
		if (mask >> i & 1 && __get_cpuid_count(13, i, &a, &b, &c, &d) && a + b > __ldso_xsave_size)
			__ldso_xsave_size = a + b;
	__ldso_xsave_mask = mask;
}

void __ldso_lazy(struct dso *d)
{
	size_t *got = __ldso_target(d, d->dyn[DT_PLTGOT], 24);

	if (!got)
		__ldso_fail(__ldso_name(d), ": DT_PLTGOT out of bounds", 0, 0);
	if (!__ldso_xsave_mask)
		look_at_processor();
	got[1] = (size_t)d;
	got[2] = (size_t)__ldso_trampoline;
}

static _Noreturn void undefined(struct dso *d, size_t i)
{
	const struct version *v = __ldso_version(d, i);
	char text[1024] = "";

	__ldso_join(text, sizeof(text), __ldso_string(d, d->syms[i].st_name), v ? ", version " : 0,
		v ? v->name : 0, 0);
	char where[1024] = "";
	__ldso_join(where, sizeof(where), __ldso_name(d), ": undefined symbol: ", 0, 0);
	__ldso_fail_lookup(where, text);
}

/*
 * Binds the n-th entry of d's PLT. Takes no lock, as a thread that holds the lock may wait for this
 * one in a constructor; so an object that is bound to this way stays for ever.
 */
__attribute__((__no_stack_protector__))
hidden size_t __ldso_bind_slot(struct dso *d, size_t n)
{
	const Elf64_Rela *r = (const Elf64_Rela *)(d->base + d->dyn[DT_JMPREL]) + n;
	size_t i = n < d->dyn[DT_PLTRELSZ] / sizeof(*r) ? ELF64_R_SYM(r->r_info) : 0, *where, value;
	struct def def;

	where = i && i < d->nsyms ? __ldso_target(d, r->r_offset, 8) : 0;
	if (!where)
		__ldso_fail_lookup(__ldso_name(d), ": bad entry of the procedure linkage table");
	__ldso_read_begin();
	def = __ldso_resolve(d, i, 0);
	if (!def.sym && ELF64_ST_BIND(d->syms[i].st_info) != STB_WEAK)
		undefined(d, i);
	if (def.sym && def.dso != d && !def.dso->startup)
		def.dso->nodelete = 1;
	value = def.sym ? (size_t)__ldso_address(def) : 0;
	__ldso_read_end();
	__atomic_store_n(where, value, __ATOMIC_RELAXED);
	return value;
}
