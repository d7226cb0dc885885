/* SPDX-License-Identifier: MIT */
/* login, logout, logwtmp: the records that programs which log users in keep. */
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>
#include <utmp.h>

#define HISTORY "/var/log/wtmp"

static void stamp(struct utmp *u)
{
	gettimeofday(&u->ut_tv, NULL);
}

/* The last characters of a terminal's name tell one from another. */
static void set_line(struct utmp *u, const char *line)
{
	size_t n = strlen(line);

	memcpy(u->ut_line, line, n < sizeof(u->ut_line) ? n : sizeof(u->ut_line));
	if (n > sizeof(u->ut_id)) {
		line += n - sizeof(u->ut_id);
		n = sizeof(u->ut_id);
	}
	memcpy(u->ut_id, line, n);
}

void login(const struct utmp *with)
{
	struct utmp u = *with;
	char name[64] = "?";

	u.ut_type = USER_PROCESS;
	u.ut_pid = getpid();
	stamp(&u);
	for (int fd = 0; fd < 3; fd++)
		if (!ttyname_r(fd, name, sizeof(name)))
			break;
	set_line(&u, strncmp(name, "/dev/", 5) ? name : name + 5);
	pututline(&u);
	endutent();
	updwtmp(HISTORY, &u);
}

int logout(const char *line)
{
	struct utmp want = { .ut_type = USER_PROCESS }, *u;
	int found;

	set_line(&want, line);
	setutent();
	u = getutline(&want);
	if (u) {
		u->ut_type = DEAD_PROCESS;
		memset(u->ut_user, 0, sizeof(u->ut_user));
		memset(u->ut_host, 0, sizeof(u->ut_host));
		stamp(u);
		pututline(u);
	}
	found = u != NULL;
	endutent();
	return found;
}

void logwtmp(const char *line, const char *name, const char *host)
{
	struct utmp u = { .ut_type = *name ? USER_PROCESS : DEAD_PROCESS, .ut_pid = getpid() };

	set_line(&u, line);
	memcpy(u.ut_user, name, strnlen(name, sizeof(u.ut_user)));
	memcpy(u.ut_host, host, strnlen(host, sizeof(u.ut_host)));
	stamp(&u);
	updwtmp(HISTORY, &u);
}
