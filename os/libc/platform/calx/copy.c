/* SPDX-License-Identifier: MIT */
/* copy.c: from file to file: by sharing blocks where the server can, else through a buffer. */
#include <sys/ioctl.h>
#include <unistd.h>
#include "calx.h"
#include "copy.h"

#define PAGE 4096

/* F_COPY of [at, at + len) of `in` to `to` of `out`: bytes, or -errno. */
static long share(int in, long at, int out, long to, size_t len, unsigned flags)
{
	struct msg src = { .w = { F_SOURCE } };
	struct msg m = { .w = { F_COPY, 0, at, to, len, flags } };
	long r = __calx_call(in, &src);

	if (r < 0)
		return r;
	m.w[1] = src.w[1];
	return __calx_call(out, &m);
}

/* Who has no such message has nothing to share, and a pipe neither. */
static int refusal(long r)
{
	return r == -ENOSYS || r == -ENOTTY ? -EOPNOTSUPP : r;
}

int __copy_ioctl(int fd, unsigned request, void *arg)
{
	struct file_clone_range whole = { .src_fd = (int)(long)arg }, *c = request == FICLONE ? &whole : arg;
	long r;

	if (c->src_fd < 0 || c->src_fd >= H_HIGH)
		return -EBADF;
	if ((long)c->src_offset < 0 || (long)c->dest_offset < 0)
		return -EINVAL;
	r = share(c->src_fd, c->src_offset, fd, c->dest_offset, c->src_length, COPY_ALL);
	return r < 0 ? refusal(r) : 0;
}

/* Offsets as in sendfile and copy_file_range. */
static long copy(int out, long *outoff, int in, long *inoff, size_t len)
{
	static const size_t chunk = 8192;
	char buf[8192];
	size_t done = 0;

	while (done < len) {
		size_t want = len - done < chunk ? len - done : chunk;
		long n = inoff ? plat_pread(in, buf, want, *inoff) : plat_read(in, buf, want);
		if (n <= 0)
			return done ? (long)done : n;
		long w = outoff ? plat_pwrite(out, buf, n, *outoff) : plat_write(out, buf, n);
		if (w < n && !inoff)
			plat_lseek(in, (w < 0 ? 0 : w) - n, SEEK_CUR);
		if (w < 0)
			return done ? (long)done : w;
		if (inoff)
			*inoff += w;
		if (outoff)
			*outoff += w;
		done += w;
		if (w < n)
			break;
	}
	return done;
}

/* *off, or the file's own offset. */
static long offset(int fd, const long *off)
{
	return off ? *off : plat_lseek(fd, 0, SEEK_CUR);
}

static void advance(int fd, long *off, long at, long n)
{
	if (off)
		*off = at + n;
	else
		plat_lseek(fd, at + n, SEEK_SET);
}

/* Bytes whose blocks are shared now; 0: they are to be copied. */
static long share_range(int in, long *inoff, int out, long *outoff, size_t len)
{
	long at, to, n;

	if (len < PAGE)
		return 0;
	at = offset(in, inoff);
	to = offset(out, outoff);
	if (at < 0 || to < 0 || at % PAGE || to % PAGE)
		return 0;
	n = share(in, at, out, to, len, 0);
	if (n <= 0)
		return 0;
	advance(in, inoff, at, n);
	advance(out, outoff, to, n);
	return n;
}

long plat_sendfile(int out, int in, long *off, size_t len)
{
	return copy(out, 0, in, off, len);
}

long plat_copy_file_range(int in, long *inoff, int out, long *outoff, size_t len, unsigned flags)
{
	long n = flags ? -EINVAL : share_range(in, inoff, out, outoff, len);

	return n ? n : copy(out, outoff, in, inoff, len);
}
