/* SPDX-License-Identifier: MIT */
/* packet.c: packets of gdb's remote protocol: $content#checksum, acknowledged by + till both agree not to. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "gdbserver.h"

static int conn = -1, acks;
static unsigned char in[4096];
static size_t in_at, in_n;

void packet_open(int fd)
{
	conn = fd;
	acks = 1;
	in_at = in_n = 0;
}

int packet_fd(void)
{
	return conn;
}

void packet_no_ack(void)
{
	acks = 0;
}

static int next_byte(void)
{
	if (in_at == in_n) {
		ssize_t n;
		do
			n = read(conn, in, sizeof(in));
		while (n < 0 && errno == EINTR);
		if (n <= 0)
			return -1;
		in_n = (size_t)n;
		in_at = 0;
	}
	return in[in_at++];
}

static int write_all(const char *s, size_t n)
{
	while (n) {
		ssize_t w = write(conn, s, n);
		if (w < 0 && errno == EINTR)
			continue;
		if (w <= 0)
			return -1;
		s += w;
		n -= (size_t)w;
	}
	return 0;
}

static int digit(int c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 :
	       c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* What stands between $ and #; -1: connection over, -2: too long. */
static int get_content(struct packet *p, unsigned char *sum)
{
	int c;

	p->n = 0;
	*sum = 0;
	while ((c = next_byte()) >= 0 && c != '#') {
		if (c == '$') {
			p->n = 0;
			*sum = 0;
			continue;
		}
		*sum += (unsigned char)c;
		if (p->n < PACKET)
			p->s[p->n] = (char)c;
		p->n++;
	}
	if (c < 0)
		return -1;
	if (p->n > PACKET)
		return -2;
	p->s[p->n] = '\0';
	return 0;
}

int packet_get(struct packet *p)
{
	for (;;) {
		unsigned char sum;
		int c, r, h, l;
		while ((c = next_byte()) != '$')
			if (c < 0)
				return -1;
		r = get_content(p, &sum);
		if (r == -1 || (h = next_byte()) < 0 || (l = next_byte()) < 0)
			return -1;
		if (r == 0 && (!acks || (digit(h) << 4 | digit(l)) == sum)) {
			if (acks && write_all("+", 1))
				return -1;
			return 0;
		}
		if (acks && write_all("-", 1))
			return -1;
	}
}

int packet_put(const struct packet *p)
{
	static char buf[PACKET + 8];
	unsigned char sum = 0;
	size_t n = p->n;
	int c;

	buf[0] = '$';
	memcpy(buf + 1, p->s, n);
	for (size_t i = 0; i < n; i++)
		sum += (unsigned char)p->s[i];
	snprintf(buf + 1 + n, 4, "#%02x", sum);
	do {
		if (write_all(buf, n + 4))
			return -1;
		if (!acks)
			return 0;
		while ((c = next_byte()) != '+' && c != '-')
			if (c < 0)
				return -1;
	} while (c == '-');
	return 0;
}

int packet_interrupted(void)
{
	struct pollfd f = { .fd = conn, .events = POLLIN };

	while (in_at < in_n || (poll(&f, 1, 0) > 0 && f.revents)) {
		int c = next_byte();
		if (c == 3 || c < 0)
			return 1;
		if (c == '$') {		/* a command, though nothing was asked: it waits */
			in_at--;
			return 0;
		}
	}
	return 0;
}

void add_text(struct packet *p, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(p->s + p->n, sizeof(p->s) - p->n, fmt, ap);
	va_end(ap);
	p->n += n < 0 ? 0 : (size_t)n;
	if (p->n > PACKET)
		p->n = PACKET;
}

void add_hex(struct packet *p, const void *data, size_t n)
{
	static const char digits[] = "0123456789abcdef";
	const unsigned char *b = data;

	for (size_t i = 0; i < n && p->n + 2 <= PACKET; i++) {
		p->s[p->n++] = digits[b[i] >> 4];
		p->s[p->n++] = digits[b[i] & 15];
	}
	p->s[p->n] = '\0';
}

size_t from_hex(const char *s, void *data, size_t max)
{
	unsigned char *b = data;
	size_t n = 0;

	for (; n < max && digit(s[0]) >= 0 && digit(s[1]) >= 0; s += 2)
		b[n++] = (unsigned char)(digit(s[0]) << 4 | digit(s[1]));
	return n;
}

size_t add_binary(struct packet *p, const char *data, size_t n)
{
	size_t i;

	for (i = 0; i < n && p->n + 2 <= PACKET; i++) {
		char c = data[i];
		if (c == '#' || c == '$' || c == '}' || c == '*') {
			p->s[p->n++] = '}';
			c ^= 0x20;
		}
		p->s[p->n++] = c;
	}
	return i;
}

size_t from_binary(const char *s, size_t n, char *data, size_t max)
{
	size_t k = 0;

	for (size_t i = 0; i < n && k < max; i++) {
		if (s[i] == '}' && i + 1 < n)
			data[k++] = s[++i] ^ 0x20;
		else
			data[k++] = s[i];
	}
	return k;
}
