/* SPDX-License-Identifier: MIT */
/* wordexp: the shell itself expands the words. */
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <wordexp.h>

extern char **__environ;

/* Characters that would end the words are errors, and with WRDE_NOCMD command substitution is. */
static int check(const char *s, int flags)
{
	int single = 0, dbl = 0, depth = 0;
	for (; *s; s++) {
		if (single) {
			single = *s != '\'';
			continue;
		}
		switch (*s) {
		case '\\':
			if (!s[1])
				return WRDE_SYNTAX;
			s++;
			break;
		case '\'':
			single = !dbl;
			break;
		case '"':
			dbl = !dbl;
			break;
		case '`':
			if (flags & WRDE_NOCMD)
				return WRDE_CMDSUB;
			break;
		case '$':
			if (s[1] == '(' && s[2] != '(' && flags & WRDE_NOCMD)
				return WRDE_CMDSUB;
			if (s[1] == '(' || s[1] == '{')
				depth++, s++;
			break;
		case '(': case ')': case '{': case '}':
			if (depth)
				depth += *s == '(' || *s == '{' ? 1 : -1;
			else if (!dbl)
				return WRDE_BADCHAR;
			break;
		case '\n': case '|': case '&': case ';': case '<': case '>':
			if (!dbl && !depth)
				return WRDE_BADCHAR;
		}
	}
	return single || dbl || depth ? WRDE_SYNTAX : 0;
}

/* Starts a shell that prints every word with a NUL behind it. */
static FILE *start(const char *s, int flags, pid_t *pid)
{
	static const char script[] =
		"eval \"printf %s\\\\\\\\0 x $1 $2\"";
	char *argv[] = { "sh", flags & WRDE_UNDEF ? "-uc" : "-c", (char *)script, "sh", (char *)s,
		flags & WRDE_SHOWERR ? "" : "2>/dev/null", NULL };
	posix_spawn_file_actions_t fa;
	int p[2], e;
	if (pipe2(p, O_CLOEXEC) < 0)
		return NULL;
	posix_spawn_file_actions_init(&fa);
	posix_spawn_file_actions_adddup2(&fa, p[1], 1);
	e = posix_spawn(pid, "/bin/sh", &fa, NULL, argv, __environ);
	posix_spawn_file_actions_destroy(&fa);
	close(p[1]);
	FILE *f = e ? NULL : fdopen(p[0], "r");
	if (!f)
		close(p[0]);
	return f;
}

static int add_word(wordexp_t *we, char *w, size_t offs)
{
	char **v = realloc(we->we_wordv, (offs + we->we_wordc + 2) * sizeof(*v));
	if (!v)
		return WRDE_NOSPACE;
	if (!we->we_wordv)
		memset(v, 0, offs * sizeof(*v));
	we->we_wordv = v;
	v[offs + we->we_wordc++] = w;
	v[offs + we->we_wordc] = NULL;
	return 0;
}

int wordexp(const char *restrict s, wordexp_t *restrict we, int flags)
{
	size_t offs = flags & WRDE_DOOFFS ? we->we_offs : 0, n = 0;
	char *w = NULL;
	pid_t pid;
	int status, e, first = 1;
	if (flags & WRDE_REUSE)
		wordfree(we);
	if (!(flags & WRDE_APPEND)) {
		we->we_wordc = 0;
		we->we_wordv = NULL;
		we->we_offs = offs;
	}
	if ((e = check(s, flags)))
		return e;
	FILE *f = start(s, flags, &pid);
	if (!f)
		return WRDE_NOSPACE;
	while (!e && getdelim(&w, &n, 0, f) > 0) {
		if (first) {
			first = 0;
			continue;
		}
		e = add_word(we, w, offs);
		w = NULL;
		n = 0;
	}
	free(w);
	fclose(f);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (!e && (first || !WIFEXITED(status) || WEXITSTATUS(status)))
		e = flags & WRDE_UNDEF ? WRDE_BADVAL : WRDE_SYNTAX;
	if (!we->we_wordv && !e && !(we->we_wordv = calloc(offs + 1, sizeof(char *))))
		e = WRDE_NOSPACE;
	return e;
}

void wordfree(wordexp_t *we)
{
	for (size_t i = 0; we->we_wordv && i < we->we_wordc; i++)
		free(we->we_wordv[we->we_offs + i]);
	free(we->we_wordv);
	we->we_wordv = NULL;
	we->we_wordc = 0;
}
