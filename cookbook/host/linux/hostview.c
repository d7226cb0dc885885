/* SPDX-License-Identifier: MIT */
/*
 * The host as a build sees it: its libraries and data, and of its programs those that the
 * sandbox lists.  Each is a mount of one file, so that it lies where it lies on the host;
 * links are links, and what they lead to is there too.
 */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../hosttools.h"
#include "../../sandbox.h"

/* Folders of programs; they are not shown as a whole. */
static const char *const program_dirs[] = {
	"/usr/bin", "/usr/sbin", "/usr/local/bin", "/usr/local/sbin", "/bin", "/sbin", "/usr/games",
	"/usr/local/games", NULL
};
#define HIDDEN "/.host"			/* below the top: where the folders of programs wait */

static int
is_program_dir(const char *path)
{
	size_t i;

	for (i = 0; program_dirs[i]; i++)
		if (strcmp(program_dirs[i], path) == 0)
			return 1;
	return 0;
}

static int
is_folder(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* All that is in a folder of the host but its folders of programs. */
static void
show_folder(const struct sandbox *s, const char *dir)
{
	char *to = fmt("%s%s", s->top, dir);
	struct list names = { 0 };
	size_t i;

	make_dirs(to);
	free(to);
	list_dir(dir, &names);
	for (i = 0; i < names.n; i++) {
		char *path = fmt("%s/%s", dir, names.v[i]);

		if (strcmp(path, "/usr/local") == 0)
			show_folder(s, path);
		else if (!is_program_dir(path))
			sandbox_show(s, path);
		free(path);
	}
	cpk_list_free(&names);
}

/* The folders of programs: empty ones to be filled, and, read-only, what they are filled from. */
static void
mount_hidden(const struct sandbox *s)
{
	size_t i;

	for (i = 0; program_dirs[i]; i++) {
		char *to = fmt(HIDDEN "%s", program_dirs[i]), *dir = fmt("%s%s", s->top, program_dirs[i]);

		if (is_folder(program_dirs[i])) {
			sandbox_mount(s, program_dirs[i], to);
			make_dirs(dir);
		}
		free(dir);
		free(to);
	}
}

static void
unmount_hidden(const struct sandbox *s)
{
	static const char *const above[] = { "/usr/local", "/usr", "", NULL };
	size_t i;

	for (i = 0; program_dirs[i]; i++) {
		char *at = fmt("%s" HIDDEN "%s", s->top, program_dirs[i]);

		umount2(at, MNT_DETACH);
		rmdir(at);
		free(at);
	}
	for (i = 0; above[i]; i++) {
		char *at = fmt("%s" HIDDEN "%s", s->top, above[i]);

		rmdir(at);
		free(at);
	}
}

/* The path with no links in it but, perhaps, the last: "/usr/bin/gawk"; NULL when there is none. */
static char *
straight(const char *path)
{
	const char *base = strrchr(path, '/');
	char *dir = fmt("%.*s", base > path ? (int)(base - path) : 1, path), *real;

	real = realpath(dir, NULL);
	free(dir);
	dir = real ? fmt("%s%s", strcmp(real, "/") ? real : "", base) : NULL;
	free(real);
	return dir;
}

/* Where a link leads; its text as it is goes to text.  Fresh; NULL when it is none. */
static char *
link_target(const char *path, char *text)
{
	ssize_t n = readlink(path, text, PATH_MAX - 1);
	char *whole, *to;

	if (n <= 0)
		return NULL;
	text[n] = '\0';
	whole = *text == '/' ? xdup(text) :
		fmt("%.*s/%s", (int)(strrchr(path, '/') - path), path, text);
	to = straight(whole);
	free(whole);
	return to;
}

static void
show_program(const struct sandbox *s, const char *path, int depth)
{
	char *to = fmt("%s%s", s->top, path), *from, *target, text[PATH_MAX];
	char *dir = fmt("%.*s", (int)(strrchr(path, '/') - path), path);
	int ours = is_program_dir(dir) && is_folder(dir);
	struct stat st;

	target = depth < 16 ? link_target(path, text) : NULL;
	if (target) {			/* links of others, /etc/alternatives, are there already */
		if (!ours || symlink(text, to) == 0)
			show_program(s, target, depth + 1);
	} else if (ours && lstat(to, &st) < 0) {
		from = fmt("%s" HIDDEN "%s", s->top, path);
		if (write_file(to, "", 0, 0755) < 0 || mount(from, to, NULL, MS_BIND, NULL) < 0)
			warn_("sandbox: cannot show %s: %s", path, strerror(errno));
		free(from);
	}
	free(target);
	free(dir);
	free(to);
}

void
host_view(const struct sandbox *s)
{
	size_t i;

	show_folder(s, "/usr");
	mount_hidden(s);
	for (i = 0; i < s->tools.n; i++) {
		char *path = host_tools_find(s->tools.v[i]), *real = path ? straight(path) : NULL;

		if (real)
			show_program(s, real, 0);
		free(real);
		free(path);
	}
	unmount_hidden(s);
}
