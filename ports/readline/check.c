/* SPDX-License-Identifier: MIT */
/* The [test] of readline: a line from standard input, and the history expanded. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <readline/history.h>
#include <readline/readline.h>

int
main(void)
{
	char *line = readline(""), *out;

	if (!line || strcmp(line, "calx"))
		return 1;
	using_history();
	add_history(line);
	if (history_expand("echo !!", &out) != 1)
		return 2;
	return strcmp(out, "echo calx") ? 3 : 0;
}
