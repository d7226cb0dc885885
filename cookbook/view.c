/* SPDX-License-Identifier: MIT */
/*
 * What dependants see of a build.  Whoever is linked with a shared library needs its symbols, not
 * its code; so they see a stub (stub.c), and are built again only when that changes.  A program
 * of the target cannot be run in a build: they see an empty file where it is, since CMake's
 * files ask whether it is there.  Of NAME-static they see empty archives, unless they name it.
 */
#include <elf.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "stub.h"
#include "view.h"

int
view_shows(const char *path)
{
	static const char *const hidden[] = {
		"etc", "var", "usr/lib/debug", "usr/libexec/ports", "usr/share/doc", "usr/share/info",
		"usr/share/licenses", "usr/share/locale", "usr/share/man", "usr/share/ports",
	};
	size_t i, n;

	for (i = 0; i < sizeof(hidden) / sizeof(hidden[0]); i++) {
		n = strlen(hidden[i]);
		if (strncmp(path, hidden[i], n) == 0 && (!path[n] || path[n] == '/'))
			return 0;
	}
	return 1;
}

static int
ends_in(const char *s, const char *end)
{
	size_t n = strlen(s), m = strlen(end);

	return n > m && strcmp(s + n - m, end) == 0;
}

int
view_hides_package(const char *package)
{
	return ends_in(package, "-doc") || ends_in(package, "-dbg");
}

static int
is_library(const char *path)
{
	const char *base = strrchr(path, '/');

	return ends_in(path, ".so") || (base && strstr(base, ".so."));
}

/* Writes what stands for a file: 1, 0 when the file itself is seen, or -errno. */
static int
replace(const struct package *p, const char *path, const char *to)
{
	char *from = fmt("%s/%s", p->tree, path), *dir = xdup(to);
	struct elf_info e;
	int r = 0;

	*strrchr(dir, '/') = '\0';
	elf_read(from, &e);
	if (e.type == ET_DYN || e.type == ET_EXEC) {
		r = make_dirs(dir);
		if (r == 0)
			r = e.type == ET_DYN && is_library(path) ? stub_write(from, to) : -ENOEXEC;
		if (r == -ENOEXEC)
			r = write_file(to, "", 0, 0755);
		r = r < 0 ? r : 1;
	} else if (ends_in(p->name, "-static") && ends_in(path, ".a")) {
		r = make_dirs(dir);
		if (r == 0)
			r = write_file(to, "!<arch>\n", 8, 0644);
		r = r < 0 ? r : 1;
	}
	elf_free(&e);
	free(dir);
	free(from);
	return r;
}

/* One line of what the hash is over. */
static int
add_file(struct job *j, const struct package *p, const struct cpk_file *f, struct buf *seen)
{
	char *to = fmt("%s/store/stub/%s/%s", j->work, p->name, f->path), hex[CPK_HEX] = "-";
	int r = 0;

	if (f->type == 'f') {
		r = replace(p, f->path, to);
		if (r > 0)
			r = hash_file(j->c, to, hex);
		else if (r == 0)
			cpk_hex(f->hash, hex);
	}
	if (r < 0)
		warn_("%s: %s", to, strerror(-r));
	buf_fmt(seen, "%c %o %s %s %s\n", f->type, f->mode, hex, f->path, f->link ? f->link : "-");
	free(to);
	return r;
}

int
view_make(struct job *j, const struct packages *ps, struct buf *meta)
{
	struct buf seen = { 0 };
	uint8_t hash[CPK_HASH];
	char hex[CPK_HEX];
	size_t i, k;
	int r = 0;

	buf_str(&seen, "");
	for (i = 0; r == 0 && i < ps->n; i++)
		for (k = 0; r == 0 && k < ps->v[i].m.nfiles; k++)
			if (!view_hides_package(ps->v[i].name) && view_shows(ps->v[i].m.files[k].path))
				r = add_file(j, &ps->v[i], &ps->v[i].m.files[k], &seen);
	cpk_hash(seen.s, seen.n, hash);
	cpk_hex(hash, hex);
	buf_fmt(meta, "link %s\n", hex);
	free(seen.s);
	return r;
}

struct merger {
	const char *stubs, *to;
	char *clash;
};

static int
merge_seen(const char *path, const char *name, void *arg)
{
	const struct merger *m = arg;
	char *to = fmt("%s/%s", m->to, name), *stub = fmt("%s/%s", m->stubs, name);
	struct stat st;
	int r = 0;

	if (!view_shows(name))
		;
	else if (lstat(path, &st) == 0 && S_ISDIR(st.st_mode))
		r = make_dirs(to);
	else
		r = merge_path(exists(stub) ? stub : path, to, 1, m->clash);
	free(stub);
	free(to);
	return r;
}

int
view_merge(const char *out, const char *stubs, const char *to, char *clash)
{
	struct merger m = { stubs, to, clash };

	*clash = '\0';
	return tree_walk(out, merge_seen, &m);
}
