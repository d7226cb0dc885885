/* SPDX-License-Identifier: MIT */
/* Plural forms: evaluates "n%10==1 && n%100!=11 ? 0 : 1", found in the head of a catalogue. */
#include <ctype.h>
#include <string.h>
#include "mo.h"

/* bad: the text is no expression, or divides by zero. Depth is bounded: files are not trusted. */
struct expr { const char *s; unsigned long n; int bad, depth; };

/* Operators by how tightly they bind; at one place the longer comes first. */
static const struct { char text[3]; char level; } ops[] = {
	{ "||", 1 }, { "&&", 2 }, { "==", 3 }, { "!=", 3 }, { "<=", 4 }, { ">=", 4 }, { "<", 4 },
	{ ">", 4 }, { "+", 5 }, { "-", 5 }, { "*", 6 }, { "/", 6 }, { "%", 6 },
};
enum { LEVELS = 6, NOPS = sizeof(ops) / sizeof(*ops) };

static unsigned long ternary(struct expr *e);

static void blank(struct expr *e)
{
	while (isspace((unsigned char)*e->s))
		e->s++;
}

static unsigned long apply(struct expr *e, int op, unsigned long a, unsigned long b)
{
	if (op >= NOPS - 2 && !b) {
		e->bad = 1;
		return 0;
	}
	switch (op) {
	case 0: return a || b;
	case 1: return a && b;
	case 2: return a == b;
	case 3: return a != b;
	case 4: return a <= b;
	case 5: return a >= b;
	case 6: return a < b;
	case 7: return a > b;
	case 8: return a + b;
	case 9: return a - b;
	case 10: return a * b;
	case 11: return a / b;
	default: return a % b;
	}
}

static unsigned long primary(struct expr *e)
{
	unsigned long v = 0;

	blank(e);
	if (*e->s == '!') {
		e->s++;
		if (++e->depth > 100)
			e->bad = 1;
		return e->bad ? 0 : !primary(e);
	}
	if (*e->s == '(') {
		e->s++;
		v = ternary(e);
		blank(e);
		if (*e->s++ != ')')
			e->s--, e->bad = 1;
	} else if (*e->s == 'n') {
		e->s++;
		v = e->n;
	} else if (isdigit((unsigned char)*e->s)) {
		while (isdigit((unsigned char)*e->s))
			v = v * 10 + (*e->s++ - '0');
	} else {
		e->bad = 1;
	}
	return v;
}

static unsigned long binary(struct expr *e, int level)
{
	unsigned long v = level > LEVELS ? primary(e) : binary(e, level + 1);

	while (level <= LEVELS && !e->bad) {
		int op = 0;
		blank(e);
		while (op < NOPS && strncmp(e->s, ops[op].text, strlen(ops[op].text)))
			op++;
		if (op == NOPS || ops[op].level != level)
			break;
		e->s += strlen(ops[op].text);
		v = apply(e, op, v, binary(e, level + 1));
	}
	return v;
}

static unsigned long ternary(struct expr *e)
{
	if (++e->depth > 100)
		e->bad = 1;
	unsigned long v = e->bad ? 0 : binary(e, 1), yes, no;

	blank(e);
	if (*e->s != '?' || e->bad)
		return v;
	e->s++;
	yes = ternary(e);
	blank(e);
	if (*e->s++ != ':')
		e->s--, e->bad = 1;
	no = e->bad ? 0 : ternary(e);
	return v ? yes : no;
}

long __plural(const char *expr, unsigned long n)
{
	struct expr e = { expr, n, 0, 0 };
	unsigned long v = ternary(&e);

	blank(&e);
	return e.bad || (*e.s && *e.s != ';') || v > 1000 ? -1 : (long)v;
}
