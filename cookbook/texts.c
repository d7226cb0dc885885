/* SPDX-License-Identifier: MIT */
/* What cook adds to a package: the recipe's [test] as a script, and the licence texts. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "job.h"

int
add_test(const struct job *j, const char *root)
{
	struct buf b = { 0 };
	char *dir, *path;
	size_t i;
	int r;

	if (!j->r->test.n || j->r->arch == ARCH_HOST)
		return 0;
	buf_fmt(&b, "#!/bin/sh -e\n# Test of %s; at most %lld seconds, in an empty folder.\n",
			j->r->name, (long long)j->r->test_timeout);
	for (i = 0; i < j->r->test.n; i++)
		buf_fmt(&b, "%s\n", j->r->test.v[i]);
	dir = fmt("%s/usr/share/ports/%s", root, j->r->name);
	path = fmt("%s/test", dir);
	make_dirs(dir);
	r = write_file(path, b.s, b.n, 0755);
	free(dir);
	free(path);
	free(b.s);
	return r;
}

static int
is_licence(const char *name)
{
	return strncasecmp(name, "COPYING", 7) == 0 || strncasecmp(name, "LICENSE", 7) == 0 ||
		strncasecmp(name, "LICENCE", 7) == 0 || strncasecmp(name, "COPYRIGHT", 9) == 0;
}

/* One that the recipe names: by its last component, or by all when that is taken. */
static int
add_named_licence(const struct job *j, const char *src, const char *to, const char *name)
{
	const char *slash = strrchr(name, '/');
	char *from = fmt("%s/%s", src, name), *as = fmt("%s/%s", to, slash ? slash + 1 : name), *s;
	struct stat st;
	int r = -1;

	if (exists(as)) {
		free(as);
		as = fmt("%s/%s", to, name + strspn(name, "."));
		for (s = as + strlen(to) + 1; *s; s++)
			if (*s == '/')
				*s = '-';
	}
	if (stat(from, &st) < 0 || !S_ISREG(st.st_mode)) {
		warn_("%s: license-files: no file %s in the sources", j->r->file, name);
	} else {
		make_dirs(to);
		r = copy_file(from, as, 0644);
	}
	free(from);
	free(as);
	return r;
}

int
add_licences(const struct job *j, const char *root)
{
	char *src = fmt("%s/src", j->work), *to = fmt("%s/usr/share/licenses/%s", root, j->r->name);
	struct list names = { 0 };
	struct stat st;
	size_t i;
	int r = 0;

	if (j->r->arch != ARCH_HOST)
		list_dir(src, &names);
	for (i = 0; i < names.n; i++) {
		char *a = fmt("%s/%s", src, names.v[i]), *b = fmt("%s/%s", to, names.v[i]);

		if (is_licence(names.v[i]) && lstat(a, &st) == 0 && S_ISREG(st.st_mode)) {
			make_dirs(to);
			copy_file(a, b, 0644);
		}
		free(a);
		free(b);
	}
	for (i = 0; r == 0 && j->r->arch != ARCH_HOST && i < j->r->license_files.n; i++)
		r = add_named_licence(j, src, to, j->r->license_files.v[i]);
	cpk_list_free(&names);
	free(src);
	free(to);
	return r;
}
