/* SPDX-License-Identifier: MIT */
/* The programs about users, as they are used: made, given a password, logged in by su on a terminal, removed. */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <pty.h>
#include <pwd.h>
#include <shadow.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <utmpx.h>
#include "../check.h"

static char out[4096];
static size_t nout;

static int sh(const char *command)
{
	int status = system(command);

	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* Reads from the terminal till the text comes: 1, or 0 after a minute. */
static int expect(int fd, const char *text)
{
	time_t end = time(NULL) + 60;

	for (nout = 0; time(NULL) < end; ) {
		struct pollfd p = { fd, POLLIN, 0 };
		ssize_t n;

		if (poll(&p, 1, 500) != 1)
			continue;
		n = read(fd, out + nout, sizeof(out) - 1 - nout);
		if (n <= 0)
			break;
		nout += (size_t)n;
		out[nout] = '\0';
		if (strstr(out, text))
			return 1;
	}
	fprintf(stderr, "no \"%s\" in \"%.*s\"\n", text, (int)nout, out);
	return 0;
}

static void type(int fd, const char *text)
{
	CHECK(write(fd, text, strlen(text)) == (ssize_t)strlen(text));
}

/* Runs a command on a terminal of its own, as this user. */
static pid_t on_terminal(uid_t uid, const char *command, int *fd)
{
	pid_t pid = forkpty(fd, NULL, NULL, NULL);

	if (!pid) {
		if (setgid(uid) || setuid(uid))
			_exit(99);
		execl("/bin/sh", "sh", "-c", command, (char *)NULL);
		_exit(98);
	}
	return pid;
}

static int ended(pid_t pid)
{
	int status = -1;

	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void users_are_made(void)
{
	struct passwd *pw;
	struct stat st;

	sh("userdel -r testuser 2>/dev/null; userdel testgroup 2>/dev/null");
	CHECK(sh("groupadd testgroup") == 0 || getgrnam("testgroup"));
	CHECK(sh("useradd -m -G testgroup,users -c 'A Tester' testuser") == 0);
	CHECK(sh("useradd testuser 2>/dev/null") == 1 && sh("useradd 0bad 2>/dev/null") == 1);
	pw = getpwnam("testuser");
	CHECK(pw && pw->pw_uid >= 1000 && !strcmp(pw->pw_dir, "/home/testuser") && !strcmp(pw->pw_gecos, "A Tester"));
	CHECK(!stat("/home/testuser", &st) && pw && st.st_uid == pw->pw_uid && (st.st_mode & 07777) == 0700);
	CHECK(getgrnam("testgroup") && !strcmp(getgrnam("testgroup")->gr_mem[0], "testuser"));
	CHECK(!stat("/etc/shadow", &st) && (st.st_mode & 07777) == 0600);
	CHECK(getspnam("testuser") && !strcmp(getspnam("testuser")->sp_pwdp, "!"));
}

static void passwords_are_set(void)
{
	int fd;
	pid_t pid = on_terminal(0, "passwd testuser", &fd);

	CHECK(expect(fd, "New password: "));
	type(fd, "secret1\n");
	CHECK(expect(fd, "again: "));
	type(fd, "secret1\n");
	CHECK(ended(pid) == 0);
	close(fd);
	CHECK(!strncmp(getspnam("testuser")->sp_pwdp, "$6$", 3));
}

static void su_asks_others(void)
{
	int fd;
	pid_t pid = on_terminal(65534, "su - testuser -c 'id -un; pwd; echo $HOME $0'", &fd);

	CHECK(expect(fd, "Password: "));
	type(fd, "secret1\n");
	CHECK(expect(fd, "testuser\r\n/home/testuser\r\n/home/testuser -sh"));
	CHECK(ended(pid) == 0);
	close(fd);
	pid = on_terminal(65534, "su testuser -c true", &fd);
	CHECK(expect(fd, "Password: "));
	type(fd, "wrong\n");
	CHECK(expect(fd, "sorry") && ended(pid) == 1);
	close(fd);
	CHECK(sh("test \"$(su testuser -c 'id -Gn')\" = 'testuser users testgroup'") == 0 ||
	      sh("test \"$(su testuser -c 'id -Gn')\" = 'testuser testgroup users'") == 0);
}

static void users_change_their_own(void)
{
	struct passwd *pw = getpwnam("testuser");
	int fd;
	pid_t pid = on_terminal(pw->pw_uid, "passwd", &fd);

	CHECK(expect(fd, "Old password: "));
	type(fd, "secret1\n");
	CHECK(expect(fd, "New password: "));
	type(fd, "secret2\n");
	CHECK(expect(fd, "again: "));
	type(fd, "secret2\n");
	CHECK(ended(pid) == 0);
	close(fd);
	pid = on_terminal(pw->pw_uid, "passwd root", &fd);
	CHECK(expect(fd, "only root") && ended(pid) == 1);
	close(fd);
}

static void login_asks_and_notes(void)
{
	struct utmpx *u, want = { .ut_type = USER_PROCESS };
	int fd, found = 0;
	pid_t pid = on_terminal(0, "exec login", &fd);

	CHECK(expect(fd, "login: "));
	type(fd, "testuser\n");
	CHECK(expect(fd, "Password: "));
	type(fd, "secret2\n");
	CHECK(expect(fd, "$ "));
	(void)want;
	setutxent();
	while ((u = getutxent()))
		found |= u->ut_type == USER_PROCESS && !strcmp(u->ut_user, "testuser") && u->ut_pid == pid;
	endutxent();
	CHECK(found);
	type(fd, "stat -c %U:%G:%a $(tty)\n");
	CHECK(expect(fd, "testuser:tty:620"));
	type(fd, "exit 4\n");
	CHECK(ended(pid) == 4);
	close(fd);
}

static void users_are_removed(void)
{
	CHECK(sh("userdel -r testuser") == 0);
	CHECK(!getpwnam("testuser") && !getgrnam("testuser") && !getspnam("testuser"));
	CHECK(access("/home/testuser", F_OK) == -1 && errno == ENOENT);
	CHECK(getgrnam("testgroup") && !getgrnam("testgroup")->gr_mem[0]);
}

#define T(f) { #f, f }
int main(void)
{
	static const struct test tests[] = {
		T(users_are_made), T(passwords_are_set), T(su_asks_others), T(users_change_their_own),
		T(login_asks_and_notes), T(users_are_removed), { NULL, NULL },
	};

	alarm(600);
	setenv("PATH", "/usr/bin:/bin", 1);
	setenv("PS1", "$ ", 1);
	return run_tests(tests);
}
