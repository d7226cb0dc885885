/* SPDX-License-Identifier: MIT */
/* Programs and libraries are stripped; their debug information is kept beside, by build id. */
#include <elf.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "job.h"

struct strip_lists {
	struct list debug, all;		/* -g only; everything needless */
	struct list ids;		/* "BUILD-ID PATH" of programs with debug information */
	int host;
};

static int
is_archive(const char *path)
{
	char magic[8] = "";
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, magic, sizeof(magic));

	if (fd >= 0)
		close(fd);
	return n == 8 && memcmp(magic, "!<arch>\n", 8) == 0;
}

static int
sort_for_strip(const char *path, const char *name, void *arg)
{
	struct strip_lists *l = arg;
	struct elf_info e;
	struct stat st;

	if (lstat(path, &st) < 0 || !S_ISREG(st.st_mode) || is_debug_file(name))
		return 0;
	elf_read(path, &e);
	if (e.debug && e.build_id && !l->host && (e.type == ET_EXEC || e.type == ET_DYN))
		list_take(&l->ids, fmt("%s %s", e.build_id, path));
	if (e.type == ET_EXEC || e.type == ET_DYN)
		list_add(&l->all, path);
	else if (!l->host && (e.type == ET_REL || is_archive(path)))
		list_add(&l->debug, path);
	elf_free(&e);
	return 0;
}

/* The target's tool of that name; the host's for a recipe without the toolchain.  Fresh. */
static char *
find_tool(const struct job *j, const char *name)
{
	char *program = fmt("%s/bin/" COOK_TARGET "-%s", j->tools, name);

	if (j->r->arch != ARCH_HOST && exists(program))
		return program;
	free(program);
	return xdup(name);
}

static int
run_strip(const struct job *j, const struct list *files, const char *how)
{
	char *program = find_tool(j, "strip");
	char **argv = xalloc((files->n + 5) * sizeof(*argv));
	size_t i, n = 0;
	int status;

	argv[n++] = program;
	argv[n++] = (char *)how;
	argv[n++] = "-p";
	argv[n++] = "-D";
	for (i = 0; i < files->n; i++)
		argv[n++] = files->v[i];
	status = files->n ? run_program(argv) : 0;
	if (status != 0)
		warn_("%s: %s failed with status %d", j->r->name, program, status);
	free(argv);
	free(program);
	return status == 0 ? 0 : -1;
}

/* Where gdb looks by the build id: usr/lib/debug/.build-id/XX/REST.debug. */
static int
keep_debug(const struct job *j, const char *root, const struct list *ids)
{
	char *program = find_tool(j, "objcopy");
	size_t i;
	int r = 0;

	for (i = 0; r == 0 && i < ids->n; i++) {
		const char *id = ids->v[i], *path = strchr(id, ' ') + 1;
		char *dir = fmt("%s/usr/lib/debug/.build-id/%.2s", root, id);
		char *to = fmt("%s/%.*s.debug", dir, (int)(path - id - 3), id + 2);
		char *argv[] = { program, "--only-keep-debug", "--compress-debug-sections=zlib",
			(char *)path, to, NULL };

		make_dirs(dir);
		if (run_program(argv) != 0 || chmod(to, 0644) < 0) {
			warn_("%s: %s failed for %s", j->r->name, program, path);
			r = -1;
		}
		free(dir);
		free(to);
	}
	free(program);
	return r;
}

int
strip_tree(const struct job *j, const char *root)
{
	struct strip_lists l = { .host = j->r->arch == ARCH_HOST };
	int r;

	if (j->r->keep_symbols)
		return 0;
	tree_walk(root, sort_for_strip, &l);
	r = keep_debug(j, root, &l.ids);
	if (r == 0)
		r = run_strip(j, &l.debug, "-g");
	if (r == 0)
		r = run_strip(j, &l.all, "--strip-unneeded");
	cpk_list_free(&l.debug);
	cpk_list_free(&l.all);
	cpk_list_free(&l.ids);
	return r;
}
