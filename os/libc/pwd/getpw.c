/* SPDX-License-Identifier: MIT */
/* getpwnam, getpwuid, getpwent: users, from /etc/passwd. */
#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>

#include "accounts.h"

static int
next(FILE *f, struct passwd *pw, char *buf, size_t size)
{
	char *v[7];
	int r;

	do
		r = __next_account(f, buf, size, v, 7);
	while (!r && (__account_id(v[2], &pw->pw_uid) || __account_id(v[3], &pw->pw_gid)));
	if (r)
		return r;
	pw->pw_name = v[0];
	pw->pw_passwd = v[1];
	pw->pw_gecos = v[4];
	pw->pw_dir = v[5];
	pw->pw_shell = v[6];
	return 0;
}

/* By name, or by uid when name is NULL. */
static int
find(const char *name, uid_t uid, struct passwd *pw, char *buf, size_t size, struct passwd **out)
{
	FILE *f = fopen("/etc/passwd", "re");
	int r;

	*out = NULL;
	if (!f)
		return errno == ENOENT ? 0 : errno;
	while (!(r = next(f, pw, buf, size)))
		if (name ? strcmp(pw->pw_name, name) == 0 : pw->pw_uid == uid) {
			*out = pw;
			break;
		}
	fclose(f);
	return r == ENOENT ? 0 : r;
}

int
getpwnam_r(const char *name, struct passwd *pw, char *buf, size_t size, struct passwd **out)
{
	return find(name, 0, pw, buf, size, out);
}

int
getpwuid_r(uid_t uid, struct passwd *pw, char *buf, size_t size, struct passwd **out)
{
	return find(NULL, uid, pw, buf, size, out);
}

static struct passwd shared;
static char shared_buf[2048];
static FILE *list;

static struct passwd *
find_shared(const char *name, uid_t uid)
{
	struct passwd *out;
	int r = find(name, uid, &shared, shared_buf, sizeof(shared_buf), &out);

	if (r)
		errno = r;
	return out;
}

struct passwd *
getpwnam(const char *name)
{
	return find_shared(name, 0);
}

struct passwd *
getpwuid(uid_t uid)
{
	return find_shared(NULL, uid);
}

void
setpwent(void)
{
	if (list)
		rewind(list);
}

void
endpwent(void)
{
	if (list)
		fclose(list);
	list = NULL;
}

struct passwd *
fgetpwent(FILE *f)
{
	int r = next(f, &shared, shared_buf, sizeof(shared_buf));

	if (r)
		errno = r;
	return r ? NULL : &shared;
}

struct passwd *
getpwent(void)
{
	if (!list)
		list = fopen("/etc/passwd", "re");
	return list ? fgetpwent(list) : NULL;
}

int
putpwent(const struct passwd *pw, FILE *f)
{
	return fprintf(f, "%s:%s:%u:%u:%s:%s:%s\n", pw->pw_name, pw->pw_passwd, pw->pw_uid,
			pw->pw_gid, pw->pw_gecos, pw->pw_dir, pw->pw_shell) < 0 ? -1 : 0;
}
