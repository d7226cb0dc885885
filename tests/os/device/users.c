/* SPDX-License-Identifier: MIT */
/* Users: ids and who may change them, set-id programs, groups, permissions of files, signals and handles. */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "../../../os/abi/file.h"
#include "../../../os/abi/msg.h"
#include "../../../os/abi/proc.h"
#include "../../../os/lib/sys.h"
#include "../check.h"

#define DIR_ "/tmp/users"
#define ALICE 1001
#define BOB 1002
#define STAFF 50

int __calx_names(void);
int __calx_procd(void);
int __calx_root(const char *prefix);

extern char **environ;
static const char *self;

/* Runs fn as this user (in group STAFF too when staff): true when nothing in it failed. */
static int as(uid_t uid, int staff, void (*fn)(void))
{
	gid_t group = STAFF;
	pid_t pid = fork();
	int status;

	if (!pid) {
		check_why = NULL;
		CHECK(!setgroups(staff, &group) && !setgid(uid) && !setuid(uid));
		fn();
		if (check_why)
			fprintf(stderr, "as %d: not so: %s\n", (int)uid, check_why);
		_exit(check_why != NULL);
	}
	return waitpid(pid, &status, 0) == pid && !status;
}

static void file(const char *path, mode_t mode, uid_t uid, gid_t gid)
{
	int fd = open(path, O_CREAT | O_WRONLY, 0600);

	CHECK(fd >= 0 && !fchown(fd, uid, gid) && !fchmod(fd, mode));
	close(fd);
}

static int may_open(const char *path, int flags)
{
	int fd = open(path, flags);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

static void user_ids(void)
{
	uid_t r, e, s;

	CHECK(setuid(0) == -1 && errno == EPERM && seteuid(BOB) == -1 && setgid(0) == -1);
	CHECK(setgroups(0, NULL) == -1 && errno == EPERM);
	CHECK(!getresuid(&r, &e, &s) && r == ALICE && e == ALICE && s == ALICE);
}

static void root_lends_itself(void)
{
	pid_t pid = fork();
	int status;

	if (!pid) {
		check_why = NULL;
		CHECK(!seteuid(ALICE) && geteuid() == ALICE && getuid() == 0);
		CHECK(open("/etc/shadow", O_RDONLY) == -1 && !access("/etc/shadow", R_OK));
		CHECK(eaccess("/etc/shadow", R_OK) == -1);
		CHECK(!seteuid(0) && !setuid(ALICE) && seteuid(0) == -1);
		_exit(check_why != NULL);
	}
	CHECK(waitpid(pid, &status, 0) == pid && !status);
}

static void ids_follow_the_rules(void)
{
	CHECK(as(ALICE, 0, user_ids));
	root_lends_itself();
}

static void alice_files(void)
{
	struct stat st;

	CHECK(may_open(DIR_ "/mine", O_RDWR) && !may_open(DIR_ "/roots", O_RDONLY) && errno == EACCES);
	CHECK(!may_open(DIR_ "/staff", O_RDONLY));
	CHECK(chmod(DIR_ "/roots", 0777) == -1 && errno == EPERM && !chmod(DIR_ "/mine", 0640));
	CHECK(chown(DIR_ "/mine", BOB, -1) == -1 && errno == EPERM && chown(DIR_ "/mine", -1, STAFF) == -1);
	CHECK(open(DIR_ "/new", O_CREAT | O_RDWR, 0666) == -1 && errno == EACCES);
	CHECK(!may_open(DIR_ "/closed/f", O_RDONLY) && errno == EACCES);
	CHECK(access(DIR_ "/roots", R_OK) == -1 && !access(DIR_ "/mine", R_OK | W_OK));
	CHECK(unlink("/tmp/users-sticky") == -1);
	CHECK(errno == EPERM);
	umask(027);
	CHECK(close(open("/tmp/users-own", O_CREAT | O_RDWR, 0666)) == 0 && !stat("/tmp/users-own", &st));
	CHECK((st.st_mode & 07777) == 0640 && st.st_uid == ALICE && st.st_gid == ALICE);
	CHECK(!unlink("/tmp/users-own"));
}

static void staff_files(void)
{
	gid_t list[4];

	CHECK(getgroups(4, list) == 1 && list[0] == STAFF);
	CHECK(may_open(DIR_ "/staff", O_RDONLY) && !may_open(DIR_ "/staff", O_RDWR));
	CHECK(!chown(DIR_ "/mine", -1, STAFF));
}

static void files_are_guarded(void)
{
	file(DIR_ "/mine", 0600, ALICE, ALICE);
	file(DIR_ "/roots", 0600, 0, 0);
	file(DIR_ "/staff", 0640, 0, STAFF);
	CHECK(!mkdir(DIR_ "/closed", 0700));
	file(DIR_ "/closed/f", 0644, 0, 0);
	file("/tmp/users-sticky", 0666, 0, 0);
	CHECK(as(ALICE, 0, alice_files));
	CHECK(as(ALICE, 1, staff_files));
	unlink(DIR_ "/mine");
	unlink(DIR_ "/roots");
	unlink(DIR_ "/staff");
	unlink(DIR_ "/closed/f");
	rmdir(DIR_ "/closed");
	unlink("/tmp/users-sticky");
}

/* Executes the copy of this program with `what`: its status. */
static int run(const char *path, const char *what, int spawn)
{
	char *const argv[] = { (char *)path, (char *)what, NULL };
	int status = -1;
	pid_t pid;

	if (spawn) {
		if (posix_spawn(&pid, path, NULL, NULL, argv, environ))
			return -2;
	} else if (!(pid = fork())) {
		execv(path, argv);
		_exit(errno == EACCES ? 126 : 125);
	}
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int copy_self(const char *to, mode_t mode)
{
	char buf[65536];
	int in = open(self, O_RDONLY), out = open(to, O_CREAT | O_WRONLY | O_TRUNC, 0700);
	ssize_t n;

	while ((n = read(in, buf, sizeof(buf))) > 0)
		if (write(out, buf, (size_t)n) != n)
			return -1;
	close(in);
	fchmod(out, mode);
	return close(out);
}

static void alice_runs(void)
{
	CHECK(run(DIR_ "/suid", "secure-root", 0) == 7);
	CHECK(run(DIR_ "/suid", "secure-root", 1) == 7);
	CHECK(run(DIR_ "/sgid", "group-staff", 0) == 7);
	unsetenv("LD_PRELOAD");		/* which only set-id programs may ignore */
	CHECK(run(DIR_ "/plain", "ordinary", 0) == 7);
	CHECK(run(DIR_ "/hidden", "ordinary", 0) == 7);	/* may be executed, not read */
	CHECK(run(DIR_ "/forbidden", "ordinary", 0) == 126);
}

static void set_id_programs_get_their_ids(void)
{
	CHECK(!copy_self(DIR_ "/suid", 04755) && !copy_self(DIR_ "/sgid", 02755) && !chown(DIR_ "/sgid", 0, STAFF));
	CHECK(!chmod(DIR_ "/sgid", 02755));
	CHECK(!copy_self(DIR_ "/plain", 0755) && !copy_self(DIR_ "/hidden", 0711) && !copy_self(DIR_ "/forbidden", 0700));
	setenv("LD_PRELOAD", "/nowhere.so", 1);
	CHECK(as(ALICE, 0, alice_runs));
	unsetenv("LD_PRELOAD");
	CHECK(run(DIR_ "/suid", "root-as-ever", 0) == 7);
	for (const char *const *p = (const char *const[]){ "suid", "sgid", "plain", "hidden", "forbidden", NULL }; *p; p++) {
		char path[64];

		snprintf(path, sizeof(path), DIR_ "/%s", *p);
		unlink(path);
	}
}

static pid_t target;

static void alice_kills(void)
{
	CHECK(kill(target, SIGTERM) == -1 && errno == EPERM && kill(target, 0) == -1 && kill(1, SIGKILL) == -1);
	CHECK(kill(-1, SIGTERM) == -1);
}

static void signals_are_guarded(void)
{
	target = fork();
	if (!target) {
		pause();
		_exit(0);
	}
	CHECK(as(ALICE, 0, alice_kills) && !kill(target, SIGKILL) && waitpid(target, NULL, 0) == target);
}

static int64_t ask(handle_t h, uint64_t op, uint64_t w1, const char *text)
{
	struct msg m = { .w = { op, w1 }, .r[0] = { (uint64_t)text, text ? strlen(text) : 0 } };

	return sys_call(h, &m);
}

static void alice_asks_servers(void)
{
	handle_t names = __calx_names(), procd = __calx_procd();
	struct msg m = { .w = { P_EXEC } };

	CHECK(ask(names, N_REGISTER, 0, "/etc") == -EPERM && ask(names, N_DEVICE, 0, "blk0") == -EPERM);
	CHECK(ask(names, N_POWER, 0, NULL) == -EPERM && ask(names, N_SERVICE, SERVICE_STOP, "netd") == -EPERM);
	CHECK(ask(procd, P_LEADERS, 0, NULL) == -EPERM && ask(procd, P_GROUPSET, 1, NULL) == -EPERM);
	CHECK(ask(procd, P_DEATHS_FILE, 0, NULL) == -EPERM && ask(procd, P_GETIDS, 1, NULL) == -EPERM);
	CHECK(ask(__calx_root("/dev"), T_ATTACH, 0, "tty0") == -EPERM);
	CHECK(sys_reply_exec(1, NULL) == -EPERM);
	(void)m;
}

static void servers_are_guarded(void)
{
	CHECK(as(ALICE, 0, alice_asks_servers));
}

/* What a copy of this program finds when it was executed in some way: 7 when all is as it should be. */
static int executed(const char *what)
{
	if (!strcmp(what, "secure-root"))
		return geteuid() == 0 && getuid() == ALICE && getauxval(AT_SECURE) && !secure_getenv("HOME") &&
		       may_open("/etc/shadow", O_RDONLY) && access("/etc/shadow", R_OK) && !seteuid(ALICE) && !seteuid(0) &&
		       !setuid(ALICE) && setuid(0) ? 7 : 1;
	if (!strcmp(what, "group-staff"))
		return geteuid() == ALICE && getegid() == STAFF && getgid() == ALICE && getauxval(AT_SECURE) ? 7 : 1;
	if (!strcmp(what, "ordinary"))
		return geteuid() == ALICE && getuid() == ALICE && !getauxval(AT_SECURE) ? 7 : 1;
	return !geteuid() && !getuid() && !getauxval(AT_SECURE) ? 7 : 1;
}

#define T(f) { #f, f }
int main(int argc, char **argv)
{
	static const struct test tests[] = {
		T(ids_follow_the_rules), T(files_are_guarded), T(set_id_programs_get_their_ids),
		T(signals_are_guarded), T(servers_are_guarded), { NULL, NULL },
	};
	int failed;

	if (argc > 1)
		return executed(argv[1]);
	alarm(600);
	self = argv[0];
	mkdir(DIR_, 0755);
	failed = run_tests(tests);
	rmdir(DIR_);
	return failed;
}
