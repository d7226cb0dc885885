/* SPDX-License-Identifier: MIT */
/* Temporary names are new, private, and keep their suffix. */
#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int main(void)
{
	char a[] = "xXXXXXX", b[] = "xXXXXXX", c[] = "xXXXXXX.c", d[] = "dXXXXXX", bad[] = "xXXXXX";
	struct stat st;
	int fd = mkstemp(a);
	assert(fd >= 0 && fstat(fd, &st) == 0 && (st.st_mode & 0777) == 0600 && mkstemp(b) >= 0 && strcmp(a, b));
	assert(mkstemps(c, 2) >= 0 && !strcmp(c + 7, ".c") && access(c, F_OK) == 0);
	assert(mkdtemp(d) == d && stat(d, &st) == 0 && S_ISDIR(st.st_mode) && (st.st_mode & 0777) == 0700);
	assert(mkstemp(bad) == -1 && errno == EINVAL);
	return 0;
}
