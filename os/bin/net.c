/* SPDX-License-Identifier: MIT */
/* net: shows the interfaces, addresses and name servers that netd knows, and with -a its sockets. */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static FILE *text_of(const char *path)
{
	FILE *f = fopen(path, "r");

	if (!f)
		err(1, "%s", path);
	return f;
}

/* Lines of a key and a value: what belongs to an interface stands below it. */
static void configuration(void)
{
	FILE *f = text_of("/net/config");
	char key[32], value[256], *tab = "";

	while (fscanf(f, "%31s %255[^\n]", key, value) == 2) {
		if (!strcmp(key, "interface")) {
			printf("%s\n", value);
			tab = "\t";
			continue;
		}
		if (!strcmp(key, "dns") || !strcmp(key, "domain"))
			tab = "";
		printf("%s%s %s\n", tab, key, value);
	}
	fclose(f);
}

/* "KIND STATE ADDRESS PORT ADDRESS PORT IN OUT UID" */
static void sockets(void)
{
	FILE *f = text_of("/net/sockets");
	char line[512], kind[8], state[16], from[64], to[64], a[80], b[80];
	unsigned fp, tp, uid;
	unsigned long in, out;

	printf("%-4s %-10s %7s %7s %5s %-28s %s\n", "kind", "state", "in", "out", "uid", "here", "there");
	while (fgets(line, sizeof(line), f)) {
		if (sscanf(line, "%7s %15s %63s %u %63s %u %lu %lu %u", kind, state, from, &fp, to, &tp,
			   &in, &out, &uid) != 9)
			continue;
		snprintf(a, sizeof(a), "%s %u", from, fp);
		snprintf(b, sizeof(b), "%s %u", to, tp);
		printf("%-4s %-10s %7lu %7lu %5u %-28s %s\n", kind, state, in, out, uid, a, tp ? b : "-");
	}
	fclose(f);
}

int main(int argc, char **argv)
{
	int all = 0, c;

	while ((c = getopt(argc, argv, "a")) != -1)
		all |= c == 'a' ? 1 : 2;
	if ((all & 2) || optind != argc) {
		fprintf(stderr, "usage: net [-a]\n");
		return 2;
	}
	if (all)
		sockets();
	else
		configuration();
	return 0;
}
