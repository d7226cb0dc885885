/* SPDX-License-Identifier: MIT */
/* Users and groups for programs; see accounts.h. */
#include <crypt.h>
#include <ctype.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <shadow.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "accounts.h"

static int copy_lines(FILE *in, FILE *out, int (*edit)(const char *, FILE *, void *), void *arg)
{
	char *line = NULL;
	size_t size = 0;
	ssize_t n;
	int res = 0;

	while (!res && (n = getline(&line, &size, in)) >= 0) {
		if (n && line[n - 1] == '\n')
			line[n - 1] = '\0';
		res = edit(line, out, arg);
	}
	free(line);
	return res ? res : edit(NULL, out, arg);
}

/* The new file has the old one's owner and mode before anything is in it. */
static FILE *create_like(const char *path, FILE *like)
{
	struct stat st;
	int fd;

	unlink(path);
	fd = fstat(fileno(like), &st) ? -1 : open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
	if (fd < 0)
		return NULL;
	if (fchown(fd, st.st_uid, st.st_gid) || fchmod(fd, st.st_mode & 07777)) {
		close(fd);
		return NULL;
	}
	return fdopen(fd, "w");
}

static int edit_locked(const char *file, const char *new, int (*edit)(const char *, FILE *, void *), void *arg)
{
	FILE *in = fopen(file, "re"), *out = in ? create_like(new, in) : NULL;
	int res = -1;

	if (out) {
		res = copy_lines(in, out, edit, arg);
		if (!res && (fflush(out) || fsync(fileno(out))))
			res = -1;
		fclose(out);
	}
	if (in)
		fclose(in);
	if (!res && rename(new, file))
		res = -1;
	if (res)
		unlink(new);
	return res;
}

int accounts_edit(const char *file, int (*edit)(const char *line, FILE *out, void *arg), void *arg)
{
	char new[64];
	int res;

	snprintf(new, sizeof(new), "%s.new", file);
	if (lckpwdf())
		return -1;
	res = edit_locked(file, new, edit, arg);
	ulckpwdf();
	return res;
}

int accounts_line_of(const char *line, const char *name)
{
	size_t n = strlen(name);

	return !strncmp(line, name, n) && line[n] == ':';
}

int accounts_name_ok(const char *name)
{
	size_t n = strlen(name);

	if (!n || n > 31 || isdigit((unsigned char)*name) || *name == '-')
		return 0;
	for (; *name; name++)
		if (!isalnum((unsigned char)*name) && !strchr("_-.", *name))
			return 0;
	return 1;
}

const char *accounts_hash(const struct passwd *pw)
{
	struct spwd *sp;

	if (strcmp(pw->pw_passwd, "x"))
		return pw->pw_passwd;
	sp = getspnam(pw->pw_name);
	return sp ? sp->sp_pwdp : "*";
}

int accounts_ask(const struct passwd *pw, const char *prompt)
{
	const char *hash = pw ? accounts_hash(pw) : "*", *got;
	char *typed;
	int right;

	if (!*hash)
		return 1;
	typed = getpass(prompt);
	if (!typed)
		return 0;
	/* Work is done for users that do not exist, too. */
	got = crypt(typed, *hash == '$' ? hash : "$6$nobody");
	right = got && *hash == '$' && !strcmp(got, hash);
	explicit_bzero(typed, strlen(typed));
	return right;
}

void accounts_become(const struct passwd *pw)
{
	if (initgroups(pw->pw_name, pw->pw_gid) || setgid(pw->pw_gid) || setuid(pw->pw_uid))
		err(1, "cannot become %s", pw->pw_name);
	if (pw->pw_uid && !setuid(0))
		errx(1, "%s could become root again", pw->pw_name);
}

void accounts_environment(const struct passwd *pw, const char *shell, int keep)
{
	char *term = getenv("TERM");

	term = term ? strdup(term) : NULL;
	if (!keep) {
		clearenv();
		setenv("PATH", "/usr/bin:/bin", 1);
		if (term)
			setenv("TERM", term, 1);
	}
	free(term);
	setenv("HOME", pw->pw_dir, 1);
	setenv("SHELL", shell, 1);
	setenv("USER", pw->pw_name, 1);
	setenv("LOGNAME", pw->pw_name, 1);
}

_Noreturn void accounts_shell(const struct passwd *pw, const char *shell, int login, char *const *args)
{
	const char *slash = strrchr(shell, '/');
	char name[64], *argv[64] = { name };
	unsigned n = 1;

	(void)pw;
	snprintf(name, sizeof(name), "%s%s", login ? "-" : "", slash ? slash + 1 : shell);
	for (; args && *args && n < 63; args++)
		argv[n++] = *args;
	execv(shell, argv);
	err(errno == ENOENT ? 127 : 126, "%s", shell);
}
