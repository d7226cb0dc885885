/* SPDX-License-Identifier: MIT */
/* dmesg: prints the kernel's log. */
#include <err.h>
#include <stdio.h>
#include <string.h>
#include "../lib/sys.h"

int main(void)
{
	char buf[4096];
	uint64_t off = 0;
	int64_t n;

	while ((n = sys_log_read(off, buf, sizeof(buf))) > 0) {
		fwrite(buf, 1, (size_t)n, stdout);
		off += (uint64_t)n;
	}
	if (n < 0)
		errx(1, "%s", strerror((int)-n));
	return fflush(stdout) ? 1 : 0;
}
