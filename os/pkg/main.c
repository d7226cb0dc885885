/* SPDX-License-Identifier: MIT */
/* pkg: the package manager of Calx. See pkg(1). */
#include <curl/curl.h>
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

static const char help[] =
	"usage: pkg [--root DIR] [--config FILE] [--quiet] COMMAND [ARGUMENT...]\n"
	"  update               fetch the indexes of the repositories\n"
	"  install NAME...      install packages and what they need\n"
	"  remove NAME...       remove packages and what nobody needs then\n"
	"  upgrade [NAME...]    to the newest versions\n"
	"  list                 what is installed\n"
	"  search [WORD...]     packages by name and summary\n"
	"  info NAME...         what the index says of a package\n"
	"  files NAME...        files of an installed package\n"
	"  owns PATH...         the package that a file belongs to\n"
	"  verify [NAME...]     compare files with what was installed\n"
	"  recover              finish or undo what was interrupted\n"
	"  clean                delete downloads\n";

static const struct command {
	const char *name;
	int (*run)(struct pkg *, int, char **);
} commands[] = {
	{ "update", cmd_update }, { "install", cmd_install }, { "remove", cmd_remove },
	{ "upgrade", cmd_upgrade }, { "list", cmd_list }, { "search", cmd_search },
	{ "info", cmd_info }, { "files", cmd_files }, { "owns", cmd_owns },
	{ "verify", cmd_verify }, { "recover", cmd_recover }, { "clean", cmd_clean },
};

static int
usage(void)
{
	fputs(help, stderr);
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
		{ "help", no_argument, NULL, 'h' }, { NULL, 0, NULL, 0 },
	};
	int c;

	while ((c = getopt_long(argc, argv, "+r:c:a:qkh", options, NULL)) != -1) {
		switch (c) {
		case 'r':	k->root = optarg; break;
		case 'c':	k->config = optarg; break;
		case 'a':	k->arch = optarg; break;
		case 'q':	k->quiet = true; break;
		case 'k':	k->keep_cache = true; break;
		case 'h':	fputs(help, stdout); exit(0);
		default:	return -1;
		}
	}
	return 0;
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
	if (cpk_init() || curl_global_init(CURL_GLOBAL_DEFAULT))
		return -fail(ST_FAIL, "the cryptographic or the network library does not start");
	for (i = 0; i < sizeof(commands) / sizeof(*commands); i++)
		if (strcmp(commands[i].name, argv[optind]) == 0)
			return run(&k, &commands[i], argc - optind, argv + optind);
	complain("%s: unknown command", argv[optind]);
	return usage();
}
