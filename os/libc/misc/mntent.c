/* SPDX-License-Identifier: MIT */
/* The table of mounted file systems. */
#include <mntent.h>
#include <stdlib.h>
#include <string.h>

FILE *setmntent(const char *name, const char *mode)
{
	return fopen(name, mode);
}

int endmntent(FILE *f)
{
	if (f)
		fclose(f);
	return 1;
}

/* Octal escapes in place: \040 is a space. */
static char *field(char **p)
{
	char *s = *p + strspn(*p, " \t"), *d = s, *start = s;
	for (; *s && *s != ' ' && *s != '\t' && *s != '\n'; s++, d++) {
		if (*s == '\\' && s[1] - '0' < 4u && s[2] - '0' < 8u && s[3] - '0' < 8u) {
			*d = (s[1] - '0') << 6 | (s[2] - '0') << 3 | (s[3] - '0');
			s += 3;
		} else {
			*d = *s;
		}
	}
	*p = *s ? s + 1 : s;
	*d = 0;
	return start;
}

struct mntent *getmntent_r(FILE *f, struct mntent *m, char *buf, int size)
{
	for (;;) {
		char *p = fgets(buf, size, f);
		if (!p)
			return NULL;
		p += strspn(p, " \t");
		if (!*p || *p == '#' || *p == '\n')
			continue;
		m->mnt_fsname = field(&p);
		m->mnt_dir = field(&p);
		m->mnt_type = field(&p);
		m->mnt_opts = field(&p);
		m->mnt_freq = atoi(field(&p));
		m->mnt_passno = atoi(field(&p));
		return m;
	}
}

struct mntent *getmntent(FILE *f)
{
	static char buf[4096];
	static struct mntent m;
	return getmntent_r(f, &m, buf, sizeof(buf));
}

static void put_field(FILE *f, const char *s)
{
	for (; *s; s++) {
		if (strchr(" \t\n\\", *s))
			fprintf(f, "\\%03o", *s);
		else
			putc(*s, f);
	}
	putc(' ', f);
}

int addmntent(FILE *f, const struct mntent *m)
{
	fseek(f, 0, SEEK_END);
	put_field(f, m->mnt_fsname);
	put_field(f, m->mnt_dir);
	put_field(f, m->mnt_type);
	put_field(f, m->mnt_opts);
	return fprintf(f, "%d %d\n", m->mnt_freq, m->mnt_passno) < 0 || fflush(f) < 0;
}

char *hasmntopt(const struct mntent *m, const char *opt)
{
	size_t n = strlen(opt);
	for (char *p = m->mnt_opts; *p; p += strcspn(p, ","), p += *p == ',')
		if (!strncmp(p, opt, n) && (!p[n] || p[n] == ',' || p[n] == '='))
			return p;
	return NULL;
}
