/* SPDX-License-Identifier: MIT */
/* repo key, add, set: keys, and packages into the signed index. */
#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "repo.h"

#define DAYS 365	/* an index is good for a year unless -d says otherwise */

int
cmd_key(int argc, char **argv)
{
	char secret[4096], public[4096];
	struct cpk_error err;

	if (argc != 2)
		return usage("key takes the name of the pair");
	snprintf(secret, sizeof(secret), "%s.key", argv[1]);
	snprintf(public, sizeof(public), "%s.pub", argv[1]);
	if (cpk_key_make(secret, public, &err))
		return complain("%s", err.text);
	return 0;
}

static int
make_dirs(const char *dir)
{
	char path[4096];

	snprintf(path, sizeof(path), "%s/pool", dir);
	if ((mkdir(dir, 0755) && errno != EEXIST) || (mkdir(path, 0755) && errno != EEXIST))
		return complain("%s: %s", dir, strerror(errno));
	return 0;
}

static int
publish(struct store *s, char **files, int keep, const uint8_t secret[CPK_SECRET], int64_t days)
{
	struct cpk_error err;
	int r = store_read(s, NULL, &err);

	if (r && r != -ENOENT)
		return complain("%s", err.text);
	if (!keep)
		cpk_index_free(&s->index);
	for (; *files; files++)
		if (store_add(s, *files, &err))
			return complain("%s", err.text);
	if (store_write(s, secret, time(NULL), days, &err) || store_prune(s, &err))
		return complain("%s", err.text);
	return 0;
}

int
cmd_publish(int argc, char **argv, int keep)
{
	uint8_t secret[CPK_SECRET];
	struct store s = { 0 };
	struct cpk_error err;
	const char *key = NULL;
	long days = DAYS;
	int c, r;

	while ((c = getopt(argc, argv, "k:d:")) != -1) {
		if (c == 'k')
			key = optarg;
		else if (c == 'd' && atol(optarg) > 0)
			days = atol(optarg);
		else
			return usage(NULL);
	}
	if (!key || optind >= argc)
		return usage("a key (-k) and a folder are needed");
	if (cpk_key_secret(key, secret, &err))
		return complain("%s", err.text);
	s.dir = argv[optind];
	r = make_dirs(s.dir);
	if (!r)
		r = publish(&s, argv + optind + 1, keep, secret, days);
	sodium_memzero(secret, sizeof(secret));
	cpk_index_free(&s.index);
	return r;
}
