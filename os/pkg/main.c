/* SPDX-License-Identifier: MIT */
/* pkg: the package manager of Calx. See pkg(1). */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pkg.h"

static const char options_help[] =
	"usage: pkg [--root DIR] [--config FILE] [--quiet] [--json] [--dry-run] COMMAND [ARGUMENT...]\n";

static const struct command {
	const char *name;
	command_fn *run;
	const char *arguments, *help;
} commands[] = {
	{ "update", cmd_update, "", "fetch the indexes of the repositories" },
	{ "install", cmd_install, "NAME...", "install packages and what they need" },
	{ "remove", cmd_remove, "NAME...", "remove packages and what nobody needs then" },
	{ "upgrade", cmd_upgrade, "[NAME...]", "to the newest versions, and what the world file asks" },
	{ "autoremove", cmd_autoremove, "", "remove what nobody asked for and nobody needs" },
	{ "list", cmd_list, "", "what is installed" },
	{ "search", cmd_search, "[WORD...]", "packages by name and summary" },
	{ "info", cmd_info, "NAME...", "what the index says of a package" },
	{ "files", cmd_files, "NAME...", "files of a package, installed or not" },
	{ "owns", cmd_owns, "PATH...", "the package that a file belongs to" },
	{ "provides", cmd_provides, "NAME...", "packages with a program, library or path" },
	{ "why", cmd_why, "NAME...", "the chain of needs that keeps a package here" },
	{ "installable", cmd_installable, "[NAME...]", "which packages of the repositories can be" },
	{ "verify", cmd_verify, "[NAME...]", "compare files with what was installed" },
	{ "repair", cmd_repair, "[NAME...]", "put back what verify finds" },
	{ "history", cmd_history, "[NUMBER]", "what was done" },
	{ "rollback", cmd_rollback, "[NUMBER]", "to the state after that, or before the last change" },
	{ "pin", cmd_pin, "[NAME...]", "hold packages at their versions; list what is held" },
	{ "unpin", cmd_unpin, "NAME...", "hold them no longer" },
	{ "recover", cmd_recover, "", "finish or undo what was interrupted" },
	{ "clean", cmd_clean, "", "delete downloads" },
	{ "tuf", cmd_tuf, "...", "any repository of The Update Framework" },
};
#define NCOMMANDS (sizeof(commands) / sizeof(*commands))

static void
help(FILE *f)
{
	size_t i;

	fputs(options_help, f);
	for (i = 0; i < NCOMMANDS; i++)
		fprintf(f, "  %s %-*s %s\n", commands[i].name, (int)(20 - strlen(commands[i].name)),
				commands[i].arguments, commands[i].help);
}

static int
usage(void)
{
	help(stderr);
	return ST_USAGE;
}

static int
run(struct pkg *k, const struct command *c, int argc, char **argv)
{
	int r;

	k->rootfd = open(k->root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (k->rootfd < 0)
		return -fail(ST_IO, "%s: %s", k->root, strerror(errno));
	r = c->run(k, argc, argv);
	db_close(k);
	close(k->rootfd);
	if (fflush(stdout) && !r)
		r = fail(ST_IO, "standard output: %s", strerror(errno));
	return r < 0 ? -r : 0;
}

static int
parse_options(struct pkg *k, int argc, char **argv)
{
	static const struct option options[] = {
		{ "root", required_argument, NULL, 'r' }, { "quiet", no_argument, NULL, 'q' },
		{ "config", required_argument, NULL, 'c' },
		{ "keep-cache", no_argument, NULL, 'k' }, { "arch", required_argument, NULL, 'a' },
		{ "json", no_argument, NULL, 'j' }, { "dry-run", no_argument, NULL, 'n' },
		{ "threads", required_argument, NULL, 't' },
		{ "help", no_argument, NULL, 'h' }, { NULL, 0, NULL, 0 },
	};
	int c;

	while ((c = getopt_long(argc, argv, "+r:c:a:t:qknjh", options, NULL)) != -1) {
		switch (c) {
		case 'r':	k->root = optarg; break;
		case 'c':	k->config = optarg; break;
		case 'a':	k->arch = optarg; break;
		case 'q':	k->quiet = true; break;
		case 'k':	k->keep_cache = true; break;
		case 'j':	k->json = true; break;
		case 'n':	k->dry_run = true; break;
		case 't':	k->threads = (unsigned)atoi(optarg); break;
		case 'h':	help(stdout); exit(0);
		default:	return -1;
		}
	}
	return 0;
}

/* The command as the history shows it: one line, of printable characters. */
static void
name_command(struct pkg *k, int argc, char **argv)
{
	static char buf[1000];
	size_t n = 0;
	int i;

	for (i = 0; i < argc && n < sizeof(buf) - 1; i++)
		n += (size_t)snprintf(buf + n, sizeof(buf) - n, "%s%s", i ? " " : "", argv[i]);
	for (n = 0; buf[n]; n++)
		if ((unsigned char)buf[n] < ' ' || buf[n] == 0x7f)
			buf[n] = '?';
	k->command = buf;
}

int
main(int argc, char **argv)
{
	static struct pkg k = { .root = "/", .lockfd = -1, .arch = "x86_64-pc-calx" };
	size_t i;

	if (parse_options(&k, argc, argv) || optind == argc)
		return usage();
	signal(SIGPIPE, SIG_IGN);
	umask(022);
	if (cpk_init())
		return -fail(ST_FAIL, "the cryptographic library does not start");
	name_command(&k, argc - optind, argv + optind);
	for (i = 0; i < NCOMMANDS; i++)
		if (strcmp(commands[i].name, argv[optind]) == 0)
			return run(&k, &commands[i], argc - optind, argv + optind);
	complain("%s: unknown command", argv[optind]);
	return usage();
}
