/* SPDX-License-Identifier: MIT */
/* Helpers around the message loop: files, texts of requests, the name service, the log. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <time.h>
#include "srv.h"

int64_t srv_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000ll + ts.tv_nsec;
}

int64_t srv_file(struct srv *s, uint64_t id, uint32_t fflags, uint32_t ready, uint32_t flags)
{
	struct file_args a = {
		.id = id,
		.rights = R_READ | R_WRITE | R_CALL | R_DUP,
		.fflags = fflags,
		.plane = PLANE_NONE,
		.data = H_NONE,
		.ready = ready,
		.flags = flags,
	};

	return sys_file_create(s->port, &a);
}

int64_t srv_get(const struct srv_req *r, void *buf, size_t n)
{
	if (n > r->m.r[0].len)
		n = r->m.r[0].len;
	if (!(r->m.hflags & MSG_HAS_TEXT))
		return n ? sys_msg_read(r->m.token, 0, 0, buf, n) : 0;
	memcpy(buf, r->text, n);
	return (int64_t)n;
}

int64_t srv_text(struct srv_req *r, char *buf, size_t size)
{
	uint64_t len = r->m.r[0].len;
	int64_t n;

	if (len >= size)
		return -ENAMETOOLONG;
	n = srv_get(r, buf, len);
	if (n < 0)
		return n;
	buf[n] = '\0';
	return strlen(buf) == (size_t)n ? n : -EINVAL;
}

int64_t srv_put(struct srv_req *r, const void *buf, size_t n)
{
	if (n > r->m.r[1].len)
		n = r->m.r[1].len;
	return n ? sys_msg_write(r->m.token, 1, 0, buf, n) : 0;
}

int64_t srv_put_last(struct srv_req *r, const void *buf, size_t n)
{
	if (n > MSG_TEXT)
		return srv_put(r, buf, n);
	if (n > r->m.r[1].len)
		n = r->m.r[1].len;
	memcpy(r->text, buf, n);
	r->nput = (uint32_t)n;
	return (int64_t)n;
}

int64_t srv_send(handle_t to, uint64_t op, const char *text, uint64_t w1, handle_t h,
		 handle_t *answer)
{
	struct msg m;
	int64_t err;

	memset(&m, 0, sizeof(m));
	m.w[0] = op;
	m.w[1] = w1;
	if (text) {
		m.r[0].base = (uint64_t)text;
		m.r[0].len = strlen(text);
	}
	if (h != H_NONE) {
		m.h[0] = h;
		m.nh = 1;
	}
	err = sys_call(to, &m);
	if (err >= 0 && answer)
		*answer = m.nh ? m.h[0] : H_NONE;
	else if (err >= 0)
		for (uint32_t i = 0; i < m.nh; i++)
			sys_handle_close(m.h[i]);
	return err;
}

struct start_block *srv_start(void)
{
	return (struct start_block *)getauxval(AT_CALX_START);
}

/* exec keeps handles, but not the block: rc names them in the environment, "CALX_H_dev=N". */
static handle_t passed_on(const char *name)
{
	char var[64];
	const char *value;

	snprintf(var, sizeof(var), SRV_EXTRA_ENV "%s", name);
	value = getenv(var);
	return value ? (handle_t)atol(value) : H_NONE;
}

handle_t srv_extra(const char *name)
{
	struct start_block *b = srv_start();
	struct start_extra *x;

	if (!b)
		return H_NONE;
	x = (struct start_extra *)&b->mounts[b->nmounts];
	for (uint32_t i = 0; i < b->nextra; i++)
		if (!strcmp((char *)b + x[i].name, name))
			return x[i].h;
	return passed_on(name);
}

static int64_t ask_names(uint64_t op, const char *name, uint64_t w1, handle_t h)
{
	struct start_block *b = srv_start();
	handle_t got = H_NONE;
	int64_t err;

	if (!b || b->names == H_NONE)
		return -ENOENT;
	err = srv_send(b->names, op, name, w1, h, &got);
	if (err < 0)
		return err;
	return op == N_REGISTER ? 0 : got == H_NONE ? -ENOENT : got;
}

int64_t srv_lookup(const char *prefix, int wait)
{
	return ask_names(N_LOOKUP, prefix, wait ? N_WAIT : 0, H_NONE);
}

int64_t srv_device(const char *name, int wait)
{
	return ask_names(N_DEVICE, name, wait ? N_WAIT : 0, H_NONE);
}

int64_t srv_register(const char *prefix, handle_t root)
{
	return ask_names(N_REGISTER, prefix, 0, root);
}

int srv_each_name(const char *prefix, int (*fn)(void *arg, const char *name), void *arg)
{
	struct start_block *b = srv_start();
	static char buf[4096];
	struct msg m = { .w = { N_LIST }, .r = { { 0, 0 }, { (uint64_t)buf, sizeof(buf) } } };
	int64_t n = b && b->names != H_NONE ? sys_call(b->names, &m) : -ENOENT;
	int res = 0;

	for (char *p = buf; !res && p < buf + n; p += strlen(p) + 1)
		if (!strncmp(p, prefix, strlen(prefix)))
			res = fn(arg, p);
	return res;
}

int64_t srv_watch_devices(struct srv *s, void (*fn)(void *arg, uint32_t events), void *arg)
{
	struct start_block *b = srv_start();

	return b ? srv_watch(s, b->names, EV_PRI, BIND_EDGE, fn, arg) : -ENOENT;
}

static void vlog(const char *fmt, va_list ap)
{
	char line[256];
	int n, m;

	n = snprintf(line, sizeof(line), "%s: ", program_invocation_short_name);
	m = vsnprintf(line + n, sizeof(line) - (size_t)n, fmt, ap);
	if (m < 0)
		return;
	n += m;
	if (n > (int)sizeof(line) - 1)
		n = (int)sizeof(line) - 1;
	sys_log(line, (uint64_t)n);
}

void srv_log(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vlog(fmt, ap);
	va_end(ap);
}

void srv_die(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vlog(fmt, ap);
	va_end(ap);
	exit(1);
}
