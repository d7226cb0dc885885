/* SPDX-License-Identifier: MIT */
/* ps: lists processes, with the options of POSIX.1-2024. */
#include <dirent.h>
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "ps.h"

#define INODE_OF_TTY 100	/* st_ino of a terminal: its id behind this (os/srv/ptyd/tree.c) */

int row_get(uint32_t pid, struct row *r)
{
	struct msg m = { .w = { P_INFO, pid },
			 .r = { { 0, 0 }, { (uint64_t)&r->info, sizeof(r->info) } } };
	int64_t e;

	memset(r, 0, sizeof(*r));
	e = sys_call(srv_start()->procd, &m);
	if (e < 0)
		return (int)e;
	r->pid = pid;
	r->ppid = (uint32_t)m.w[1];
	r->pgid = (uint32_t)m.w[2];
	r->sid = (uint32_t)m.w[3];
	r->uid = CRED_UID(m.w[4]);
	r->gid = CRED_GID(m.w[4]);
	r->state = (uint32_t)m.w[5];
	r->tty = (uint32_t)m.w[6];
	return 0;
}

const char *row_args(uint32_t pid)
{
	static char text[CMDLINE_MAX + 1];
	struct msg m = { .w = { P_CMDLINE, pid }, .r = { { 0, 0 }, { (uint64_t)text, CMDLINE_MAX } } };
	int64_t n = sys_call(srv_start()->procd, &m);
	size_t path;

	if (n <= 0)
		return "";
	text[n] = 0;
	path = strlen(text) + 1;	/* the path comes before the arguments */
	for (int64_t i = (int64_t)path; i + 1 < n; i++)
		if (!text[i])
			text[i] = ' ';
		else if ((unsigned char)text[i] < ' ')
			text[i] = '?';
	return path < (size_t)n ? text + path : "";
}

/* Whether a name of the folder is that of the terminal. */
static int tty_in(const char *dir, uint32_t tty, char *name, size_t n)
{
	DIR *d = opendir(dir);
	struct dirent *e;
	struct stat st;
	int found = 0;

	while (d && !found && (e = readdir(d)) != NULL) {
		if (fstatat(dirfd(d), e->d_name, &st, AT_SYMLINK_NOFOLLOW) || !S_ISCHR(st.st_mode))
			continue;
		found = st.st_ino == INODE_OF_TTY + tty;
		if (found)
			snprintf(name, n, "%s%s", dir + strlen("/dev/"), e->d_name);
	}
	if (d)
		closedir(d);
	return found;
}

const char *tty_name(uint32_t tty)
{
	static uint32_t last;
	static char name[300];

	if (!tty)
		return "?";
	if (tty != last && !tty_in("/dev/", tty, name, sizeof(name)) && !tty_in("/dev/pts/", tty, name, sizeof(name)))
		snprintf(name, sizeof(name), "%u", tty);
	last = tty;
	return name;
}

static int usage(void)
{
	fprintf(stderr, "usage: ps [-aAdefjl] [-o FORMAT] [-p PIDS] [-t TERMINALS] [-u USERS] [-U USERS]\n"
			"          [-g SESSIONS] [-G GROUPS] [PID ...]\n");
	return 2;
}

/* The columns of a letter, the last one wins; -o wins over all. */
static const char *columns_of(int letter)
{
	switch (letter) {
	case 'f':
		return "user=UID,pid,ppid,tty=TTY,time,cmd";
	case 'j':
		return "pid,pgid,sid,tty=TTY,time,comm=CMD";
	case 'u':
		return "user,pid,vsz,rss,tty=TTY,s,time,cmd=COMMAND";
	case 'l':
		return "s,uid,pid,ppid,pgid,sid,ni,rss,vsz,tty=TTY,time,comm=CMD";
	default:
		return "pid,tty=TTY,time,comm=CMD";
	}
}

static void columns_add_each(const char *format)
{
	char one[32];
	size_t n;

	for (; *format; format += n + (format[n] == ',')) {
		n = strcspn(format, ",");
		snprintf(one, sizeof(one), "%.*s", (int)n, format);
		columns_add(one);
	}
}

/* "ps aux", "ps ax": the words of BSD for all processes; 0 when it is no such word. */
static int old_word(const char *s, int *letter)
{
	if (!strchr("ax", *s) || s[strspn(s, "axufjlw")])
		return 0;
	choose_letter(strchr(s, 'x') ? 'A' : 'a');
	for (; *s; s++)
		if (!strchr("axw", *s))
			*letter = *s;
	return 1;
}

static int options(int argc, char **argv)
{
	static const char lists[] = "pguGt";
	int c, letter = 0, own = 0;

	while ((c = getopt(argc, argv, "aAdefjlo:p:t:u:U:g:G:")) != -1)
		if (c == '?')
			return usage();
		else if (c == 'o')
			own = 1, columns_add(optarg);
		else if (optarg && strchr("ptuUgG", c))
			choose((enum what)(strchr(lists, c == 'U' ? 'u' : c) - lists), optarg);
		else if (strchr("fjl", c))
			letter = c;
		else
			choose_letter(c);
	for (; optind < argc; optind++)
		if (!old_word(argv[optind], &letter))
			choose(BY_PID, argv[optind]);
	if (!own)
		columns_add_each(columns_of(letter));
	return 0;
}

int main(int argc, char **argv)
{
	static uint32_t pids[16384];
	struct msg m = { .w = { P_LIST }, .r = { { 0, 0 }, { (uint64_t)pids, sizeof(pids) } } };
	struct row r, self;
	int64_t n, printed = 0;
	int bad = options(argc, argv);

	if (bad)
		return bad;
	n = sys_call(srv_start()->procd, &m);
	if (n < 0 || row_get((uint32_t)getpid(), &self))
		errx(2, "procd does not answer");
	print_header();
	for (int64_t i = 0; i < n; i++)
		if (!row_get(pids[i], &r) && chosen(&r, &self)) {
			print_row(&r);
			printed++;
		}
	if (fflush(stdout))
		err(2, "cannot write");
	return printed == 0;
}
