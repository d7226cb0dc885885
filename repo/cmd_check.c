/* SPDX-License-Identifier: MIT */
/* repo check, list: what a repository holds, and whether all of it verifies. */
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "repo.h"

/* The package file has the hash and length of the index, and all in it verifies. */
static int
check_package(const struct store *s, const struct cpk_package *p)
{
	struct cpk_error err;
	uint8_t hash[CPK_HASH];
	uint64_t bytes;
	char path[4096];
	int fd, r;

	store_path(path, sizeof(path), s->dir, p->hash);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return complain("%s: %s %s is missing", path, p->name, p->version);
	r = cpk_hash_fd(fd, hash, &bytes);
	close(fd);
	if (r || bytes != p->bytes || memcmp(hash, p->hash, CPK_HASH))
		return complain("%s: %s %s differs from the index", path, p->name, p->version);
	return cpk_verify(path, &err) ? complain("%s", err.text) : 0;
}

int
cmd_check(int argc, char **argv)
{
	static struct cpk_keys keys;
	struct store s = { 0 };
	struct cpk_error err;
	int c, bad = 0;
	size_t i;

	while ((c = getopt(argc, argv, "p:")) != -1) {
		if (c != 'p')
			return usage(NULL);
		if (cpk_keys_add(&keys, optarg, &err))
			return complain("%s", err.text);
	}
	if (optind + 1 != argc || !keys.n)
		return usage("check takes a public key (-p) and a folder");
	s.dir = argv[optind];
	if (store_read(&s, &keys, &err))
		return complain("%s", err.text);
	if (s.root.expires < time(NULL))
		bad = complain("%s: the index has expired", s.dir);
	for (i = 0; i < s.index.n; i++)
		bad |= check_package(&s, &s.index.v[i]);
	cpk_index_free(&s.index);
	return bad;
}

int
cmd_list(int argc, char **argv)
{
	struct store s = { 0 };
	struct cpk_error err;
	size_t i;

	if (argc != 2)
		return usage("list takes a folder");
	s.dir = argv[1];
	if (store_read(&s, NULL, &err))
		return complain("%s", err.text);
	for (i = 0; i < s.index.n; i++)
		printf("%s\t%s\t%" PRIu64 "\n", s.index.v[i].name, s.index.v[i].version,
				s.index.v[i].bytes);
	cpk_index_free(&s.index);
	return 0;
}
