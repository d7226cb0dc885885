/* SPDX-License-Identifier: MIT */
/* Names from patterns in a small tree. */
#include <fcntl.h>
#include <glob.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>
#include "random.h"

int main(int argc, char **argv)
{
	static const char *const files[] = { "a", "b", "ab", ".h", "d/a", "d/b.c", "d/.x", "d/e/f", "g*", "g[1]", "z.c" };
	static const char *const bits[] = { "*", "?", "a", "b", "d", "/", "[a-d]", ".", "*.c", "{a,b}", "\\*", "g", "e" };
	char dir[] = "/tmp/globXXXXXX";
	random_init(argc, argv);
	/* One folder further down, so that ".." holds the same in both runs. */
	if (!mkdtemp(dir) || chdir(dir) < 0 || mkdir("in", 0755) < 0 || chdir("in") < 0)
		return 1;
	mkdir("d", 0755);
	mkdir("d/e", 0755);
	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++)
		close(open(files[i], O_CREAT | O_WRONLY, 0644));
	for (int i = 0; i < 1500; i++) {
		char pat[100], *p = pat;
		int flags = 0;
		for (int n = random_below(5); n >= 0; n--)
			p = stpcpy(p, bits[random_below(sizeof(bits) / sizeof(*bits))]);
		static const int all[] = { GLOB_MARK, GLOB_NOESCAPE, GLOB_BRACE };
		for (int f = 0; f < 3; f++)
			if (!random_below(4))
				flags |= all[f];
		if (*pat == '/' || strstr(pat, "..") || strstr(pat, "//") || p[-1] == '/')
			continue;
		glob_t g;
		int r = glob(pat, flags, NULL, &g);
		printf("%s %x: %d", pat, flags, r);
		for (size_t k = 0; !r && k < g.gl_pathc; k++)
			printf(" %s", g.gl_pathv[k]);
		putchar('\n');
		if (!r)
			globfree(&g);
	}
	for (int i = sizeof(files) / sizeof(*files) - 1; i >= 0; i--)
		unlink(files[i]);
	rmdir("d/e");
	rmdir("d");
	return chdir("..") < 0 || rmdir("in") < 0 || rmdir(dir) < 0;
}
