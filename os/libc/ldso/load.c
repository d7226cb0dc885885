/* SPDX-License-Identifier: MIT */
/* load.c: objects join the list: by name, each file once, with what they need. */
#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include "../internal/plat.h"
#include "dso.h"

hidden int __ldso_tracing;

static struct dso *same_file(const struct stat *st)
{
	for (struct dso *d = __dso_head; d; d = d->next)
		if (d->ino && d->ino == st->st_ino && d->dev == st->st_dev && !d->closing)
			return d;
	return 0;
}

struct dso *__ldso_loaded(const char *name)
{
	for (struct dso *d = __dso_head; d; d = d->next)
		if (d->soname && !strcmp(d->soname, name) && !d->closing)
			return d;
	/* What programs were linked against before it had a number. */
	return !strcmp(name, "libc.so") ? &__ldso : 0;
}

/* A program is linked for its own place and start. */
static void check_kind(const struct dso *d)
{
	if (!__ldso_running)
		return;
	if (d->base == 0 || d->flags_1 & DF_1_PIE)
		__ldso_fail(d->name, d->base ? ": cannot dynamically load position-independent executable"
			: ": cannot dynamically load executable", 0, 0);
	if (d->flags_1 & DF_1_NOOPEN)
		__ldso_fail(d->name, ": shared object cannot be dlopen()ed", 0, 0);
}

/* Takes fd over. On the list first, so that a failure of what follows cuts it off again. */
static struct dso *load_fd(int fd, const struct stat *st, const char *path, struct dso *by)
{
	struct dso *d = __ldso_map(fd, st, path);

	d->needed_by = by;
	__ldso_append(d);
	__ldso_decode(d);
	check_kind(d);
	return d;
}

struct dso *__ldso_load(const char *name, struct dso *by, int noload)
{
	char path[PATH_MAX];
	struct dso *d;
	struct stat st;
	int fd, err;

	if (!strchr(name, '/') && (d = __ldso_loaded(name)))
		return d;
	fd = __ldso_open(name, by, path);
	if (fd < 0 && noload)
		return 0;
	if (fd < 0)
		__ldso_fail(name, ": cannot open shared object file: ", __ldso_errno(-fd), 0);
	err = plat_fstat(fd, &st);
	d = err < 0 ? 0 : same_file(&st);
	if (d || noload || err < 0)
		plat_close(fd);
	if (err < 0)
		__ldso_fail(path, ": cannot stat shared object: ", __ldso_errno(-err), 0);
	return d || noload ? d : load_fd(fd, &st, path, by);
}

/* ldd goes on without a missing library. */
static struct dso *load_or_say(const char *name, struct dso *by)
{
	jmp_buf env;
	struct dso *volatile d = 0;

	if (!__ldso_tracing)
		return __ldso_load(name, by, 0);
	__ldso_catch = &env;
	if (!setjmp(env))
		d = __ldso_load(name, by, 0);
	else
		__ldso_tracing = 2;	/* the exit status says so */
	__ldso_catch = 0;
	if (!d)
		__ldso_print(1, "\t", name, " => not found\n", 0);
	return d;
}

static void load_needed(struct dso *d)
{
	if (d->deps_loaded)
		return;
	d->deps_loaded = 1;
	for (size_t i = 0; i < d->ndynamic; i++) {
		const Elf64_Dyn *p = d->dynamic + i;
		if (p->d_tag != DT_NEEDED)
			continue;
		struct dso *dep = load_or_say(__ldso_string(d, p->d_un.d_val), d);
		if (dep)
			__ldso_list_add(&d->deps, dep);
	}
}

void __ldso_load_deps(struct dso *first)
{
	for (struct dso *d = first; d; d = d->next)
		load_needed(d);
	for (struct dso *d = first; d; d = d->next)
		__ldso_check_versions(d);
}
