/* SPDX-License-Identifier: MIT */
/* gettext finds translations and plural forms in .mo files, converts their charset, and falls back. */
#include <fcntl.h>
#include <libintl.h>
#include <locale.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define CHECK(s, want) do { const char *g = (s); if (!g || strcmp(g, want)) \
	printf("%s:%d: %s is \"%s\", not \"%s\"\n", __FILE__, __LINE__, #s, g ? g : "(null)", want); } while (0)

struct entry { const char *id; size_t idlen; const char *str; size_t strlen; };
#define E(id, str) { id, sizeof(id) - 1, str, sizeof(str) - 1 }

/* Writes a catalogue; entries are sorted by id. swap: in the other order of bytes. */
static void write_mo(const char *path, const struct entry *e, uint32_t n, int swap)
{
	static unsigned char buf[4096];
	uint32_t w[7] = { 0x950412de, 0, n, 28, 28 + 8 * n, 0, 0 }, at = 28 + 16 * n;
	memcpy(buf, w, sizeof(w));
	for (uint32_t pass = 0; pass < 2; pass++) {
		for (uint32_t i = 0; i < n; i++) {
			uint32_t len = pass ? e[i].strlen : e[i].idlen, rec[2] = { len, at };
			memcpy(buf + 28 + 8 * (pass * n + i), rec, 8);
			memcpy(buf + at, pass ? e[i].str : e[i].id, len + 1);
			at += len + 1;
		}
	}
	for (uint32_t i = 0; swap && i < 28 + 16 * n; i += 4) {
		uint32_t v;
		memcpy(&v, buf + i, 4);
		v = __builtin_bswap32(v);
		memcpy(buf + i, &v, 4);
	}
	int fd = open(path, O_CREAT | O_WRONLY | O_TRUNC, 0666);
	if (fd < 0 || write(fd, buf, at) != (ssize_t)at || close(fd) < 0)
		printf("cannot write %s\n", path);
}

int main(void)
{
	static const struct entry polish[] = {
		E("", "Content-Type: text/plain; charset=UTF-8\nPlural-Forms: nplurals=3; plural=(n==1 ? 0 : "
			"n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);\n"),
		E("%d file\0%d files", "%d plik\0%d pliki\0%d plików"),
		E("yes", "tak"),
	};
	static const struct entry german[] = {
		E("", "Content-Type: text/plain; charset=ISO-8859-1\n"),
		E("beer", "Bier f\xfcr zw\xf6lf"),
	};
	const char *dirs[] = { "l", "l/pl", "l/pl/LC_MESSAGES", "l/de_DE", "l/de_DE/LC_MESSAGES", "l/xx", "l/xx/LC_MESSAGES" };
	char cwd[256], dir[300];

	for (size_t i = 0; i < sizeof(dirs) / sizeof(*dirs); i++)
		mkdir(dirs[i], 0777);
	write_mo("l/pl/LC_MESSAGES/prog.mo", polish, 3, 0);
	write_mo("l/de_DE/LC_MESSAGES/prog.mo", german, 2, 1);
	FILE *f = fopen("l/xx/LC_MESSAGES/prog.mo", "w");
	fputs("\xde\x12\x04\x95 not one", f);
	fclose(f);
	snprintf(dir, sizeof(dir), "%s/l", getcwd(cwd, sizeof(cwd)));
	unsetenv("LANGUAGE");
	CHECK(bindtextdomain("prog", dir), dir);
	CHECK(bindtextdomain("prog", NULL), dir);
	CHECK(textdomain(NULL), "messages");
	CHECK(textdomain("prog"), "prog");
	CHECK(gettext("yes"), "yes");
	if (!setlocale(LC_ALL, "pl_PL.UTF-8"))
		puts("no pl_PL.UTF-8");
	CHECK(gettext("yes"), "tak");
	CHECK(gettext("no"), "no");
	CHECK(dgettext("other", "yes"), "yes");
	CHECK(ngettext("%d file", "%d files", 1), "%d plik");
	CHECK(ngettext("%d file", "%d files", 3), "%d pliki");
	CHECK(ngettext("%d file", "%d files", 5), "%d plików");
	CHECK(ngettext("%d file", "%d files", 12), "%d plików");
	CHECK(ngettext("%d file", "%d files", 22), "%d pliki");
	CHECK(ngettext("a", "b", 2), "b");
	locale_t de = newlocale(LC_ALL_MASK, "de_DE.UTF-8", 0);
	CHECK(gettext_l("beer", de), "Bier für zwölf");
	CHECK(dcgettext_l("prog", "beer", LC_MESSAGES, de), "Bier für zwölf");
	CHECK(gettext("beer"), "beer");
	setlocale(LC_ALL, "xx.UTF-8");
	CHECK(gettext("yes"), "yes");
	setenv("LANGUAGE", "nn:pl", 1);
	CHECK(gettext("yes"), "tak");
	setlocale(LC_ALL, "C");
	CHECK(gettext("yes"), "yes");
	freelocale(de);
	return 0;
}
