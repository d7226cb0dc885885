/* SPDX-License-Identifier: MIT */
/* popen and pclose: both directions, the status of the command. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

int main(void)
{
	char buf[50];
	FILE *f = popen("echo hello; exit 3", "r"), *g;
	assert(f && fgets(buf, sizeof(buf), f) && !strcmp(buf, "hello\n"));
	int s = pclose(f);
	assert(WIFEXITED(s) && WEXITSTATUS(s) == 3);
	f = popen("cat >out", "we");
	g = popen("cat >/dev/null", "w");
	fputs("text", f);
	assert(pclose(f) == 0 && pclose(g) == 0);
	f = fopen("out", "r");
	assert(fgets(buf, sizeof(buf), f) && !strcmp(buf, "text"));
	assert(system("exit 5") == 5 << 8);
	return 0;
}
