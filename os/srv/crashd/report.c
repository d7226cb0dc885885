/* SPDX-License-Identifier: MIT */
/*
 * The report of a crash. Frames are followed by rbp as far as that leads somewhere; a program without
 * frame pointers has its stack searched for what looks like return addresses, marked with a "?".
 */
#include <string.h>
#include "../../lib/srv.h"
#include "crashd.h"

#define DEPTH	16
#define SEARCH	256		/* words of the stack */

static void line(struct crash *c, int n, uint64_t addr, const char *mark)
{
	char name[400];

	/* A return address lies behind its call, perhaps in the next function. */
	address_name(c->modules, n ? addr - 1 : addr, name, sizeof(name));
	srv_log("  #%d %s%s", n, name, mark);
}

static int in_module(const struct crash *c, uint64_t addr)
{
	for (const struct module *m = c->modules; m; m = m->next)
		if (addr >= m->start && addr < m->end)
			return 1;
	return 0;
}

/* Whether the instruction before addr may be a call. */
static int behind_call(struct crash *c, uint64_t addr)
{
	uint8_t b[7];

	if (!in_module(c, addr) || debug_read_all(c->d, addr - sizeof(b), b, sizeof(b)))
		return 0;
	return b[2] == 0xe8 || (b[5] == 0xff && (b[6] & 0x38) == 0x10) || (b[4] == 0xff && (b[5] & 0x38) == 0x10) ||
	       (b[1] == 0xff && (b[2] & 0x38) == 0x10) || (b[0] == 0xff && (b[1] & 0x38) == 0x10);
}

/* Frames by frame pointers: how many were printed, from number n on. */
static int by_frames(struct crash *c, uint64_t rbp, uint64_t rsp, int n)
{
	uint64_t frame[2];
	int first = n;

	while (n < DEPTH && rbp >= rsp && (rbp & 7) == 0 && debug_read_all(c->d, rbp, frame, sizeof(frame)) == 0 &&
	       behind_call(c, frame[1])) {
		line(c, n++, frame[1], "");
		if (frame[0] <= rbp)
			break;
		rsp = rbp;
		rbp = frame[0];
	}
	return n - first;
}

static void by_search(struct crash *c, uint64_t rsp, int n)
{
	uint64_t stack[SEARCH];
	int64_t got = debug_read(c->d, rsp, stack, sizeof(stack));

	for (int64_t i = 0; i < got / 8 && n < DEPTH; i++)
		if (behind_call(c, stack[i]))
			line(c, n++, stack[i], " ?");
}

/* A jump to nowhere: the caller's address is what lies on the stack. */
static int lost(struct crash *c, const struct debug_regs *r)
{
	uint64_t ret;

	if (in_module(c, r->rip) || debug_read_all(c->d, r->rsp, &ret, sizeof(ret)) || !behind_call(c, ret))
		return 0;
	line(c, 1, ret, "");
	return 1;
}

void report(struct crash *c)
{
	struct debug_regs r;
	char name[400];
	int n = 1;

	address_name(c->modules, c->rip, name, sizeof(name));
	srv_log("%s[%u.%u]: %s at %#lx in %s", c->info.name, c->pid, c->tid, signal_name(c->signo),
		(unsigned long)c->addr, name);
	if (debug_do(c->d, DEBUG_GETREGS, c->tid, (uint64_t)&r, 0, 0) < 0)
		return;
	line(c, 0, r.rip, "");
	n += lost(c, &r);
	if (by_frames(c, r.rbp, r.rsp, n) == 0)
		by_search(c, r.rsp + (n > 1 ? 8 : 0), n);
}
