/* SPDX-License-Identifier: MIT */
/* repo: lays out, signs, checks and serves a repository of packages. See repo(1). */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "repo.h"

static const char help[] =
	"usage: repo key NAME                      make NAME.key and NAME.pub\n"
	"       repo add -k KEY [-d DAYS] DIR FILE...  add packages and sign\n"
	"       repo set -k KEY [-d DAYS] DIR FILE...  hold exactly these packages and sign\n"
	"       repo check -p PUB DIR              verify everything\n"
	"       repo list DIR                      name, version, size\n"
	"       repo serve [-a ADDRESS] [-p PORT] DIR  serve by HTTP (default 127.0.0.1:8642)\n";

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
	if (cpk_init())
		return complain("the cryptographic library does not start");
	if (argc < 2)
		return usage(NULL);
	argc--;
	argv++;
	if (strcmp(*argv, "key") == 0)
		return cmd_key(argc, argv);
	if (strcmp(*argv, "add") == 0)
		return cmd_publish(argc, argv, 1);
	if (strcmp(*argv, "set") == 0)
		return cmd_publish(argc, argv, 0);
	if (strcmp(*argv, "check") == 0)
		return cmd_check(argc, argv);
	if (strcmp(*argv, "list") == 0)
		return cmd_list(argc, argv);
	if (strcmp(*argv, "serve") == 0)
		return cmd_serve(argc, argv);
	if (strcmp(*argv, "help") == 0 || strcmp(*argv, "--help") == 0)
		return fputs(help, stdout), 0;
	return usage("unknown command");
}
