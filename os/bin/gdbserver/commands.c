/* SPDX-License-Identifier: MIT */
/* commands.c: what gdb asks, and the answers. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "gdbserver.h"

static struct packet in, out;
static uint32_t general_tid;
static struct stop last;

static void ok(void)
{
	add_text(&out, "OK");
}

static void fail(int e)
{
	add_text(&out, "E%02x", e);
}

static uint64_t number(const char **s)
{
	char *end;
	uint64_t v = strtoull(*s, &end, 16);

	*s = end;
	return v;
}

/* "p1.2", "1", "-1" (all), "0" (any): 0 for the last two. */
static uint32_t thread_id(const char *s)
{
	if (*s == 'p') {
		const char *dot = strchr(s, '.');
		s = dot ? dot + 1 : s + 1;
	}
	return *s == '-' ? 0 : (uint32_t)strtoul(s, NULL, 16);
}

static uint32_t the_thread(void)
{
	return general_tid ? general_tid : current_tid;
}

static void stop_reply(void)
{
	if (last.exited) {
		add_text(&out, "%c%02x", last.exited == 1 ? 'W' : 'X', last.status & 0xff);
		return;
	}
	add_text(&out, "T%02xthread:%x;", last.signo, last.tid);
	if (last.breakpoint)
		add_text(&out, "swbreak:;");
	general_tid = last.tid;
}

/* Runs until something happens, and tells it. -1: nothing is left to debug. */
static int run(void)
{
	target_resume();
	if (target_wait(&last))
		return -1;
	stop_reply();
	return 0;
}

static void read_memory(const char *s)
{
	static char buf[PACKET / 2];
	uint64_t addr = number(&s), n;
	int got;

	s += *s == ',';
	n = number(&s);
	got = target_read(addr, buf, n < sizeof(buf) ? n : sizeof(buf));
	if (got < 0)
		fail(14);
	else
		add_hex(&out, buf, (size_t)got);
}

static void write_memory(const char *s, int binary)
{
	static char buf[PACKET];
	uint64_t addr = number(&s), n;

	s += *s == ',';
	n = number(&s);
	s += *s == ':';
	if (n > sizeof(buf))
		n = sizeof(buf);
	n = binary ? from_binary(s, in.n - (size_t)(s - in.s), buf, n) : from_hex(s, buf, n);
	if (n && target_write(addr, buf, n))
		fail(14);
	else
		ok();
}

/* Piece "offset,length" of a text. */
static void piece(const char *s, const char *data, size_t size)
{
	uint64_t off = number(&s), n;

	s += *s == ',';
	n = number(&s);
	if (off > size)
		off = size;
	if (n > size - off)
		n = size - off;
	if (n > PACKET / 2 - 1)
		n = PACKET / 2 - 1;
	out.s[out.n++] = off + n < size ? 'm' : 'l';
	add_binary(&out, data + off, n);
}

static void thread_xml(const char *s)
{
	static char xml[65536];
	static uint32_t tids[512];
	size_t n = target_threads(tids, 512), at = 0;

	at += (size_t)snprintf(xml, sizeof(xml), "<?xml version=\"1.0\"?><threads>");
	for (size_t i = 0; i < n; i++)
		at += (size_t)snprintf(xml + at, sizeof(xml) - at, "<thread id=\"%x\"/>", tids[i]);
	at += (size_t)snprintf(xml + at, sizeof(xml) - at, "</threads>");
	piece(s, xml, at);
}

static void exec_file(const char *s)
{
	struct module *m = modules_of(target);

	piece(s, m ? m->path : "", m ? strlen(m->path) : 0);
	modules_free(m);
}

/* qXfer:OBJECT:read:ANNEX:OFFSET,LENGTH */
static void transfer(const char *s)
{
	const char *range = strrchr(s, ':');
	struct abi_siginfo si;
	uint64_t auxv[64];
	int64_t n;

	range = range ? range + 1 : "";
	if (!strncmp(s, "features:read:target.xml", 24)) {
		piece(range, regs_xml(), strlen(regs_xml()));
	} else if (!strncmp(s, "auxv:read:", 10)) {
		n = debug_auxv(target, auxv, sizeof(auxv));
		piece(range, (char *)auxv, n > 0 ? (size_t)n : 0);
	} else if (!strncmp(s, "threads:read:", 13)) {
		thread_xml(range);
	} else if (!strncmp(s, "exec-file:read:", 15)) {
		exec_file(range);
	} else if (!strncmp(s, "siginfo:read:", 13)) {
		if (debug_do(target, DEBUG_SIGINFO, the_thread(), (uint64_t)&si, 0, 0) < 0)
			fail(1);
		else
			piece(range, (char *)&si, sizeof(si));
	}
}

static void list_threads(void)
{
	uint32_t tids[512];
	size_t n = target_threads(tids, 512);

	for (size_t i = 0; i < n; i++)
		add_text(&out, "%c%x", i ? ',' : 'm', tids[i]);
	if (!n)
		add_text(&out, "l");
}

static void query(const char *s)
{
	if (!strncmp(s, "Supported", 9)) {
		add_text(&out, "PacketSize=%x;QStartNoAckMode+;swbreak+;vContSupported+;qXfer:features:read+;"
			 "qXfer:auxv:read+;qXfer:threads:read+;qXfer:exec-file:read+;qXfer:siginfo:read+", PACKET);
	} else if (!strncmp(s, "Xfer:", 5)) {
		transfer(s + 5);
	} else if (!strcmp(s, "C")) {
		add_text(&out, "QC%x", the_thread());
	} else if (!strcmp(s, "fThreadInfo")) {
		list_threads();
	} else if (!strcmp(s, "sThreadInfo")) {
		add_text(&out, "l");
	} else if (!strncmp(s, "Attached", 8)) {
		add_text(&out, "1");
	} else if (!strncmp(s, "Symbol:", 7)) {
		ok();
	}
}

/* vCont;ACTION[:THREAD]... -1: nothing is left. */
static int cont(const char *s)
{
	while (*s == ';') {
		int step, signo = 0;
		uint32_t tid = 0;
		step = s[1] == 's' || s[1] == 'S';
		signo = s[1] == 'C' || s[1] == 'S' ? (int)strtol(s + 2, NULL, 16) : 0;
		s++;
		const char *end = s + strcspn(s, ";"), *colon = memchr(s, ':', (size_t)(end - s));
		if (colon)
			tid = thread_id(colon + 1);
		target_plan(tid, step, signo);
		s = end;
	}
	return run();
}

/* c, s, Csig, Ssig for the thread of Hc, which is the one that stopped. */
static int cont_old(char what, const char *s)
{
	int signo = what == 'C' || what == 'S' ? (int)strtol(s, NULL, 16) : 0;

	target_plan(current_tid, what == 's' || what == 'S', signo);
	if (what == 'c' || what == 'C')
		target_plan(0, 0, 0);
	return run();
}

static void breakpoint(const char *s, int set)
{
	const char *at = s + 2;

	if (*s != '0')
		return;			/* not supported: an empty answer */
	if (set ? break_set(number(&at)) : break_clear(number(&at)))
		fail(14);
	else
		ok();
}

static void one_register(const char *s, int write)
{
	unsigned n = (unsigned)number(&s);

	if (!write) {
		if (reg_read(the_thread(), n, &out))
			fail(1);
	} else if (reg_write(the_thread(), n, s + (*s == '='))) {
		fail(1);
	} else {
		ok();
	}
}

static int thread_alive(uint32_t tid)
{
	uint32_t tids[512];
	size_t n = target_threads(tids, 512);

	for (size_t i = 0; i < n; i++)
		if (tids[i] == tid)
			return 1;
	return 0;
}

/* 0: answer with out, 1: the session is over (out is answered if not empty), -1: hang up. */
static int command(void)
{
	const char *s = in.s + 1;

	switch (in.s[0]) {
	case '?': stop_reply(); return 0;
	case 'g': if (regs_read(the_thread(), &out)) fail(1); return 0;
	case 'G': if (regs_write(the_thread(), s)) fail(1); else ok(); return 0;
	case 'p': one_register(s, 0); return 0;
	case 'P': one_register(s, 1); return 0;
	case 'm': read_memory(s); return 0;
	case 'M': write_memory(s, 0); return 0;
	case 'X': write_memory(s, 1); return 0;
	case 'Z': breakpoint(s, 1); return 0;
	case 'z': breakpoint(s, 0); return 0;
	case 'q': query(s); return 0;
	case 'c': case 's': case 'C': case 'S': return cont_old(in.s[0], s);
	case 'T': if (thread_alive(thread_id(s))) ok(); else fail(1); return 0;
	case 'H':
		if (*s == 'g')
			general_tid = thread_id(s + 1);
		ok();
		return 0;
	case 'D':
		target_detach();
		ok();
		return 1;
	case 'k':
		target_kill();
		return 1;
	case 'Q':
		if (!strcmp(s, "StartNoAckMode"))
			ok();
		return 0;
	case 'v':
		if (!strcmp(s, "Cont?"))
			add_text(&out, "vCont;c;C;s;S");
		else if (!strncmp(s, "Cont;", 5))
			return cont(s + 4);
		else if (!strncmp(s, "Kill", 4)) {
			target_kill();
			ok();
			return 1;
		}
		return 0;
	}
	return 0;
}

int serve(void)
{
	int r = 0;

	general_tid = 0;
	if (target_wait(&last))
		return 0;
	while (r == 0 && packet_get(&in) == 0) {
		out.n = 0;
		out.s[0] = '\0';
		r = command();
		if (r < 0 || ((r == 0 || out.n) && packet_put(&out)))
			break;
		if (!strcmp(in.s, "QStartNoAckMode"))
			packet_no_ack();
		if (last.exited)
			r = 1;
	}
	if (target != H_NONE && !last.exited)
		target_detach();
	return 0;
}
