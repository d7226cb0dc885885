/* SPDX-License-Identifier: MIT */
/*
 * Whatever a journal or a package says, nothing outside the root is changed. The root lies beside a
 * folder that links in it lead to; after each run that folder is as it was.
 */
#include <ftw.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "apply.h"
#include "fuzz.h"
#include "local.h"

static char place[100];
static struct pkg k = { .rootfd = -1, .lockfd = -1 };
static struct stat before[2];

static void
must(int ok)
{
	if (!ok)
		abort();
}

static int
remove_one(const char *path, const struct stat *st, int type, struct FTW *f)
{
	(void)st, (void)f;
	return type == FTW_DP ? rmdir(path) : unlink(path);
}

static int
open_up(const char *path, const struct stat *st, int type, struct FTW *f)
{
	(void)st, (void)f;
	return type == FTW_D ? chmod(path, 0700) : 0;
}

static void
go_away(void)
{
	nftw(place, open_up, 16, FTW_PHYS);
	nftw(place, remove_one, 16, FTW_PHYS | FTW_DEPTH);
}

static void
put(const char *path, const char *text, size_t n)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);

	must(fd >= 0 && write(fd, text, n) == (ssize_t)n);
	close(fd);
}

static void
make_place(void)
{
	if (*place)
		go_away();
	else
		atexit(go_away);
	snprintf(place, sizeof(place), "%s/calx-fuzz.%d", getenv("SHM") ? getenv("SHM") : "/dev/shm",
			(int)getpid());
	mkdir(place, 0755);
	must(chdir(place) == 0 && mkdir("root", 0755) == 0 && mkdir("outside", 0751) == 0);
	put("outside/file", "precious", 8);
	must(mkdir("root/usr", 0755) == 0 && symlink("../../outside", "root/usr/lib") == 0);
	must(symlink("../outside", "root/etc") == 0 && symlink("../outside/file", "root/a") == 0);
	must(mkdir("root/usr/x", 0755) == 0);
	k.root = "root";
	k.rootfd = open("root", O_RDONLY | O_DIRECTORY);
	must(make_dirs(k.rootfd, TX_FILES "/0", 0755) == 0);
	put("root/" TX_FILES "/0/0", "staged", 6);
	put("root/" TX_FILES "/0/1", "staged too", 10);
	must(make_dirs(k.rootfd, TX_FILES "/" TX_TREE "/usr/x/y", 0755) == 0);
	put("root/" TX_FILES "/" TX_TREE "/usr/x/file", "staged in the tree", 18);
	put("root/" TX_FILES "/" TX_TREE "/usr/x/y/1", "deep in the tree", 16);
	must(symlink("../../../../../../../outside", "root/" TX_FILES "/" TX_TREE "/l") == 0);
	must(stat("outside", &before[0]) == 0 && stat("outside/file", &before[1]) == 0);
}

static int
same(const struct stat *a, const struct stat *b)
{
	return a->st_ino == b->st_ino && a->st_mode == b->st_mode && a->st_uid == b->st_uid &&
		a->st_gid == b->st_gid && a->st_size == b->st_size && a->st_nlink == b->st_nlink &&
		a->st_mtim.tv_nsec == b->st_mtim.tv_nsec && a->st_ctim.tv_nsec == b->st_ctim.tv_nsec;
}

static void
look(void)
{
	struct stat now[2];
	char text[9] = "";
	int fd = open("outside/file", O_RDONLY);

	must(fd >= 0 && read(fd, text, 9) == 8 && strcmp(text, "precious") == 0);
	close(fd);
	must(stat("outside", &now[0]) == 0 && stat("outside/file", &now[1]) == 0);
	must(same(&now[0], &before[0]) && same(&now[1], &before[1]));
}

/* The steps of a journal as they stand, with the hash that makes them count. */
void
fuzz_steps(const char *data, size_t n)
{
	struct cpk_buf b = { 0 };
	uint8_t hash[CPK_HASH];
	char hex[CPK_HEX];

	make_place();
	cpk_buf_str(&b, JOURNAL_HEAD);
	cpk_buf_add(&b, data, n);
	cpk_hash(b.s, b.n, hash);
	cpk_hex(hash, hex);
	cpk_buf_fmt(&b, "end %s\n", hex);
	put("root/" TX_JOURNAL, b.s, b.n);
	free(b.s);
	tx_recover(&k);
	look();
	close(k.rootfd);
}

/* All rows of a manifest that is accepted, put into that root. */
void
fuzz_rows(const char *data, size_t n)
{
	struct cpk_manifest m;
	struct cpk_error err;
	struct tx t = { .k = &k, .filesfd = -1 };
	char *text;
	size_t i, len;

	if (cpk_manifest_parse(&m, data, n, "fuzz", &err))
		return;
	must(cpk_manifest_print(&m, &text, &len) == 0 && len == n && memcmp(text, data, n) == 0);
	free(text);
	for (i = 0; i < m.nfiles; i++) {
		const struct cpk_file *f = &m.files[i];

		if (f->type == 'd')
			tx_dir(&t, f->mode, f->path);
		else if (f->type == 'f')
			tx_file(&t, (struct staged){ 0, (unsigned)i & 1 }, f->path);
		else
			(f->type == 'l' ? tx_link : tx_hard)(&t, f->path, f->link);
	}
	fuzz_steps(t.text ? t.text : "", t.len);
	free(t.text);
	cpk_manifest_free(&m);
}
