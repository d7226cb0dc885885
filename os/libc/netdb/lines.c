/* SPDX-License-Identifier: MIT */
/* lines.c: files of /etc that hold words on lines. */
#include <stdio.h>
#include <string.h>
#include "resolver.h"

char *__next_word(char **line)
{
	char *word = *line + strspn(*line, " \t\r\n");
	char *end = word + strcspn(word, " \t\r\n");

	if (!*word)
		return 0;
	*line = end + (*end != 0);
	*end = 0;
	return word;
}

int __each_line(const char *path, int (*fn)(char *line, void *arg), void *arg)
{
	char line[1024];
	FILE *f = fopen(path, "re");
	int r = 0;

	if (!f)
		return -1;
	while (!r && fgets(line, sizeof(line), f)) {
		line[strcspn(line, "#\n")] = 0;
		r = fn(line, arg);
	}
	fclose(f);
	return r;
}
