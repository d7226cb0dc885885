/* SPDX-License-Identifier: MIT */
/* How a system call and the message that it carries look on paper. */
#include <errno.h>
#include <stdarg.h>
#include <string.h>
#include "../../abi/chan.h"
#include "../../abi/msg.h"
#include "trace.h"

#define SHOWN	48		/* bytes of data */

void put(struct line *l, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(l->s + l->n, sizeof(l->s) - l->n, fmt, ap);
	va_end(ap);
	l->n += n < 0 ? 0 : (size_t)n;
	if (l->n >= sizeof(l->s))
		l->n = sizeof(l->s) - 1;
}

static void put_bytes(struct line *l, const uint8_t *p, size_t n, int more)
{
	put(l, "\"");
	for (size_t i = 0; i < n; i++) {
		if (p[i] == '\n')
			put(l, "\\n");
		else if (p[i] == '"' || p[i] == '\\')
			put(l, "\\%c", p[i]);
		else if (p[i] >= ' ' && p[i] < 127)
			put(l, "%c", p[i]);
		else
			put(l, "\\%o", p[i]);
	}
	put(l, more ? "\"..." : "\"");
}

static void put_memory(struct line *l, handle_t d, uint64_t addr, uint64_t n)
{
	uint8_t buf[SHOWN];
	int64_t got = debug_read(d, addr, buf, n < SHOWN ? n : SHOWN);

	if (got < 0 || (got == 0 && n))
		put(l, "%#lx", (unsigned long)addr);
	else
		put_bytes(l, buf, (size_t)got, n > SHOWN);
}

static void put_string(struct line *l, handle_t d, uint64_t addr)
{
	char buf[SHOWN + 1];
	int64_t n = debug_read_text(d, addr, buf, sizeof(buf));

	if (n < 0)
		put(l, "%#lx", (unsigned long)addr);
	else
		put_bytes(l, (uint8_t *)buf, (size_t)n, n == SHOWN);
}

/* A request: operation, what is in the words, text in range 0, handles. */
static void put_request(struct line *l, handle_t d, uint64_t addr)
{
	struct msg m;
	const char *name;

	if (debug_read_all(d, addr, &m, offsetof(struct msg, token))) {
		put(l, "%#lx", (unsigned long)addr);
		return;
	}
	name = op_name(m.w[0]);
	if (name)
		put(l, "{%s", name);
	else
		put(l, "{%ld", (long)m.w[0]);
	int last = MSG_WORDS - 1;
	while (last > 0 && m.w[last] == 0)
		last--;
	for (int i = 1; i <= last; i++)
		put(l, m.w[i] < 4096 ? ", %lu" : ", %#lx", (unsigned long)m.w[i]);
	if (m.r[0].len) {
		put(l, ", ");
		put_memory(l, d, m.r[0].base, m.r[0].len);
	}
	for (uint32_t i = 0; i < m.nh && i < MSG_HANDLES; i++)
		put(l, ", h%d", m.h[i]);
	put(l, "}");
}

/* An answer: words that say something, handles, text in range 1. */
static void put_answer(struct line *l, handle_t d, uint64_t addr, int64_t result)
{
	struct msg m;
	int last = MSG_WORDS - 1;

	if (debug_read_all(d, addr, &m, offsetof(struct msg, token)))
		return;
	while (last > 0 && m.w[last] == 0)
		last--;
	put(l, " {");
	for (int i = 1; i <= last; i++)
		put(l, m.w[i] < 4096 ? "%s%lu" : "%s%#lx", i > 1 ? ", " : "", (unsigned long)m.w[i]);
	for (uint32_t i = 0; i < m.nh && i < MSG_HANDLES; i++)
		put(l, ", h%d", m.h[i]);
	if (result > 0 && m.r[1].len && (uint64_t)result <= m.r[1].len) {
		put(l, ", ");
		put_memory(l, d, m.r[1].base, (uint64_t)result);
	}
	put(l, "}");
}

static void put_map(struct line *l, handle_t d, uint64_t addr)
{
	struct vm_map v;

	if (debug_read_all(d, addr, &v, sizeof(v)))
		put(l, "%#lx", (unsigned long)addr);
	else
		put(l, "{vm %d, mem %d, addr %#lx, len %#lx, off %#lx, prot %u, flags %#x}", v.vm, v.mem,
		    (unsigned long)v.addr, (unsigned long)v.len, (unsigned long)v.off, v.prot, v.flags);
}

static void put_chan(struct line *l, handle_t d, uint64_t addr)
{
	struct chan_io io;
	struct abi_iovec v;

	if (debug_read_all(d, addr, &io, sizeof(io)) || debug_read_all(d, io.iov, &v, sizeof(v))) {
		put(l, "%#lx", (unsigned long)addr);
		return;
	}
	put(l, "{");
	put_memory(l, d, v.base, v.len);
	put(l, ", %u pieces, %u handles, flags %#x}", io.niov, io.nh, io.flags);
}

static void put_deadline(struct line *l, const struct debug_event *ev, int64_t t)
{
	if (t == T_FOREVER)
		put(l, "forever");
	else if (t <= 0)
		put(l, "%ld", (long)t);
	else
		put(l, "in %ld us", (long)((t - ev->time) / 1000));
}

static void put_arg(struct line *l, handle_t d, char kind, const struct debug_event *ev, int i)
{
	uint64_t v = ev->arg[i];

	switch (kind) {
	case 'h':
		put(l, (int32_t)v >= H_HIGH ? "h%d" : "%d", (int32_t)v);
		break;
	case 'd':
		put(l, "%ld", (long)v);
		break;
	case 'o':
		put(l, "%#lo", (unsigned long)v);
		break;
	case 't':
		put_deadline(l, ev, (int64_t)v);
		break;
	case 'B':
		put_memory(l, d, v, ev->arg[i + 1]);
		break;
	case 's':
		put_string(l, d, v);
		break;
	case 'm':
		put_request(l, d, v);
		break;
	case 'v':
		put_map(l, d, v);
		break;
	case 'c':
		put_chan(l, d, v);
		break;
	default:
		put(l, "%#lx", (unsigned long)v);
	}
}

void put_entry(struct line *l, handle_t d, const struct debug_event *ev)
{
	const struct call_name *c = call_name(ev->nr);
	const char *kinds = c ? c->args : "xxxxxx";

	if (c)
		put(l, "%s(", c->name);
	else
		put(l, "system_call_%lu(", (unsigned long)ev->nr);
	for (int i = 0; kinds[i] && i < 6; i++) {
		put(l, i ? ", " : "");
		put_arg(l, d, kinds[i], ev, i);
	}
	put(l, ")");
}

static void put_error(struct line *l, int err)
{
	const char *name = strerrorname_np(err);

	if (err == 512 || err == 514)
		put(l, " = ? interrupted");
	else if (name)
		put(l, " = -%d %s (%s)", err, name, strerror(err));
	else
		put(l, " = -%d", err);
}

void put_return(struct line *l, handle_t d, const struct debug_event *ev)
{
	const struct call_name *c = call_name(ev->nr);
	const char *out = c ? strchr(c->args, 'b') : NULL;

	if (ev->result < 0 && ev->result > -4096) {
		put_error(l, (int)-ev->result);
		return;
	}
	put(l, ev->result > 0xfffff ? " = %#lx" : " = %ld", (long)ev->result);
	if (out && ev->result > 0) {
		put(l, " ");
		put_memory(l, d, ev->arg[out - c->args], (uint64_t)ev->result);
	}
	if (ev->nr == SYS_call)
		put_answer(l, d, ev->arg[1], ev->result);
}
