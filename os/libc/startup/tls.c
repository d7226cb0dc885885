/* SPDX-License-Identifier: MIT */
/*
 * tls.c: layout of a thread's static memory.
 *
 * Ascending: dtv, slack, the blocks of TLS modules (the first module next to the thread pointer),
 * struct tcb. TLS variant II: a block begins at thread pointer - offset.
 */
#include <string.h>
#include "../internal/libc.h"
#include "../internal/plat.h"
#include "../internal/thread.h"

#define ROUND_UP(x, a) (((x) + (a) - 1) & -(size_t)(a))

size_t __tls_add(struct tls_module *m)
{
	struct tls_module **tail = &__libc.tls_head;
	size_t end = 0;

	for (; *tail; tail = &(*tail)->next)
		end = (*tail)->offset;
	if (!m->align)
		m->align = 1;
	/* The image's own misalignment (address modulo align) is kept by rounding the offset. */
	m->offset = ROUND_UP(end + m->size + ((uintptr_t)m->image & (m->align - 1)), m->align)
		- ((uintptr_t)m->image & (m->align - 1));
	m->next = 0;
	*tail = m;
	__libc.tls_count++;
	if (__libc.tls_align < m->align)
		__libc.tls_align = m->align;
	if (__libc.tls_align < 64)
		__libc.tls_align = 64;
	__libc.tls_size = ROUND_UP(m->offset + sizeof(struct tcb) + __libc.tls_align
		+ (__libc.tls_count + 2) * sizeof(uintptr_t), 64);
	return __libc.tls_count;
}

struct tcb *__copy_tls(unsigned char *mem)
{
	uintptr_t *dtv = (uintptr_t *)mem;
	unsigned char *tp = mem + __libc.tls_size - sizeof(struct tcb);
	struct tls_module *m;
	size_t i = 1;

	tp -= (uintptr_t)tp & (__libc.tls_align - 1);
	for (m = __libc.tls_head; m; m = m->next, i++) {
		dtv[i] = (uintptr_t)(tp - m->offset);
		memcpy((void *)dtv[i], m->image, m->len);
	}
	dtv[0] = __libc.tls_count;
	struct tcb *t = (struct tcb *)tp;
	t->dtv = dtv;
	return t;
}

void *__tls_get_addr(size_t *index)
{
	return (void *)(__self()->dtv[index[0]] + index[1]);
}
