/* SPDX-License-Identifier: MIT */
/*
 * crash ROOT TMP COMMAND...: runs pkg's COMMAND on ROOT, recorded, then looks at every state that a
 * crash at any point could have left on the disk: recovery must make of it the state before or the
 * state after, whole, with all that the history names at hand. TMP is a folder on a tmpfs.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "crash.h"
#include "history.h"

#define RANDOM	3		/* random losses at every point */
#define NESTED	12		/* states whose recovery is itself crashed at every point */

int pkg_main(int argc, char **argv);

enum loss { LOSE_ALL, LOSE_DATA, LOSE_NOTHING, LOSE_SOME };

static char trial[4096], logfile[4096];
static uint64_t before, after;
static bool must_be_whole;	/* not when the user has deleted files that a rollback needs */
static size_t states, olds, news, nested;

static uint32_t
random_bit(uint32_t *seed)
{
	*seed = *seed * 1664525 + 1013904223;
	return *seed >> 16 & 1;
}

/* The file that op i writes to was synced before op `to`. */
static bool
is_synced(const struct log *l, size_t i, size_t to)
{
	size_t j;

	for (j = i; j < to; j++)
		if (l->v[j].kind == OP_FSYNC && l->v[j].id == l->v[i].id)
			return true;
	return false;
}

/* Data of files that were written since the last sync, and not synced themselves. */
static void
lose_data(struct model *m, const struct log *l, size_t from, size_t to)
{
	size_t i;

	for (i = from; i < to; i++)
		if (l->v[i].kind == OP_WRITE && !is_synced(l, i, to))
			model_lose(m, l->v[i].id);
}

/* The folders whose renames were lost: a is still where it was, and what was done in b is in it. */
struct lost {
	const struct op *v[64];
	size_t n;
};

static const char *
where_it_is(const struct lost *lost, const char *path, char buf[8192])
{
	size_t i;

	for (i = 0; i < lost->n; i++) {
		size_t n = strlen(lost->v[i]->b);

		if (strncmp(path, lost->v[i]->b, n) == 0 && (path[n] == '/' || !path[n])) {
			snprintf(buf, 8192, "%s%s", lost->v[i]->a, path + n);
			return buf;
		}
	}
	return path;
}

static void
apply_where_it_is(struct model *m, const struct op *o, const struct lost *lost)
{
	char a[8192], b[8192];
	struct op moved = *o;

	moved.a = (char *)where_it_is(lost, o->a, a);
	if (o->kind == OP_RENAME || o->kind == OP_LINK)
		moved.b = (char *)where_it_is(lost, o->b, b);
	model_apply(m, &moved);
}

/* The disk after a crash before op `to`: base has all ops up to the last sync, `from`. */
static void
crash_state(struct model *m, const struct model *base, const struct log *l, size_t from, size_t to,
		enum loss loss, uint32_t seed)
{
	struct lost lost = { .n = 0 };
	size_t i;

	model_copy(m, base);
	for (i = from; i < to && loss != LOSE_ALL; i++)
		if (loss != LOSE_SOME || random_bit(&seed) ||
		    (l->v[i].kind == OP_WRITE && is_synced(l, i, to)))
			apply_where_it_is(m, &l->v[i], &lost);
		else if (l->v[i].kind == OP_RENAME && lost.n < 64 && model_is_folder(m, l->v[i].a))
			lost.v[lost.n++] = &l->v[i];
	if (loss == LOSE_DATA)
		lose_data(m, l, from, to);
}

static void
bad(const char *why, const char *where, size_t at, enum loss loss, uint32_t seed)
{
	printf("BAD: %s: %s at operation %zu, loss %d, seed %u: see %s\n", why, where, at, loss, seed, trial);
	exit(1);
}

static bool
entry_is_kept(struct pkg *k, const uint8_t hash[CPK_HASH])
{
	char path[CPK_MAX_PATH + 1], *text;
	struct cpk_manifest m;
	size_t i, n;
	bool ok = true;
	int fd;

	store_path(hash, path);
	if (slurp(k->rootfd, path, 1 << 24, &text, &n))
		return false;
	if (cpk_manifest_parse(&m, text, n, path, NULL))
		return false;
	free(text);
	for (i = 0; ok && i < m.nfiles; i++) {
		if (m.files[i].type != 'f')
			continue;
		fd = store_open(k, m.files[i].hash);
		ok = fd >= 0 || !differs(k, &m.files[i]);
		if (fd >= 0)
			close(fd);
	}
	cpk_manifest_free(&m);
	return ok;
}

/* Everything to roll back the last transaction is there. */
static bool
history_is_whole(struct pkg *k)
{
	struct entry e;
	unsigned *v;
	size_t n, i;
	bool ok = true;

	history_numbers(k, &v, &n);
	if (n && history_read(k, v[n - 1], &e) == 0) {
		for (i = 0; ok && i < e.nv; i++)
			if (e.v[i].sign == '-')
				ok = entry_is_kept(k, e.v[i].hash);
		history_free(&e);
	}
	free(v);
	return ok;
}

/* Recovers the state in trial; with record, its own operations go to the log file. */
static int
recover(bool record, bool *whole)
{
	struct pkg k = { .root = trial, .quiet = true, .lockfd = -1 };
	int r;

	k.rootfd = open(trial, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (record)
		record_to(logfile, trial);
	r = tx_recover(&k);
	if (record)
		record_stop();
	*whole = r >= 0 && history_is_whole(&k);
	close(k.rootfd);
	return r;
}

static void each_crash(const struct model *start, const struct log *l, const char *where, bool deep);

static void
judge(const struct model *m, const char *where, size_t at, enum loss loss, uint32_t seed, bool deep)
{
	struct model got;
	struct log l;
	uint64_t h;
	bool whole;

	states++;
	model_write(m, trial);
	if (recover(deep, &whole) < 0)
		bad("recovery fails", where, at, loss, seed);
	model_load(&got, trial);
	h = model_hash(&got);
	model_free(&got);
	if (h != before && h != after)
		bad("neither the old nor the new state", where, at, loss, seed);
	if (!whole && must_be_whole)
		bad("the history misses a file", where, at, loss, seed);
	olds += h == before;
	news += h == after && h != before;
	if (!deep)
		return;
	nested++;
	log_read(&l, logfile);
	each_crash(m, &l, "recovery", false);
	log_free(&l);
}

static void
each_crash(const struct model *start, const struct log *l, const char *where, bool deep)
{
	struct model base, m;
	size_t i, from = 0, every = l->n / NESTED + 1;
	uint32_t s;

	model_copy(&base, start);
	for (i = 0; i <= l->n; i++) {
		enum loss loss;

		for (loss = LOSE_ALL; loss <= LOSE_NOTHING; loss++) {
			crash_state(&m, &base, l, from, i, loss, 0);
			judge(&m, where, i, loss, 0, deep && loss != LOSE_ALL && i % every == 0);
			model_free(&m);
		}
		for (s = 0; s < RANDOM && i > from + 1; s++) {
			crash_state(&m, &base, l, from, i, LOSE_SOME, (uint32_t)i * 31 + s);
			judge(&m, where, i, LOSE_SOME, s, false);
			model_free(&m);
		}
		if (i < l->n && l->v[i].kind == OP_SYNC)
			for (; from <= i; from++)
				model_apply(&base, &l->v[from]);
	}
	model_free(&base);
}

/* pkg in a process of its own, as it leaves things behind. */
static int
run_pkg(const char *root, int argc, char **argv)
{
	char *args[64] = { "pkg", "--root", (char *)root, "--threads", "1", "--quiet" };
	int i, status, null;
	pid_t pid = fork();

	if (pid) {
		waitpid(pid, &status, 0);
		return status;
	}
	for (i = 0; i < argc && i < 56; i++)
		args[6 + i] = argv[i];
	null = open("/dev/null", O_WRONLY);
	dup2(null, 1);
	record_to(logfile, root);
	exit(pkg_main(6 + argc, args));
}

int
main(int argc, char **argv)
{
	struct model start, end;
	struct log l;
	int status;

	if (argc < 4)
		return 2;
	snprintf(trial, sizeof(trial), "%s/trial", argv[2]);
	snprintf(logfile, sizeof(logfile), "%s/log", argv[2]);
	mkdir(trial, 0755);
	umask(022);
	if (cpk_init())
		return 2;
	model_load(&start, argv[1]);
	status = run_pkg(argv[1], argc - 3, argv + 3);
	if (status) {
		printf("BAD: pkg ended with status %d\n", status);
		return 1;
	}
	model_load(&end, argv[1]);
	before = model_hash(&start);
	after = model_hash(&end);
	log_read(&l, logfile);
	model_write(&start, trial);
	recover(false, &must_be_whole);
	each_crash(&start, &l, argv[3], true);
	printf("%s: %zu operations, %zu states (%zu old, %zu new), %zu recoveries crashed: 0 bad\n", argv[3],
			l.n, states, olds, news, nested);
	if ((!olds && strcmp(argv[3], "recover")) || !news) {	/* what was committed is finished */
		printf("BAD: only one of the two states was ever met\n");
		return 1;
	}
	model_free(&start);
	model_free(&end);
	log_free(&l);
	return 0;
}
