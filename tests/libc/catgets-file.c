/* SPDX-License-Identifier: MIT */
/* catopen follows NLSPATH, catgets finds messages by set and number, damaged files are refused. */
#include <errno.h>
#include <locale.h>
#include <nl_types.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define CHECK(x) do { if (!(x)) printf("%s:%d: %s, errno %d\n", __FILE__, __LINE__, #x, errno); } while (0)

static const uint32_t words[] = {
	0xff88ff89, 2, 60 + 12, 24, 60,
	1, 2, 0, 7, 1, 2,		/* sets 1 and 7: count, first */
	1, 6, 0, 5, 3, 6, 4, 3, 9,	/* messages: number, length, text */
};

static void write_cat(const char *path, size_t cut)
{
	FILE *f = fopen(path, "w");
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		for (int k = 24; k >= 0; k -= 8)
			putc(words[i] >> k & 255, f);
	fwrite("hello\0hi\0yo\0", 1, 12 - cut, f);
	fclose(f);
}

int main(void)
{
	nl_catd c;

	mkdir("de", 0777);
	write_cat("de/prog.cat", 0);
	write_cat("bad.cat", 3);
	setenv("NLSPATH", "nowhere/%N:%l/%N.cat", 1);
	setlocale(LC_ALL, "de_DE.UTF-8");
	CHECK((c = catopen("prog", NL_CAT_LOCALE)) != (nl_catd)-1);
	if (c != (nl_catd)-1) {
		CHECK(!strcmp(catgets(c, 1, 1, "x"), "hello"));
		CHECK(!strcmp(catgets(c, 1, 5, "x"), "hi"));
		CHECK(!strcmp(catgets(c, 7, 4, "x"), "yo"));
		errno = 0;
		CHECK(!strcmp(catgets(c, 1, 2, "x"), "x") && errno == ENOMSG);
		CHECK(!strcmp(catgets(c, 2, 1, "x"), "x"));
		CHECK(catclose(c) == 0);
	}
	CHECK(catopen("./bad.cat", 0) == (nl_catd)-1);
	CHECK(catopen("missing", NL_CAT_LOCALE) == (nl_catd)-1 && errno == ENOENT);
	CHECK(catclose((nl_catd)-1) == -1 && errno == EBADF);
	return 0;
}
