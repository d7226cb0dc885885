/* SPDX-License-Identifier: MIT */
/*
 * One build, in a process of its own whose output is the log: sources, patches,
 * sandbox, packages, and one rename into the store.  Until that rename everything
 * is below build/NAME-PID, which is locked while the process lives.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "host/host.h"
#include "hosttools.h"
#include "job.h"
#include "repro.h"

char *
build_dir(const struct cook *c, const struct port *p, pid_t pid)
{
	return cook_path(c, "build/%s-%d", p->name, (int)pid);
}

int
job_open(struct job *j)
{
	static const char *const sub[] = {
		"src", "build", "dest", "home", "step", "top", "store", NULL
	};
	char *all = cook_path(j->c, "build/.lock"), *own;
	int guard = open(all, O_RDWR | O_CREAT | O_CLOEXEC, 0644), fd;
	size_t i;

	free(all);
	flock(guard, LOCK_EX);
	remove_tree(j->work);
	for (i = 0; sub[i]; i++) {
		char *path = fmt("%s/%s", j->work, sub[i]);

		make_dirs(path);
		free(path);
	}
	own = fmt("%s/.lock", j->work);
	fd = open(own, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
	free(own);
	if (fd < 0 || flock(fd, LOCK_EX | LOCK_NB) < 0) {
		warn_("%s: %s", j->work, strerror(errno));
		return -1;
	}
	close(guard);
	return 0;
}

void
build_sweep(struct cook *c)
{
	char *dir = cook_path(c, "build"), *all = cook_path(c, "build/.lock");
	int guard = open(all, O_RDWR | O_CREAT | O_CLOEXEC, 0644), fd;
	struct list names = { 0 };
	size_t i;

	free(all);
	if (guard < 0 || flock(guard, LOCK_EX) < 0)
		return;
	list_dir(dir, &names);
	for (i = 0; i < names.n; i++) {
		char *path = fmt("%s/%s", dir, names.v[i]), *lock = fmt("%s/.lock", path);

		fd = open(lock, O_RDWR | O_CLOEXEC);
		if (names.v[i][0] != '.' && (fd < 0 || flock(fd, LOCK_EX | LOCK_NB) == 0))
			remove_tree(path);
		if (fd >= 0)
			close(fd);
		free(lock);
		free(path);
	}
	close(guard);
	cpk_list_free(&names);
	free(dir);
}

/* --- sources --- */

/* The recipe's own files are copied too: the folder may be edited while we build. */
static int
copy_recipe(struct job *j)
{
	char *from = fmt("%s/%s", j->c->root, j->r->dir), *to = fmt("%s/recipe", j->work);
	int r = key_own_files(j->c, j->r) ? layout_copy(from, to) : make_dirs(to);

	if (r < 0)
		warn_("%s: %s", from, strerror(-r));
	free(from);
	free(to);
	return r;
}

/* Trees, patches and scripts may have changed between the key and their use. */
static int
inputs_changed(struct job *j)
{
	char key[CPK_HEX];

	memcpy(key, j->p->key, sizeof(key));
	if (key_compute(j->c, j->p) == 0 && strcmp(key, j->p->key) == 0)
		return 0;
	printf("the inputs changed while they were read\n");
	return 1;
}

static int
replace_config(const char *path, const char *name, void *arg)
{
	struct job *j = arg;
	const char *base = strrchr(name, '/');
	char *own;

	base = base ? base + 1 : name;
	if (strcmp(base, "config.sub") != 0 && strcmp(base, "config.guess") != 0)
		return 0;
	own = fmt("%s/share/%s/%s", j->tools, j->p->target->triple, base);
	if (!exists(own)) {
		free(own);
		own = fmt("%s/share/calx/%s", j->tools, base);
	}
	if (exists(own)) {
		unlink(path);
		copy_file(own, path, 0755);
	}
	free(own);
	return 0;
}

/* --- tools, sysroot, sandbox --- */

static int
assemble(struct job *j)
{
	struct port *p = j->p;
	struct merge_set tools = { .v = p->tools, .n = p->ntools, .tools = 1 };
	struct merge_set sys = { .v = p->sys, .n = p->nsys, .extra = p->extra, .nextra = p->nextra };

	j->tools = store_merged(j->c, &tools);
	j->sysroot = store_merged(j->c, &sys);
	return j->tools && j->sysroot ? 0 : -1;
}

static void
see_sandbox(struct job *j)
{
	static const char *const same[] = { "src", "build", "dest", "step", "recipe", NULL };
	size_t i;

	for (i = 0; same[i]; i++) {
		char *from = fmt("%s/%s", j->work, same[i]), *to = fmt("/calx/%s", same[i]);

		sandbox_bind(&j->box, from, to, i < 3);
		free(from);
		free(to);
	}
	if (jobs_fifo())
		sandbox_bind(&j->box, jobs_fifo(), "/calx/jobs", 1);
	if (j->c->vary_preload)
		sandbox_bind(&j->box, j->c->vary_preload, "/calx/vary.so", 0);
	sandbox_bind(&j->box, j->tools, "/calx/tools", 0);
	sandbox_bind(&j->box, j->sysroot, "/calx/tools/" COOK_TARGET "/sysroot", 0);
	j->src = xdup("/calx/src");
	j->build = xdup("/calx/build");
	j->dest = xdup("/calx/dest");
	j->home = xdup("/calx/home");
	j->see_tools = xdup("/calx/tools");
	j->see_sysroot = xdup("/calx/tools/" COOK_TARGET "/sysroot");
	j->recipe = xdup("/calx/recipe");
}

/* Without mounts the sysroot must be merged into the tools. */
static int
see_host(struct job *j)
{
	int r;

	j->src = fmt("%s/src", j->work);
	j->build = fmt("%s/build", j->work);
	j->dest = fmt("%s/dest", j->work);
	j->home = fmt("%s/home", j->work);
	j->see_tools = fmt("%s/tools", j->work);
	j->see_sysroot = fmt("%s/" COOK_TARGET "/sysroot", j->see_tools);
	j->recipe = fmt("%s/recipe", j->work);
	r = merge_tree(j->tools, j->see_tools, 0, NULL);
	return r < 0 ? r : merge_tree(j->sysroot, j->see_sysroot, 0, NULL);
}

static int
check_host_commands(struct job *j)
{
	size_t i;

	for (i = 0; i < j->r->host_tools.n; i++) {
		const char *s = j->r->host_tools.v[i];
		char *path;

		if (strncmp(s, "cmd:", 4) != 0)
			continue;
		path = host_tools_find(s + 4);
		free(path);
		if (!path) {
			warn_("%s: host-tools: this host has no program '%s'", j->r->file, s + 4);
			return -1;
		}
	}
	return 0;
}

static int
prepare(struct job *j)
{
	char *src = fmt("%s/src", j->work);
	int r = 0;

	if (check_host_commands(j) < 0 || layout_sources(j->c, j->r, src) < 0 || copy_recipe(j) < 0 ||
	    patches_apply(j->c, j->r, src) < 0)
		r = -1;
	else if (inputs_changed(j))
		r = -BUILD_RESTART;
	else if (assemble(j) < 0)
		r = -1;
	else
		tree_walk(src, replace_config, j);
	free(src);
	if (r < 0)
		return r;
	j->box.on = j->c->sandbox;
	j->box.vary = j->c->vary;
	j->box.top = fmt("%s/top", j->work);
	host_tools_of(j->r, &j->box.tools);
	if (j->box.on)
		see_sandbox(j);
	else if (see_host(j) < 0)
		return -1;
	j->src_dir = j->r->subdir ? fmt("%s/%s", j->src, j->r->subdir) : xdup(j->src);
	steps_environment(j);
	return 0;
}

/* --- the whole --- */

/* The second build of cook repro: its trees against those in the store. */
static int
compare_with_store(struct job *j)
{
	char *mine = fmt("%s/store/out", j->work), *theirs = cook_path(j->c, "store/%s/out", j->p->key);
	char *why = diff_trees(theirs, mine), *report = repro_report(j->c, j->p);

	if (why)
		write_file(report, why, strlen(why), 0644);
	free(mine);
	free(theirs);
	free(report);
	free(why);
	return why ? -1 : 0;
}

static int
finish(struct job *j, double started)
{
	char *from = fmt("%s/store", j->work), *to = cook_path(j->c, "store/%s", j->p->key);
	struct packages ps = { 0 };
	int r = post_process(j);

	if (r == 0)
		r = split_packages(j, &ps);
	if (r == 0)
		r = find_relations(j, &ps);
	if (r == 0)
		r = j->c->vary ? compare_with_store(j) : pack_all(j, &ps, now() - started);
	if (r == 0 && !j->c->vary && rename(from, to) < 0) {
		warn_("%s: %s", to, strerror(errno));
		r = -1;
	}
	if (r == 0 && !j->c->vary)
		store_set_last(j->c, j->p->name, j->p->key);
	free(from);
	free(to);
	return r;
}

/*
 * Removing a large source tree takes long: a process of its own does it, so that what
 * waits for this build can start.  It inherits the lock, so build_sweep() leaves it alone.
 */
void
job_throw_away(struct job *j)
{
	char *trash = cook_path(j->c, "build/trash-%s-%d", j->p->name, (int)getpid());

	if (rename(j->work, trash) < 0) {
		remove_tree(j->work);
	} else if (fork() == 0) {
		setsid();
		host_yield();
		remove_tree(trash);
		_exit(0);
	}
	free(trash);
}

char *
build_log(const struct cook *c, const struct port *p)
{
	return cook_path(c, "logs/%s%s.log", p->name, c->vary ? ".repro" : "");
}

/* A new file each time: another cook may still be writing the one before. */
static void
open_log(const struct cook *c, const struct port *p)
{
	char *path = build_log(c, p);
	int fd;

	unlink(path);
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0644);
	if (fd < 0)
		die("%s: %s", path, strerror(errno));
	fflush(stdout);
	dup2(fd, 1);
	dup2(fd, 2);
	close(fd);
	free(path);
}

int
build_port(struct cook *c, struct port *p)
{
	struct job j = { .c = c, .p = p, .r = p->r };
	double started = now();
	int lock, r;

	umask(022);
	lock = store_lock(c, p->key);
	if (!c->vary && store_find(c, p)) {	/* another cook was faster */
		close(lock);
		return BUILD_FOUND;
	}
	open_log(c, p);
	j.work = build_dir(c, p, getpid());
	r = job_open(&j);
	if (r == 0)
		r = prepare(&j);
	if (r == 0)
		r = steps_run(&j);
	if (r == 0)
		r = finish(&j, started);
	fflush(stdout);
	if (r == 0 || (!c->keep && !c->ask))
		job_throw_away(&j);
	else if (c->keep)
		warn_("kept %s", j.work);
	close(lock);
	return r == -BUILD_RESTART ? BUILD_RESTART : r < 0 ? 1 : 0;
}
