/* SPDX-License-Identifier: MIT */
/* sys/uio.h: scattered input and output. */
#ifndef _SYS_UIO_H
#define _SYS_UIO_H

#include <features.h>

#define __NEED_ssize_t
#define __NEED_struct_iovec
#if __VISIBLE_MORE
#define __NEED_off_t
#endif
#include <bits/alltypes.h>

__BEGIN_DECLS

ssize_t readv(int, const struct iovec *, int);
ssize_t writev(int, const struct iovec *, int);

#if __VISIBLE_MORE
#define UIO_MAXIOV 1024

ssize_t preadv(int, const struct iovec *, int, off_t);
ssize_t pwritev(int, const struct iovec *, int, off_t);
#endif

__END_DECLS

#endif
