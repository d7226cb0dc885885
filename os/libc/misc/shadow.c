/* SPDX-License-Identifier: MIT */
/* The users' hashed passwords in /etc/shadow. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <shadow.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static FILE *file;

static long number(char **p)
{
	char *s = strsep(p, ":");
	return s && *s ? strtol(s, NULL, 10) : -1;
}

/* Cuts a line into fields in place; 0 when it has no two fields. */
static int parse(char *s, struct spwd *sp)
{
	s[strcspn(s, "\n")] = 0;
	sp->sp_namp = strsep(&s, ":");
	sp->sp_pwdp = strsep(&s, ":");
	if (!sp->sp_pwdp)
		return 0;
	sp->sp_lstchg = number(&s);
	sp->sp_min = number(&s);
	sp->sp_max = number(&s);
	sp->sp_warn = number(&s);
	sp->sp_inact = number(&s);
	sp->sp_expire = number(&s);
	sp->sp_flag = number(&s);
	return 1;
}

struct spwd *sgetspent(const char *s)
{
	static struct spwd sp;
	static char *copy;
	free(copy);
	copy = strdup(s);
	return copy && parse(copy, &sp) ? &sp : NULL;
}

struct spwd *fgetspent(FILE *f)
{
	static struct spwd sp;
	static char *line;
	static size_t size;
	while (getline(&line, &size, f) > 0)
		if (parse(line, &sp))
			return &sp;
	return NULL;
}

void setspent(void)
{
	if (file)
		rewind(file);
}

void endspent(void)
{
	if (file)
		fclose(file);
	file = NULL;
}

struct spwd *getspent(void)
{
	if (!file && !(file = fopen(SHADOW, "re")))
		return NULL;
	return fgetspent(file);
}

int getspnam_r(const char *name, struct spwd *sp, char *buf, size_t size, struct spwd **out)
{
	FILE *f = fopen(SHADOW, "re");
	size_t n = strlen(name);
	int r = 0;
	*out = NULL;
	if (!f)
		return errno;
	while (fgets(buf, size < INT_MAX ? size : INT_MAX, f)) {
		if (strncmp(buf, name, n) || buf[n] != ':')
			continue;
		if (!strchr(buf, '\n') && !feof(f)) {
			r = ERANGE;
		} else if (parse(buf, sp)) {
			*out = sp;
		}
		break;
	}
	fclose(f);
	return r;
}

struct spwd *getspnam(const char *name)
{
	static struct spwd sp;
	static char buf[1024];
	struct spwd *out;
	int e = getspnam_r(name, &sp, buf, sizeof(buf), &out);
	if (e)
		errno = e;
	return out;
}

static void put_number(long v, FILE *f)
{
	if (v != -1)
		fprintf(f, "%ld", v);
	putc(':', f);
}

int putspent(const struct spwd *sp, FILE *f)
{
	fprintf(f, "%s:%s:", sp->sp_namp, sp->sp_pwdp ? sp->sp_pwdp : "");
	put_number(sp->sp_lstchg, f);
	put_number(sp->sp_min, f);
	put_number(sp->sp_max, f);
	put_number(sp->sp_warn, f);
	put_number(sp->sp_inact, f);
	put_number(sp->sp_expire, f);
	if (sp->sp_flag != -1ul)
		fprintf(f, "%lu", sp->sp_flag);
	return putc('\n', f) < 0 || ferror(f) ? -1 : 0;
}

/* A lock of the file, which the end of the process releases; at most LOCK_SECONDS are waited for it. */
#define LOCK_FILE "/etc/.pwd.lock"
#define LOCK_SECONDS 15

static int lock_fd = -1;

int lckpwdf(void)
{
	struct flock l = { .l_type = F_WRLCK };

	if (lock_fd >= 0)
		return -1;
	lock_fd = open(LOCK_FILE, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
	for (int i = 0; lock_fd >= 0 && i < 10 * LOCK_SECONDS; i++) {
		if (!fcntl(lock_fd, F_SETLK, &l))
			return 0;
		usleep(100000);
	}
	ulckpwdf();
	return -1;
}

int ulckpwdf(void)
{
	if (lock_fd < 0)
		return -1;
	close(lock_fd);
	lock_fd = -1;
	return 0;
}
