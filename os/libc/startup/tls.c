/* SPDX-License-Identifier: MIT */
/*
 * tls.c: layout of a thread's memory.
 *
 * Ascending: dtv, blocks of modules without an offset, slack, blocks with one (the first module next
 * to the thread pointer), struct tcb. TLS variant II: a block begins at thread pointer - offset.
 * Before dtv[0] lie two words: DTV_OLDER, DTV_ROOM.
 */
#include <string.h>
#include "../internal/libc.h"
#include "../internal/plat.h"
#include "../internal/thread.h"

#define ROUND_UP(x, a) (((x) + (a) - 1) & -(size_t)(a))
#define SPARE 8			/* entries of the dtv for modules to come */

/* The image's own misalignment, address modulo align, which a block must have too. */
static size_t skew(const struct tls_module *m)
{
	return (uintptr_t)m->image & (m->align - 1);
}

void __tls_place(struct tls_module *m)
{
	if (!m->align)
		m->align = 1;
	m->offset = ROUND_UP(__libc.tls_used + m->size + skew(m), m->align) - skew(m);
	__libc.tls_used = m->offset;
	if (__libc.tls_align < m->align)
		__libc.tls_align = m->align;
}

void __tls_layout(void)
{
	size_t below = __libc.tls_used > __libc.tls_limit ? __libc.tls_used : __libc.tls_limit;
	size_t size = (2 + __libc.tls_max + 1 + SPARE) * sizeof(uintptr_t);

	if (__libc.tls_align < 64)
		__libc.tls_align = 64;
	for (struct tls_module *m = __libc.tls_head; m; m = m->next)
		if (!m->offset)
			size += m->size + 2 * m->align;
	__libc.tls_size = ROUND_UP(size + below + sizeof(struct tcb) + __libc.tls_align, 64);
}

void __tls_add(struct tls_module *m)
{
	m->next = __libc.tls_head;
	__libc.tls_head = m;
	if (__libc.tls_max < m->id)
		__libc.tls_max = m->id;
	__tls_layout();
}

struct tcb *__copy_tls(unsigned char *mem)
{
	uintptr_t *dtv = (uintptr_t *)mem + 2, at;
	unsigned char *tp = mem + __libc.tls_size - sizeof(struct tcb);
	struct tcb *t;

	dtv[DTV_ROOM] = __libc.tls_max + 1 + SPARE;
	at = (uintptr_t)(dtv + dtv[DTV_ROOM]);
	tp -= (uintptr_t)tp & (__libc.tls_align - 1);
	for (struct tls_module *m = __libc.tls_head; m; m = m->next) {
		if (m->offset) {
			dtv[m->id] = (uintptr_t)tp - m->offset;
		} else {
			dtv[m->id] = ROUND_UP(at, m->align) + skew(m);
			at = dtv[m->id] + m->size;
		}
		memcpy((void *)dtv[m->id], m->image, m->len);
	}
	dtv[0] = __libc.tls_max;
	t = (struct tcb *)tp;
	t->dtv = dtv;
	return t;
}

void *__tls_get_addr(size_t *index)
{
	return (void *)(__self()->dtv[index[0]] + index[1]);
}
