/* SPDX-License-Identifier: MIT */
/* The environment: setting, replacing, removing, strings of the program's own. */
#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

extern char **environ;

int main(void)
{
	char own[] = "OWN=1", name[20];
	assert(setenv("A", "1", 1) == 0 && setenv("A", "2", 0) == 0 && !strcmp(getenv("A"), "1"));
	assert(setenv("A", "22", 1) == 0 && !strcmp(getenv("A"), "22"));
	assert(setenv("", "x", 1) == -1 && errno == EINVAL && setenv("a=b", "x", 1) == -1);
	assert(putenv(own) == 0);
	own[4] = '7';
	assert(!strcmp(getenv("OWN"), "7") && unsetenv("OWN") == 0 && !getenv("OWN"));
	for (int i = 0; i < 300; i++) {
		sprintf(name, "V%d", i);
		assert(setenv(name, "x", 1) == 0);
	}
	for (int i = 0; i < 300; i += 2) {
		sprintf(name, "V%d", i);
		assert(unsetenv(name) == 0);
	}
	assert(!getenv("V0") && getenv("V1") && getenv("V299"));
	clearenv();
	assert(!getenv("A") && setenv("B", "", 1) == 0 && !strcmp(environ[0], "B=") && !environ[1]);
	return 0;
}
