/* SPDX-License-Identifier: MIT */
/* Running git: the same for everybody, whatever ~/.gitconfig says. */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "git.h"

#define NOBODY "cook"
#define MAX_WORDS 48

static void
set_or_unset(const char *name, const char *value)
{
	if (value)
		setenv(name, value, 1);
	else
		unsetenv(name);
}

/* "NAME <MAIL>" in two halves. */
static void
set_author(const char *author)
{
	const char *lt = author ? strrchr(author, '<') : NULL;
	char *name = lt ? fmt("%.*s", (int)(lt - author), author) : xdup(author ? author : NOBODY);
	char *mail = lt ? fmt("%.*s", (int)strcspn(lt + 1, ">"), lt + 1) : xdup("");
	size_t n = strlen(name);

	while (n && name[n - 1] == ' ')
		name[--n] = '\0';
	setenv("GIT_AUTHOR_NAME", *name ? name : NOBODY, 1);
	setenv("GIT_AUTHOR_EMAIL", *mail ? mail : NOBODY "@localhost", 1);
	free(name);
	free(mail);
}

/* The same commits get the same names wherever and whenever they are made. */
static void
set_environment(const struct git *g)
{
	setenv("GIT_CONFIG_GLOBAL", "/dev/null", 1);
	setenv("GIT_CONFIG_NOSYSTEM", "1", 1);
	setenv("GIT_TERMINAL_PROMPT", "0", 1);
	setenv("GIT_EDITOR", "true", 1);
	setenv("LC_ALL", "C.UTF-8", 1);
	set_or_unset("GIT_DIR", g->repo);
	set_or_unset("GIT_WORK_TREE", g->repo ? g->dir : NULL);
	set_or_unset("GIT_INDEX_FILE", g->index);
	set_author(g->author);
	setenv("GIT_AUTHOR_DATE", g->date ? g->date : "2025-01-01T00:00:00Z", 1);
	setenv("GIT_COMMITTER_NAME", NOBODY, 1);
	setenv("GIT_COMMITTER_EMAIL", NOBODY "@localhost", 1);
	setenv("GIT_COMMITTER_DATE", "2025-01-01T00:00:00Z", 1);
}

static size_t
collect(char **argv, const char *dir, va_list ap)
{
	size_t n = 0;
	char *word;

	argv[n++] = "git";
	argv[n++] = "-C";
	argv[n++] = (char *)dir;
	argv[n++] = "-c";
	argv[n++] = "core.hooksPath=/dev/null";
	while (n < MAX_WORDS - 1 && (word = va_arg(ap, char *)))
		argv[n++] = word;
	argv[n] = NULL;
	return n;
}

/* An author who comes from elsewhere (rebase, cherry-pick) stays as he is. */
static int
keeps_author(char *const *argv)
{
	size_t i;

	for (i = 0; argv[i]; i++)
		if (strcmp(argv[i], "rebase") == 0)
			return 1;
	return 0;
}

static void
run_child(const struct git *g, char **argv, int out)
{
	int fd = open(g->input ? g->input : "/dev/null", O_RDONLY);

	if (fd > 0)
		dup2(fd, 0);
	dup2(out, 1);
	if (g->quiet) {
		fd = open("/dev/null", O_WRONLY);
		dup2(fd, 2);
	}
	set_environment(g);
	if (keeps_author(argv)) {
		unsetenv("GIT_AUTHOR_NAME");
		unsetenv("GIT_AUTHOR_EMAIL");
		unsetenv("GIT_AUTHOR_DATE");
	}
	execvp(argv[0], argv);
	warn_("the program 'git' is missing");
	_exit(127);
}

static pid_t
start(const struct git *g, char **argv, int out)
{
	pid_t pid;

	fflush(stdout);
	fflush(stderr);
	pid = fork();
	if (pid < 0)
		die("cannot start git: %s", strerror(errno));
	if (pid == 0)
		run_child(g, argv, out);
	return pid;
}

int
git_run(const struct git *g, ...)
{
	char *argv[MAX_WORDS];
	int null = open("/dev/null", O_WRONLY | O_CLOEXEC), status;
	va_list ap;

	va_start(ap, g);
	collect(argv, g->dir, ap);
	va_end(ap);
	status = wait_status(start(g, argv, g->quiet ? null : 2));
	close(null);
	return status;
}

char *
git_read(const struct git *g, ...)
{
	char *argv[MAX_WORDS], chunk[65536];
	struct buf b = { 0 };
	int fds[2];
	va_list ap;
	ssize_t n;
	pid_t pid;

	va_start(ap, g);
	collect(argv, g->dir, ap);
	va_end(ap);
	if (pipe(fds) < 0)
		die("pipe: %s", strerror(errno));
	fcntl(fds[0], F_SETFD, FD_CLOEXEC);
	fcntl(fds[1], F_SETFD, FD_CLOEXEC);
	pid = start(g, argv, fds[1]);
	close(fds[1]);
	buf_add(&b, "", 0);
	while ((n = read(fds[0], chunk, sizeof(chunk))) > 0 || (n < 0 && errno == EINTR))
		if (n > 0)
			buf_add(&b, chunk, (size_t)n);
	close(fds[0]);
	if (wait_status(pid) != 0) {
		free(b.s);
		return NULL;
	}
	if (b.n && b.s[b.n - 1] == '\n')
		b.s[--b.n] = '\0';
	return b.s;
}

void
git_lines(char *text, struct list *out)
{
	char *line, *save;

	for (line = text ? strtok_r(text, "\n", &save) : NULL; line;
	     line = strtok_r(NULL, "\n", &save))
		list_add(out, line);
	free(text);
}
