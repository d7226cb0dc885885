/* SPDX-License-Identifier: MIT */
/*
 * regs.c: registers as the target description below numbers them, and the description itself: the
 * standard features of x86-64 with SSE, and those of Linux's, which Calx's C ABI shares.
 */
#include <stdio.h>
#include <string.h>
#include "gdbserver.h"

enum where { GENERAL, FLOAT, FCTRL, VECTOR, MXCSR };
struct reg { const char *name; uint8_t bits, where; uint16_t off; const char *type; };

#define G(n, f, b, t)	{ n, b, GENERAL, offsetof(struct debug_regs, f), t }
static const struct reg general[] = {
	G("rax", rax, 64, "int64"), G("rbx", rbx, 64, "int64"), G("rcx", rcx, 64, "int64"),
	G("rdx", rdx, 64, "int64"), G("rsi", rsi, 64, "int64"), G("rdi", rdi, 64, "int64"),
	G("rbp", rbp, 64, "data_ptr"), G("rsp", rsp, 64, "data_ptr"), G("r8", r8, 64, "int64"),
	G("r9", r9, 64, "int64"), G("r10", r10, 64, "int64"), G("r11", r11, 64, "int64"),
	G("r12", r12, 64, "int64"), G("r13", r13, 64, "int64"), G("r14", r14, 64, "int64"),
	G("r15", r15, 64, "int64"), G("rip", rip, 64, "code_ptr"), G("eflags", eflags, 32, "int32"),
	G("cs", cs, 32, "int32"), G("ss", ss, 32, "int32"), G("ds", ds, 32, "int32"), G("es", es, 32, "int32"),
	G("fs", fs, 32, "int32"), G("gs", gs, 32, "int32"),
};
static const char *const control[] = { "fctrl", "fstat", "ftag", "fiseg", "fioff", "foseg", "fooff", "fop" };
static const struct reg last[] = {
	G("orig_rax", orig_rax, 64, "int64"), G("fs_base", fs_base, 64, "long"), G("gs_base", gs_base, 64, "long"),
};

#define NGENERAL	24u
#define FIRST_ST	NGENERAL
#define FIRST_CONTROL	(FIRST_ST + 8)
#define FIRST_XMM	(FIRST_CONTROL + 8)
#define MXCSR_NR	(FIRST_XMM + 16)
#define FIRST_LAST	(MXCSR_NR + 1)
#define NREGS		(FIRST_LAST + 3)

/* A thread's registers: general ones, and the FXSAVE part of the others. */
struct state { struct debug_regs r; uint8_t fp[8192]; int64_t fpn; };

static int load(uint32_t tid, struct state *s)
{
	if (debug_do(target, DEBUG_GETREGS, tid, (uint64_t)&s->r, 0, 0) < 0)
		return -1;
	s->fpn = debug_do(target, DEBUG_GETFP, tid, (uint64_t)s->fp, sizeof(s->fp), 0);
	return s->fpn < 512 ? -1 : 0;
}

/* Full tag word of the abridged one: valid or empty is all that is known. */
static uint32_t full_tags(uint8_t tags)
{
	uint32_t w = 0;

	for (int i = 0; i < 8; i++)
		w |= (tags >> i & 1 ? 0u : 3u) << (2 * i);
	return w;
}

/* Bytes of register n in *v: where its value lies. The control words are made up in `word`. */
static size_t find(struct state *s, unsigned n, void **v, uint32_t *word)
{
	static const uint8_t at[8] = { 0, 2, 4, 12, 8, 20, 16, 6 };

	*v = word;
	if (n < NGENERAL || n >= FIRST_LAST) {
		const struct reg *r = n < NGENERAL ? &general[n] : &last[n - FIRST_LAST];
		*v = (char *)&s->r + r->off;
		return r->bits / 8;
	}
	if (n < FIRST_CONTROL) {
		*v = s->fp + 32 + 16 * (n - FIRST_ST);
		return 10;
	}
	if (n < FIRST_XMM) {
		unsigned i = n - FIRST_CONTROL;
		*word = s->fp[at[i]] | (uint32_t)s->fp[at[i] + 1] << 8;
		if (i == 2)
			*word = full_tags(s->fp[4]);
		else if (i == 4 || i == 6)
			memcpy(word, s->fp + at[i], 4);
		return 4;
	}
	*v = n == MXCSR_NR ? s->fp + 24 : s->fp + 160 + 16 * (n - FIRST_XMM);
	return n == MXCSR_NR ? 4 : 16;
}

/* The value has been put where find said; the control words are written back here. */
static void put_control(struct state *s, unsigned n, uint32_t word)
{
	if (n == FIRST_CONTROL || n == FIRST_CONTROL + 1 || n == FIRST_CONTROL + 7)
		memcpy(s->fp + (n == FIRST_CONTROL ? 0 : n == FIRST_CONTROL + 1 ? 2 : 6), &word, 2);
}

static int store(uint32_t tid, const struct state *s)
{
	if (debug_do(target, DEBUG_SETREGS, tid, (uint64_t)&s->r, 0, 0) < 0)
		return -1;
	return debug_do(target, DEBUG_SETFP, tid, (uint64_t)s->fp, (uint64_t)s->fpn, 0) < 0 ? -1 : 0;
}

int regs_read(uint32_t tid, struct packet *p)
{
	static struct state s;
	uint32_t word;
	void *v;

	if (load(tid, &s))
		return -1;
	for (unsigned n = 0; n < NREGS; n++) {
		size_t size = find(&s, n, &v, &word);
		add_hex(p, v, size);
	}
	return 0;
}

static size_t set(struct state *s, unsigned n, const char *hex)
{
	uint32_t word = 0;
	void *v;
	size_t size = find(s, n, &v, &word), got = from_hex(hex, v, size);

	put_control(s, n, word);
	return got == size ? size * 2 : 0;
}

int regs_write(uint32_t tid, const char *hex)
{
	static struct state s;

	if (load(tid, &s))
		return -1;
	for (unsigned n = 0; n < NREGS; n++) {
		size_t used = set(&s, n, hex);
		if (!used)
			break;
		hex += used;
	}
	return store(tid, &s);
}

int reg_read(uint32_t tid, unsigned n, struct packet *p)
{
	static struct state s;
	uint32_t word;
	void *v;

	if (n >= NREGS || load(tid, &s))
		return -1;
	add_hex(p, v, find(&s, n, &v, &word));
	return 0;
}

int reg_write(uint32_t tid, unsigned n, const char *hex)
{
	static struct state s;

	if (n >= NREGS || load(tid, &s) || !set(&s, n, hex))
		return -1;
	return store(tid, &s);
}

static char xml[8192];
static size_t xml_n;

static void say(const char *name, unsigned bits, const char *type, const char *group)
{
	xml_n += (size_t)snprintf(xml + xml_n, sizeof(xml) - xml_n, "<reg name=\"%s\" bitsize=\"%u\" type=\"%s\"%s%s%s/>",
				  name, bits, type, group ? " group=\"" : "", group ? group : "", group ? "\"" : "");
}

static void text(const char *s)
{
	xml_n += (size_t)snprintf(xml + xml_n, sizeof(xml) - xml_n, "%s", s);
}

const char *regs_xml(void)
{
	char name[16];

	if (xml_n)
		return xml;
	text("<?xml version=\"1.0\"?><!DOCTYPE target SYSTEM \"gdb-target.dtd\"><target>"
	     "<architecture>i386:x86-64</architecture><osabi>GNU/Linux</osabi>"
	     "<feature name=\"org.gnu.gdb.i386.core\">");
	for (unsigned i = 0; i < NGENERAL; i++)
		say(general[i].name, general[i].bits, general[i].type, NULL);
	for (int i = 0; i < 8; i++) {
		snprintf(name, sizeof(name), "st%d", i);
		say(name, 80, "i387_ext", NULL);
	}
	for (int i = 0; i < 8; i++)
		say(control[i], 32, "int", "float");
	text("</feature><feature name=\"org.gnu.gdb.i386.sse\">"
	     "<vector id=\"v4f\" type=\"ieee_single\" count=\"4\"/><vector id=\"v2d\" type=\"ieee_double\" count=\"2\"/>"
	     "<vector id=\"v16i8\" type=\"int8\" count=\"16\"/><vector id=\"v8i16\" type=\"int16\" count=\"8\"/>"
	     "<vector id=\"v4i32\" type=\"int32\" count=\"4\"/><vector id=\"v2i64\" type=\"int64\" count=\"2\"/>"
	     "<union id=\"vec128\"><field name=\"v4_float\" type=\"v4f\"/><field name=\"v2_double\" type=\"v2d\"/>"
	     "<field name=\"v16_int8\" type=\"v16i8\"/><field name=\"v8_int16\" type=\"v8i16\"/>"
	     "<field name=\"v4_int32\" type=\"v4i32\"/><field name=\"v2_int64\" type=\"v2i64\"/>"
	     "<field name=\"uint128\" type=\"uint128\"/></union>");
	for (int i = 0; i < 16; i++) {
		snprintf(name, sizeof(name), "xmm%d", i);
		say(name, 128, "vec128", NULL);
	}
	say("mxcsr", 32, "int", "vector");
	text("</feature><feature name=\"org.gnu.gdb.i386.linux\">");
	say(last[0].name, 64, "int", "system");
	text("</feature><feature name=\"org.gnu.gdb.i386.segments\">");
	say(last[1].name, 64, "int", NULL);
	say(last[2].name, 64, "int", NULL);
	text("</feature></target>");
	return xml;
}
