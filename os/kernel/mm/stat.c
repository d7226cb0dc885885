/* SPDX-License-Identifier: MIT */
/*
 * What a pager said of its file and allowed to be kept: fstat without a server.
 *
 * An answer holds as long as `changes` is what it was before the question was sent. Whoever makes it wrong changes
 * the file first, then `changes`, and only then lets anyone know: so who knows of it finds the answer void, whether it was
 * kept before or is only now. Nor does it hold while the pager has yet to hear that pages were written to.
 */
#include "abi/file.h"
#include "defs.h"
#include "ipc/port.h"

struct mem_stat {
	uint64_t changes;		/* of the mem before it was asked for */
	uint32_t epoch;			/* of the port: which server said it */
	uint64_t word[STAT_SIZE / 8];
};

void mem_stat_keep(struct mem *m, uint64_t since, const void *st)
{
	struct mem_stat *s = kmalloc(sizeof(*s)), *old;

	if (s == NULL)
		return;
	s->changes = since;
	s->epoch = m->port->epoch;
	memcpy(s->word, st, STAT_SIZE);
	spin_lock(&m->lock);
	old = m->stat;
	m->stat = s;
	spin_unlock(&m->lock);
	kfree(old);
}

int mem_stat(struct mem *m, uint64_t ust)
{
	uint64_t word[STAT_SIZE / 8];
	struct mem_stat *s;
	bool known;

	spin_lock(&m->lock);
	s = m->stat;
	known = s != NULL && !m->wrote && s->changes == mem_stat_since(m) && s->epoch == m->port->epoch && !m->port->dead;
	if (known)
		memcpy(word, s->word, sizeof(word));
	word[STAT_SIZE_WORD] = m->size;
	spin_unlock(&m->lock);
	return known ? copyout(ust, word, sizeof(word)) : -EAGAIN;
}
