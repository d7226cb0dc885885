/* SPDX-License-Identifier: MIT */
/* Handlers run backwards, those added at the end too, and streams are flushed last. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static FILE *f;
static void one(void) { fputs("1", f); }
static void late(void) { fputs("L", f); }
static void two(void) { fputs("2", f); atexit(late); }

int main(void)
{
	char buf[10] = "";
	int st;
	if (!fork()) {
		f = fopen("order", "w");
		atexit(one);
		for (int i = 0; i < 40; i++)
			atexit(two);
		exit(3);
	}
	assert(wait(&st) > 0 && WEXITSTATUS(st) == 3);
	f = fopen("order", "r");
	assert(fgets(buf, 6, f) && !strcmp(buf, "2L2L2"));
	fseek(f, 0, SEEK_END);
	assert(ftell(f) == 81 && !fseek(f, -1, SEEK_END) && fgetc(f) == '1');
	return 0;
}
