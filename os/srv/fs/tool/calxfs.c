/* SPDX-License-Identifier: MIT */
/* calxfs: makes, fills, checks and reads images of the Calx file system on the host. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tool.h"

const char *tool_verb = "calxfs";

static const struct verb {
	const char *name, *args;
	int (*run)(int argc, char **argv);
} verbs[] = {
	{ "mkfs", "[-1E] [-L label] [-M memory] [-U uuid] image size[K|M|G]", cmd_mkfs },
	{ "populate", "[-m manifest] image directory", cmd_populate },
	{ "check", "[-nqr] image", cmd_check },
	{ "ls", "[-R] image [path]", cmd_ls },
	{ "cat", "image path", cmd_cat },
	{ "get", "image path file", cmd_get },
	{ "put", "image file path", cmd_put },
	{ "extract", "image directory", cmd_extract },
	{ "info", "image", cmd_info },
	{ "mount", "[-fr] image directory", cmd_mount },
	{ "scrub", "image|directory", cmd_scrub },
	{ "snapshot", "create|delete|rollback image|directory name | list image|directory", cmd_snapshot },
};

#define NVERBS	(sizeof verbs / sizeof verbs[0])

static void vwarn(int err, const char *fmt, va_list ap)
{
	fprintf(stderr, "calxfs %s: ", tool_verb);
	vfprintf(stderr, fmt, ap);
	if (err)
		fprintf(stderr, ": %s", strerror(-err));
	fputc('\n', stderr);
}

void warn(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vwarn(0, fmt, ap);
	va_end(ap);
}

char *join_path(const char *dir, const char *name)
{
	size_t n = strlen(dir) + strlen(name) + 2;
	char *path = malloc(n);

	if (!path)
		die("out of memory");
	snprintf(path, n, "%s%s%s", dir, *dir ? "/" : "", name);
	return path;
}

void die(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vwarn(0, fmt, ap);
	va_end(ap);
	exit(2);
}

void die_err(int err, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vwarn(err, fmt, ap);
	va_end(ap);
	exit(2);
}

static int usage(const char *verb)
{
	for (size_t i = 0; i < NVERBS; i++)
		if (!verb || !strcmp(verb, verbs[i].name))
			fprintf(stderr, "usage: calxfs %s %s\n", verbs[i].name, verbs[i].args);
	return 2;
}

int main(int argc, char **argv)
{
	if (argc < 2)
		return usage(NULL);
	for (size_t i = 0; i < NVERBS; i++)
		if (!strcmp(argv[1], verbs[i].name)) {
			int r;

			tool_verb = verbs[i].name;
			r = verbs[i].run(argc - 1, argv + 1);
			return r < 0 ? usage(tool_verb) : r;
		}
	fprintf(stderr, "calxfs: unknown command %s\n", argv[1]);
	return usage(NULL);
}
