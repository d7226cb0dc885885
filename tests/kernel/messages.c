/* SPDX-License-Identifier: MIT */
/* Messages on their short way: buffers that are only half there, and the registers that copies go through. */
#include "calls.h"

#define PAGE	4096ul
#define EFAULT	14
#define EIO	5
#define STOP	99		/* w[0]: the server leaves its loop */
#define BAD	100		/* w[0]: it answers from buffers that are only half there */

static long port, file;
static unsigned char *area;	/* two pages; nothing is allowed with the second, and it was never there */

/* 120 bytes are read for the answer, 160 written for what comes next. */
static void bad_answers(uint64_t token)
{
	for (size_t n = 8; n < 120; n += 8)
		expect(sys(SYS_reply_recv, port, token, area + PAGE - n), -EFAULT);
	expect(sys(SYS_reply_recv, port, token, area + PAGE - 120), -EFAULT);
}

/* In the same place each time, so that the answers overwrite the request. */
static void server(void *arg)
{
	struct msg m;
	uint64_t token = 0;

	(void)arg;
	for (;;) {
		expect(sys(SYS_reply_recv, port, token, &m), 0);
		token = m.token;
		if (m.w[0] == BAD) {
			bad_answers(token);
			token = 0;
			continue;
		}
		if (m.w[0] == STOP)
			break;
		m.w[0] = 7;
		for (int i = 1; i < MSG_WORDS; i++)
			m.w[i]++;
		m.nh = m.hflags = 0;
	}
	sys(SYS_reply, token, &m);
}

static void start(void)
{
	struct file_args a = { .rights = R_ALL, .data = H_NONE };

	if (port != 0)
		return;
	port = sys(SYS_port_create, 0);
	file = sys(SYS_file_create, port, &a);
	check(file >= H_HIGH);
	area = map(2 * PAGE);
	expect(sys(SYS_vm_protect, H_NONE, area + PAGE, PAGE, 0), 0);
	fill(area, 0, PAGE);
	thread(server, 0);
	sys(SYS_sleep, now() + 1000000);	/* so that it waits */
}

/* SYS_call with known bytes in a vector register; they must still be there. */
static long call(void *msg)
{
	uint64_t in[4] = { 1, 2, 3, ~0ul }, out[4];
	long r;

	__asm__ volatile("vmovdqu %2, %%ymm0\n\tsyscall\n\tvmovdqu %%ymm0, %1"
			 : "=a"(r), "=m"(out) : "m"(in), "a"((long)SYS_call), "D"(file), "S"(msg)
			 : "rcx", "r11", "xmm0", "memory");
	check(same(in, out, sizeof(in)));
	return r;
}

static void good_call(struct msg *m, uint64_t v)
{
	fill(m, 0, sizeof(*m));
	for (int i = 1; i < MSG_WORDS; i++)
		m->w[i] = v + (uint64_t)i;
	expect(call(m), 7);
	for (int i = 1; i < MSG_WORDS; i++)
		check(m->w[i] == v + (uint64_t)i + 1);
}

static void words_come_and_go(void)
{
	struct msg m[2];

	start();
	for (uint64_t i = 0; i < 100; i++) {
		fill(m, 0x55, sizeof(m));
		good_call(m, i);
		check(((unsigned char *)m)[sizeof(m[0])] == 0x55);
	}
}

/* 120 bytes are read. */
static void a_request_must_be_there(void)
{
	struct msg m;

	start();
	for (size_t n = 8; n < 120; n += 8)
		expect(call(area + PAGE - n), -EFAULT);
	expect(call((void *)8), -EFAULT);
	expect(call((void *)(VM_TOP - 64)), -EFAULT);
	expect(call((void *)0xffff800000000000ul), -EFAULT);
	expect(call((void *)-64l), -EFAULT);
	good_call(&m, 5);
	fill(area, 0, PAGE);
	expect(call(area + PAGE - 120), 7);
}

static void an_answer_must_be_there(void)
{
	struct msg m = { .w = { BAD } };

	start();
	fill(area, 0, PAGE);
	area[PAGE - 120] = 33;
	expect(call(&m), 33);
	m.w[0] = 0;
	expect(call(&m), -EIO);		/* there was no room for it */
	good_call(&m, 7);
}

/* Half of the buffer appears when it is touched: the map is too large for all of it to come at once. */
#define LARGE	(64 * PAGE)

static void pages_appear_under_messages(void)
{
	unsigned char *p;

	start();
	for (size_t n = 8; n < 160; n += 8) {
		p = map(LARGE);
		p[0] = 1;
		struct msg *m = (struct msg *)(p + PAGE - n);
		m->w[0] = 0;
		expect(call(m), 7);
		expect(sys(SYS_vm_unmap, H_NONE, p, LARGE), 0);
	}
}

static void the_last_answer(void)
{
	struct msg m = { .w = { STOP } };

	start();
	expect(call(&m), STOP);
}

#define T(f) { #f, f }
const struct test tests[] = {
	T(words_come_and_go), T(a_request_must_be_there), T(an_answer_must_be_there), T(pages_appear_under_messages),
	T(the_last_answer),
};
const int ntests = sizeof(tests) / sizeof(tests[0]);
