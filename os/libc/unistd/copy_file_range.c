/* SPDX-License-Identifier: MIT */
/* copy_file_range.c: copy_file_range, sendfile. */
#include <unistd.h>
#include <sys/sendfile.h>
#include "../internal/cancel.h"
#include "../internal/plat.h"

ssize_t copy_file_range(int in, off_t *inoff, int out, off_t *outoff, size_t len, unsigned flags)
{
	int old = __cp_enter();

	return __cp_leave(old, plat_copy_file_range(in, inoff, out, outoff, len, flags));
}

ssize_t sendfile(int out, int in, off_t *off, size_t len)
{
	int old = __cp_enter();

	return __cp_leave(old, plat_sendfile(out, in, off, len));
}
