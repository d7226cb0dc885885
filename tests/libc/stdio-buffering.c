/* SPDX-License-Identifier: MIT */
/* Full, line and no buffering: when bytes reach the descriptor. */
#include <assert.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <string.h>
#include <unistd.h>

static int arrived(int fd)
{
	char buf[100];
	int n = read(fd, buf, sizeof(buf));
	return n < 0 ? 0 : n;
}

int main(void)
{
	int p[2];
	assert(pipe2(p, O_NONBLOCK) == 0);
	FILE *f = fdopen(p[1], "w");
	fputs("ab\ncd", f);
	assert(arrived(p[0]) == 0 && __fpending(f) == 5 && fflush(f) == 0 && arrived(p[0]) == 5);
	assert(setvbuf(f, NULL, _IOLBF, 0) == 0 && __flbf(f));
	fputs("ab\ncd", f);
	assert(arrived(p[0]) == 3);
	fputc('\n', f);
	assert(arrived(p[0]) == 3);
	setvbuf(f, NULL, _IONBF, 0);
	fputc('x', f);
	assert(arrived(p[0]) == 1 && fprintf(f, "%d", 123) == 3 && arrived(p[0]) == 3);
	return 0;
}
