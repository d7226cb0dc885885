/* SPDX-License-Identifier: MIT */
/* Keys about builds that failed. */
#include <stdlib.h>

#include "ask.h"
#include "terminal.h"

struct port *
ask_about(const struct cook *c)
{
	size_t i;

	for (i = 0; i < c->nports; i++)
		if (c->port[i].kept)
			return &c->port[i];
	return NULL;
}

static void
show_log(const struct cook *c, const struct port *p)
{
	const char *pager = getenv("PAGER");
	char *log = build_log(c, p), *command = fmt("exec %s \"$1\"", pager && *pager ? pager : "less");
	char *argv[] = { "sh", "-c", command, "sh", log, NULL };

	if (terminal_lend(NULL, argv) == 127)
		warn_("cannot run %s; the log is %s", pager ? pager : "less", log);
	free(command);
	free(log);
}

static void
show_folder(const struct port *p)
{
	const char *shell = getenv("SHELL");
	char *argv[] = { (char *)(shell && *shell ? shell : "/bin/sh"), NULL };

	printf("%s: src, build and dest as %s left them; exit goes back\n", p->kept, p->name);
	terminal_lend(p->kept, argv);
}

enum answer
ask_take_keys(const struct cook *c, const struct port *p)
{
	int key;

	while ((key = terminal_key()) != 0) {
		switch (p ? key : 0) {
		case 'r':	return ANSWER_RETRY;
		case 's':	return ANSWER_SKIP;
		case 'q':	return ANSWER_QUIT;
		case 'l':	show_log(c, p); break;
		case 'i':	show_folder(p); break;
		}
	}
	return ANSWER_NONE;
}
