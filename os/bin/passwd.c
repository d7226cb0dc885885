/* SPDX-License-Identifier: MIT */
/* passwd: changes a user's password in /etc/shadow. */
#include <crypt.h>
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "../lib/accounts.h"

#define SHORTEST 6
#define DAY	86400

struct change { const char *name, *hash; int done; };

/* The second field, and the third: the day of the change. */
static int edit(const char *line, FILE *out, void *arg)
{
	struct change *c = arg;
	const char *rest;

	if (!line) {
		if (!c->done)
			fprintf(out, "%s:%s:%lld:0:99999:7:::\n", c->name, c->hash, (long long)time(NULL) / DAY);
		return 0;
	}
	if (!accounts_line_of(line, c->name)) {
		fprintf(out, "%s\n", line);
		return 0;
	}
	c->done = 1;
	rest = line;
	for (int i = 0; i < 3 && rest; i++) {
		rest = strchr(rest, ':');
		rest = rest ? rest + 1 : NULL;
	}
	fprintf(out, "%s:%s:%lld:%s\n", c->name, c->hash, (long long)time(NULL) / DAY, rest ? rest : "0:99999:7:::");
	return 0;
}

/* The hash of a password that was typed twice. */
static const char *ask_new(void)
{
	char first[256], salt[CRYPT_GENSALT_OUTPUT_SIZE];
	const char *hash;
	char *p = getpass("New password: ");

	if (!p || strlen(p) >= sizeof(first))
		errx(1, "nothing is changed");
	strcpy(first, p);
	if (getuid() && strlen(first) < SHORTEST)
		errx(1, "a password has at least %d characters", SHORTEST);
	p = getpass("The same again: ");
	if (!p || strcmp(first, p))
		errx(1, "they differ; nothing is changed");
	if (!crypt_gensalt_rn("$6$", 0, NULL, 0, salt, sizeof(salt)) || !(hash = crypt(first, salt)))
		err(1, "crypt");
	explicit_bzero(first, sizeof(first));
	explicit_bzero(p, strlen(p));
	return hash;
}

int main(int argc, char **argv)
{
	struct change change = { 0 };
	struct passwd *pw;
	int c, lock = 0, none = 0;

	while ((c = getopt(argc, argv, "dl")) != -1) {
		if (c == 'd') {
			none = 1;
		} else if (c == 'l') {
			lock = 1;
		} else {
			fprintf(stderr, "usage: passwd [-d | -l] [user]\n");
			return 2;
		}
	}
	if (geteuid())
		errx(1, "not installed set-user-ID root");
	pw = optind < argc ? getpwnam(argv[optind]) : getpwuid(getuid());
	if (!pw)
		errx(1, "%s: no such user", optind < argc ? argv[optind] : "you");
	if (getuid() && (pw->pw_uid != getuid() || lock || none))
		errx(1, "only root may do that");
	change.name = strdup(pw->pw_name);
	if (getuid() && !accounts_ask(pw, "Old password: ")) {
		sleep(2);
		errx(1, "sorry");
	}
	change.hash = lock ? "!" : none ? "" : ask_new();
	if (accounts_edit("/etc/shadow", edit, &change))
		err(1, "/etc/shadow");
	return 0;
}
