/* SPDX-License-Identifier: MIT */
/* repo: lays out, signs, checks and serves a repository of packages. See repo(1). */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "repo.h"

static const char help[] =
	"usage: repo key [-n] NAME                 make NAME.key and NAME.pub (-n: no passphrase)\n"
	"       repo init [-k KEY]... DIR [ROLE=[N:]PUB,...]...  begin: root of trust, empty index\n"
	"       repo add [-k KEY]... DIR FILE...   add packages\n"
	"       repo set [-k KEY]... DIR FILE...   hold exactly these packages\n"
	"       repo publish [-k KEY]... DIR       publish what is signed; fresh timestamp\n"
	"       repo sign -k KEY... FILE...        sign staged metadata, on any host\n"
	"       repo rotate [-k KEY]... DIR ROLE=[N:]PUB,...  the next root, with other keys\n"
	"       repo delegate [-k KEY]... [-f ROLE] [-t] [-b BITS] DIR ROLE [N:]PUB,... PATTERN...\n"
	"       repo target [-k KEY]... DIR ROLE PATH=FILE...  any files as targets of a role\n"
	"       repo check [-q] [-t ROOT] DIR      verify everything\n"
	"       repo list DIR                      name, version, size\n"
	"       repo serve [-a ADDRESS] [-p PORT] DIR  serve by HTTP (default 127.0.0.1:8642)\n"
	"       repo catalogue [-t TREE] [-c CACHE] DIR PAGES  static web pages of all packages\n"
	"-d DAYS, -D DAYS: how long timestamp and snapshot (30), targets and root (365) are good\n"
	"-r N: versions of a package that are kept (all); -g DAYS: how long files stay unnamed (7)\n"
	"-x: patches from the former builds, for upgrades that fetch less\n";

static const struct command {
	const char *name;
	int (*run)(int, char **);
} commands[] = {
	{ "key", cmd_key }, { "init", cmd_init }, { "publish", cmd_publish }, { "sign", cmd_sign },
	{ "rotate", cmd_rotate }, { "delegate", cmd_delegate }, { "target", cmd_target },
	{ "check", cmd_check }, { "list", cmd_list }, { "serve", cmd_serve },
	{ "catalogue", cmd_catalogue },
};

int
complain(const char *fmt, ...)
{
	va_list ap;

	fputs("repo: ", stderr);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	return 1;
}

int
usage(const char *text)
{
	if (text)
		complain("%s", text);
	fputs(help, stderr);
	return 2;
}

int
main(int argc, char **argv)
{
	size_t i;

	if (cpk_init())
		return complain("the cryptographic library does not start");
	if (argc < 2)
		return usage(NULL);
	argc--;
	argv++;
	if (strcmp(*argv, "add") == 0 || strcmp(*argv, "set") == 0)
		return cmd_add(argc, argv, **argv == 'a');
	for (i = 0; i < sizeof(commands) / sizeof(*commands); i++)
		if (strcmp(*argv, commands[i].name) == 0)
			return commands[i].run(argc, argv);
	if (strcmp(*argv, "help") == 0 || strcmp(*argv, "--help") == 0)
		return fputs(help, stdout), 0;
	return usage("unknown command");
}
