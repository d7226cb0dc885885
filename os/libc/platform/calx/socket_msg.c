/* SPDX-License-Identifier: MIT */
/*
 * socket_msg.c: data of sockets that go to their server as messages (S_SEND, S_RECV: abi/file.h).
 *
 * One piece of memory without control data is handed to the server as it is. Everything else goes
 * through a buffer, because a message has one range each way: on the stack when it is small.
 */
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include "calx.h"
#include "socket_msg.h"

#define INLINE_ADDR 32		/* bytes of a sockaddr in w4..w7 */
#define LONG_ADDR 128		/* room asked for when a longer one comes */
#define CONTROL_MAX 1024	/* bytes of control data in one message */
#define SMALL 4096
#define BIG_MAX (256 * 1024)	/* bytes of data in one message that needs a copy */

struct buffer {
	char small[SMALL];
	char *p;
	size_t size;
};

static int buffer_get(struct buffer *b, size_t size)
{
	long p;

	b->p = b->small;
	b->size = size;
	if (size <= sizeof(b->small))
		return 0;
	p = plat_mmap(0, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (p < 0 && p > -4096)
		return p;
	b->p = (char *)p;
	return 0;
}

static void buffer_put(struct buffer *b)
{
	if (b->p != b->small)
		plat_munmap(b->p, b->size);
}

static size_t iov_len(const struct msghdr *h)
{
	size_t n = 0;

	for (size_t i = 0; i < h->msg_iovlen; i++)
		n += h->msg_iov[i].iov_len;
	return n;
}

static long call(int fd, struct msg *m)
{
	long r;

	if (fd < 0 || fd >= H_HIGH)
		return -EBADF;
	r = __calx_call_cp(fd, m);
	return r == -ENOSYS || r == -ENOTTY ? -ENOTSOCK : r;
}

static size_t gather(char *to, const struct msghdr *h, size_t room)
{
	size_t at = 0;

	for (size_t i = 0; i < h->msg_iovlen && at < room; i++) {
		size_t n = h->msg_iov[i].iov_len;

		n = n < room - at ? n : room - at;
		memcpy(to + at, h->msg_iov[i].iov_base, n);
		at += n;
	}
	return at;
}

static void scatter(const struct msghdr *h, const char *from, size_t n)
{
	for (size_t i = 0; i < h->msg_iovlen && n; i++) {
		size_t part = h->msg_iov[i].iov_len < n ? h->msg_iov[i].iov_len : n;

		memcpy(h->msg_iov[i].iov_base, from, part);
		from += part;
		n -= part;
	}
}

static long send_copy(int fd, const struct msghdr *h, struct msg *m, size_t data, size_t addr)
{
	size_t control = h->msg_controllen, head = addr + control;
	struct buffer b;
	long r;

	if (data > BIG_MAX)
		data = BIG_MAX;
	r = buffer_get(&b, head + data);
	if (r < 0)
		return r;
	if (addr)
		memcpy(b.p, h->msg_name, addr);
	if (control)
		memcpy(b.p + addr, h->msg_control, control);
	gather(b.p + head, h, data);
	m->r[0] = (struct msg_range){ (uint64_t)b.p, head + data };
	r = call(fd, m);
	buffer_put(&b);
	return r;
}

long __msg_send(int fd, const struct msghdr *h, int flags)
{
	size_t alen = h->msg_name ? h->msg_namelen : 0, data = iov_len(h);
	struct msg m = { .w = { S_SEND, (unsigned)flags, alen, h->msg_controllen } };

	if (alen > LONG_ADDR || h->msg_controllen > CONTROL_MAX)
		return -EINVAL;
	if (alen && alen <= INLINE_ADDR) {
		memcpy(&m.w[4], h->msg_name, alen);
		alen = 0;
	}
	if (alen || h->msg_controllen || h->msg_iovlen > 1)
		return send_copy(fd, h, &m, data, alen);
	if (h->msg_iovlen)
		m.r[0] = (struct msg_range){ (uint64_t)h->msg_iov->iov_base, data };
	return call(fd, &m);
}

/* Name, control data and flags of the answer in m; head is where the rooms begin, if there are any. */
static void answer(struct msghdr *h, const struct msg *m, const char *head, size_t addr, size_t control)
{
	size_t n = m->w[1] < LONG_ADDR ? m->w[1] : LONG_ADDR, got = m->w[3] < control ? m->w[3] : control;
	const void *from = n <= INLINE_ADDR ? (const void *)&m->w[4] : head;

	if (h->msg_name && (n <= INLINE_ADDR || addr))
		memcpy(h->msg_name, from, n < h->msg_namelen ? n : h->msg_namelen);
	h->msg_namelen = h->msg_name ? n : 0;
	if (got)
		memcpy(h->msg_control, head + addr, got);
	h->msg_controllen = got;
	h->msg_flags = m->w[2];
}

static long recv_copy(int fd, struct msghdr *h, int flags, size_t data, size_t addr)
{
	size_t control = h->msg_controllen < CONTROL_MAX ? h->msg_controllen : CONTROL_MAX;
	struct msg m = { .w = { S_RECV, (unsigned)flags, control, addr } };
	struct buffer b;
	long r;

	if (data > BIG_MAX)
		data = BIG_MAX;
	r = buffer_get(&b, addr + control + data);
	if (r < 0)
		return r;
	m.r[1] = (struct msg_range){ (uint64_t)b.p, b.size };
	r = call(fd, &m);
	if (r >= 0) {
		scatter(h, b.p + addr + control, (size_t)r < data ? (size_t)r : data);
		answer(h, &m, b.p, addr, control);
	}
	buffer_put(&b);
	return r;
}

long __msg_recv(int fd, struct msghdr *h, int flags)
{
	size_t data = iov_len(h);
	struct msg m = { .w = { S_RECV, (unsigned)flags } };
	long r;

	if (!h->msg_control)
		h->msg_controllen = 0;
	if (h->msg_iovlen > 1 || h->msg_controllen) {
		r = recv_copy(fd, h, flags, data, 0);
	} else {
		if (h->msg_iovlen)
			m.r[1] = (struct msg_range){ (uint64_t)h->msg_iov->iov_base, data };
		r = call(fd, &m);
		if (r >= 0)
			answer(h, &m, 0, 0, 0);
	}
	return r == -EOVERFLOW ? recv_copy(fd, h, flags, data, LONG_ADDR) : r;
}
