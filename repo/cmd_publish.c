/* SPDX-License-Identifier: MIT */
/* repo key, add, set, publish: keys, and packages into the signed index. */
#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/local.h"
#include "repo.h"

int
cmd_key(int argc, char **argv)
{
	char secret[4096], public[4096], pass[CPK_MAX_PASS];
	struct cpk_error err;
	int c, plain = 0, r = 0;

	while ((c = getopt(argc, argv, "n")) != -1) {
		if (c != 'n')
			return usage(NULL);
		plain = 1;
	}
	if (optind + 1 != argc)
		return usage("key takes the name of the pair");
	snprintf(secret, sizeof(secret), "%s.key", argv[optind]);
	snprintf(public, sizeof(public), "%s.pub", argv[optind]);
	if (!plain)
		r = cpk_passphrase(secret, 1, pass, &err);
	if (!r)
		r = cpk_key_make(secret, public, plain ? NULL : pass, &err);
	sodium_memzero(pass, sizeof(pass));
	return r ? complain("%s", err.text) : 0;
}

static int
change(struct meta *m, struct store *s, char **files, int keep, struct cpk_error *err)
{
	int r = make_folders(m->dir, err);

	if (!r)
		r = meta_load(m, err);
	if (!r)
		r = meta_staged(m, "targets", &s->targets, err);
	if (!r)
		r = store_read(s, err);
	if (!r)
		r = store_add(s, files, keep, err);
	if (!r)
		r = store_write(s, err);
	return r ? r : meta_write(m, "staging", "targets.json", s->targets, NULL, err);
}

static int
add(struct meta *m, struct store *s, char **files, int keep)
{
	struct cpk_error err = { .text = "" };
	int r = change(m, s, files, keep, &err);

	s->dir = m->dir;
	if (r)
		return complain("%s", *err.text ? err.text : strerror(-r));
	r = publish(m);
	/* An index that is not signed yet must not take anything away from the one that is. */
	if (!r && store_prune(s, m, &err))
		r = complain("%s", err.text);
	return r;
}

int
cmd_add(int argc, char **argv, int keep)
{
	static struct keyring ring;
	struct meta m = { .ring = &ring, .now = meta_now(), .days = 30, .long_days = 365 };
	struct store s = { .grace = 7 };
	int c, r;

	while ((c = getopt(argc, argv, META_OPTIONS "r:g:x")) != -1) {
		if (c == '?')
			return usage(NULL);
		if (c == 'r')
			s.keep = (unsigned)atoi(optarg);
		else if (c == 'x')
			s.patch = 1;
		else if (c == 'g')
			s.grace = atol(optarg);
		else if ((r = meta_option(&m, c, optarg)))
			return r;
	}
	if (optind >= argc)
		return usage("a folder is needed");
	s.dir = m.dir = argv[optind];
	r = add(&m, &s, argv + optind + 1, keep);
	store_free(&s);
	json_decref(s.targets);
	meta_free(&m);
	keyring_wipe(&ring);
	return r;
}

int
cmd_publish(int argc, char **argv)
{
	static struct keyring ring;
	struct meta m = { .ring = &ring, .now = meta_now(), .days = 30, .long_days = 365 };
	struct cpk_error err;
	int r = meta_options(&m, argc, argv);

	if (r)
		return r;
	if (optind + 1 != argc)
		return usage("publish takes a folder");
	m.dir = argv[optind];
	r = meta_load(&m, &err);
	r = r && r != -ENOENT ? complain("%s", err.text) : publish(&m);
	meta_free(&m);
	keyring_wipe(&ring);
	return r;
}
