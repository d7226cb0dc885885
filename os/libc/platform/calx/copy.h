/* SPDX-License-Identifier: MIT */
/* copy.h: FICLONE and FICLONERANGE. */
#ifndef CALX_COPY_H
#define CALX_COPY_H

#include "../../internal/hidden.h"

hidden int __copy_ioctl(int fd, unsigned request, void *arg);

#endif
