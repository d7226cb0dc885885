/* SPDX-License-Identifier: MIT */
/* getusershell: the lines of /etc/shells. */
#include <paths.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static FILE *file;
static char *line;
static size_t size;

void setusershell(void)
{
	if (file)
		rewind(file);
	else
		file = fopen(_PATH_SHELLS, "re");
}

void endusershell(void)
{
	if (file)
		fclose(file);
	file = NULL;
}

char *getusershell(void)
{
	ssize_t n;
	if (!file)
		setusershell();
	while (file && (n = getline(&line, &size, file)) > 0) {
		if (line[n - 1] == '\n')
			line[n - 1] = 0;
		if (*line == '/')
			return line;
	}
	return NULL;
}
