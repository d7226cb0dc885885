/* SPDX-License-Identifier: MIT */
/* Programs give up system calls and names (sys/seal.h, sandbox(1)), and do not get them back. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/seal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "../../../os/abi/file.h"
#include "../../../os/abi/proc.h"
#include "../../../os/lib/sys.h"
#include "../check.h"

#define DIR_	"/tmp/sealing"

static const char *self;

/* A child's answer: 0, the number of the first condition that does not hold, or 1000 + signal. */
static int child(void (*fn)(void))
{
	int status = 0;
	pid_t pid = fork();

	if (pid == 0) {
		fn();
		_exit(0);
	}
	waitpid(pid, &status, 0);
	return WIFSIGNALED(status) ? 1000 + WTERMSIG(status) : WEXITSTATUS(status);
}

/* In a child: ends it with the line, modulo 256. */
#define NEED(cond) do { if (!(cond)) { printf("line %d: not so: %s (%s)\n", __LINE__, #cond, strerror(errno)); \
	fflush(stdout); _exit(99); } } while (0)
#define FAILS(call, error) NEED((call) == -1 && errno == (error))

static int run(const char *command)
{
	int status = system(command);

	return WIFSIGNALED(status) ? 1000 + WTERMSIG(status) : WEXITSTATUS(status);
}

static void give_up_forking(void)
{
	NEED(!seal_calls(SEAL_FORK, SEAL_EPERM));
	FAILS(fork(), EPERM);
	NEED(getppid() > 1 && open("/etc/passwd", O_RDONLY) >= 0);
	NEED(!seal_calls(0, SEAL_EPERM));
	FAILS(fork(), EPERM);
	execl(self, self, "fork", (char *)NULL);
}

static void given_up_calls_stay_away(void)
{
	CHECK(child(give_up_forking) == EPERM);
	CHECK(seal_calls(0x8000, 0) == -1 && errno == EINVAL);
	CHECK(seal_calls(SEAL_FORK, 64) == -1 && errno == EINVAL);
}

static void give_up_later(void)
{
	int status;

	NEED(!seal_calls(SEAL_FORK, SEAL_EPERM | SEAL_LATER));
	pid_t pid = fork();
	NEED(pid >= 0);
	if (!pid)
		execl(self, self, "fork", (char *)NULL);
	NEED(waitpid(pid, &status, 0) == pid && WEXITSTATUS(status) == EPERM);
	execl(self, self, "fork", (char *)NULL);
}

static void a_later_seal_begins_with_the_next_program(void)
{
	CHECK(child(give_up_later) == EPERM);
}

static void caught(int signo)
{
	(void)signo;
}

static void break_the_seal(void)
{
	signal(SIGSYS, caught);
	NEED(!seal_calls(SEAL_NAMES, SEAL_KILL));
	open("/etc/passwd", O_RDONLY);
}

static void who_breaks_a_deadly_seal_is_killed(void)
{
	CHECK(child(break_the_seal) == 1000 + SIGSYS);
}

static pthread_barrier_t barrier;

static void *other_thread(void *arg)
{
	(void)arg;
	pthread_barrier_wait(&barrier);
	pthread_barrier_wait(&barrier);
	pid_t pid = fork();
	return (void *)(long)(pid < 0 ? errno : 0);
}

static void seal_with_threads(void)
{
	pthread_t t;
	void *got = NULL;

	pthread_barrier_init(&barrier, NULL, 2);
	NEED(!pthread_create(&t, NULL, other_thread, NULL));
	pthread_barrier_wait(&barrier);
	NEED(!seal_calls(SEAL_FORK | SEAL_THREAD, SEAL_EPERM));
	pthread_barrier_wait(&barrier);
	NEED(!pthread_join(t, &got) && (long)got == EPERM);
	NEED(pthread_create(&t, NULL, other_thread, NULL) != 0);
}

static void all_threads_are_sealed(void)
{
	CHECK(child(seal_with_threads) == 0);
}

static void give_up_code(void)
{
	void *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	NEED(p != MAP_FAILED);
	NEED(!mprotect(p, 4096, PROT_READ | PROT_EXEC) && !mprotect(p, 4096, PROT_READ | PROT_WRITE));
	NEED(!seal_calls(SEAL_CODE, SEAL_EPERM));
	FAILS(mprotect(p, 4096, PROT_READ | PROT_EXEC), EPERM);
	NEED(!mprotect(p, 4096, PROT_READ));
	NEED(mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED && errno == EPERM);
	NEED(mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED);
}

static void no_more_code_comes_in(void)
{
	CHECK(child(give_up_code) == 0);
}

static void make(const char *path)
{
	int fd = open(path, O_CREAT | O_WRONLY | O_TRUNC, 0644);

	CHECK(fd >= 0 && write(fd, "x", 1) == 1);
	close(fd);
}

static void make_files(void)
{
	CHECK(run("rm -rf " DIR_ "; mkdir -p " DIR_ "/ro/sub " DIR_ "/in " DIR_ "/out") == 0);
	make(DIR_ "/ro/file");
	make(DIR_ "/out/secret");
	CHECK(!symlink("../out/secret", DIR_ "/in/link") && !symlink("/etc/passwd", DIR_ "/in/absolute"));
}

static void keep(void)
{
	const struct seal_name names[] = { { DIR_ "/ro", 0 }, { DIR_ "/in", 1 }, { "/dev", 1 } };

	NEED(!seal_names(names, 3));
}

static void read_only_part(void)
{
	keep();
	NEED(open(DIR_ "/ro/file", O_RDONLY) >= 0 && opendir(DIR_ "/ro"));
	FAILS(open(DIR_ "/ro/file", O_WRONLY), EACCES);
	FAILS(open(DIR_ "/ro/file", O_RDONLY | O_TRUNC), EACCES);
	FAILS(open(DIR_ "/ro/new", O_CREAT | O_WRONLY, 0644), EACCES);
	FAILS(truncate(DIR_ "/ro/file", 0), EACCES);
	FAILS(unlink(DIR_ "/ro/file"), EACCES);
	FAILS(rmdir(DIR_ "/ro/sub"), EACCES);
	FAILS(mkdir(DIR_ "/ro/new", 0755), EACCES);
	FAILS(symlink("x", DIR_ "/ro/new"), EACCES);
	FAILS(rename(DIR_ "/ro/file", DIR_ "/in/file"), EACCES);
	FAILS(link(DIR_ "/ro/file", DIR_ "/in/file"), EACCES);
	FAILS(chmod(DIR_ "/ro/file", 0666), EACCES);
	NEED(fchmod(open(DIR_ "/ro/file", O_RDONLY), 0666) == -1);
	NEED(access(DIR_ "/ro/file", W_OK) == -1 && !access(DIR_ "/ro/file", R_OK));
}

static void writable_part(void)
{
	keep();
	NEED(!chdir(DIR_ "/in"));
	int fd = open("new", O_CREAT | O_RDWR, 0644);
	NEED(fd >= 0 && write(fd, "12", 2) == 2 && !fchmod(fd, 0600));
	NEED(!rename("new", "newer") && !link("newer", "other") && !mkdir("d", 0755));
	NEED(!rename("newer", "d/new") && !unlink("d/new") && !unlink("other") && !rmdir("d"));
	FAILS(rmdir(DIR_ "/in"), EACCES);
	FAILS(rename(DIR_ "/in", DIR_ "/ro/in"), EACCES);
}

static void ways_out(void)
{
	char buf[4096];

	keep();
	FAILS(open("/etc/passwd", O_RDONLY), ENOENT);
	FAILS(open(DIR_ "/out/secret", O_RDONLY), ENOENT);
	FAILS(open(DIR_ "/in/../out/secret", O_RDONLY), ENOENT);
	FAILS(open(DIR_ "/in/link", O_RDONLY), ENOENT);
	FAILS(open(DIR_ "/in/absolute", O_RDONLY), ENOENT);
	FAILS(open(DIR_ "/out/new", O_CREAT | O_WRONLY, 0644), ENOENT);
	FAILS(symlink("x", DIR_ "/new"), EACCES);
	int dir = open(DIR_ "/in", O_RDONLY | O_DIRECTORY);
	NEED(dir >= 0 && openat(dir, "link", O_RDONLY | O_NOFOLLOW | O_PATH) >= 0);
	FAILS(openat(dir, "../out/secret", O_RDONLY), ENOENT);
	FAILS(openat(dir, "../../../etc/passwd", O_RDONLY), ENOENT);
	NEED(!opendir(DIR_) && errno == EACCES);
	NEED(!access(DIR_, X_OK) && !chdir(DIR_) && getcwd(buf, sizeof(buf)));
	FAILS(open("/proc/self/status", O_RDONLY), ENOENT);
	FAILS(open("/dev/tty", O_RDWR), ENOENT);
	FAILS(open("/dev/pts/0", O_RDWR), ENOENT);
	NEED(open("/dev/null", O_RDWR) >= 0 && open("/dev/urandom", O_RDONLY) >= 0);
	NEED(socket(AF_UNIX, SOCK_STREAM, 0) == -1 && socket(AF_INET, SOCK_STREAM, 0) == -1);
}

/* What anybody can do who has a number of a handle: by messages, without libc. */
static void try_handle(handle_t h)
{
	static const char *const paths[] = { "etc/passwd", "/etc/passwd", "sealing/out/secret", "../out/secret", "tty", "pts/0" };
	static const char *const names[] = { "/", "/dev", "/net", "/proc", "exec" };

	for (unsigned i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		struct msg m = { .w = { F_OPEN, O_RDONLY }, .r[0] = { (uint64_t)paths[i], strlen(paths[i]) } };
		NEED(sys_call(h, &m) != 0 || !m.nh);
	}
	for (unsigned i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct msg m = { .w = { N_LOOKUP }, .r[0] = { (uint64_t)names[i], strlen(names[i]) } };
		NEED(sys_call(h, &m) != 0 || !m.nh);
	}
	struct msg kill = { .w = { P_KILL, (uint64_t)getppid(), 0 } };
	NEED(sys_call(h, &kill) != 0);
	struct msg debug = { .w = { P_DEBUG, (uint64_t)getppid(), 0 } };
	NEED(sys_call(h, &debug) != 0 || !debug.nh);
	struct msg deaths = { .w = { P_DEATHS_FILE } };
	NEED(sys_call(h, &deaths) != 0 || !deaths.nh);
}

static void try_all_handles(void)
{
	keep();
	chdir(DIR_ "/in");
	for (int64_t h = 3; (h = sys6(SYS_handle_next, (uint64_t)h, 0, 0, 0, 0, 0)) >= 0; h++)
		try_handle((handle_t)h);
	for (int64_t h = H_HIGH; (h = sys6(SYS_handle_next, (uint64_t)h, 0, 0, 0, 0, 0)) >= 0; h++)
		try_handle((handle_t)h);
}

static void see_processes(void)
{
	int status;

	keep();
	FAILS(kill(getppid(), 0), ESRCH);
	FAILS(kill(1, 0), ESRCH);
	FAILS(kill(-1, SIGKILL), ESRCH);
	pid_t pid = fork();
	if (!pid)
		for (;;)
			pause();
	NEED(pid > 0 && !kill(pid, SIGKILL) && waitpid(pid, &status, 0) == pid && WIFSIGNALED(status));
}

static void seal_again(void)
{
	const struct seal_name more[] = { { DIR_ "/ro", 1 } }, other[] = { { "/etc", 0 } }, hidden[] = { { DIR_ "/out", 0 } };

	keep();
	NEED(seal_names(other, 1) == -1 && seal_names(hidden, 1) == -1);
	NEED(open(DIR_ "/in/new", O_CREAT | O_WRONLY, 0644) >= 0);
	NEED(!seal_names(more, 1));
	NEED(open(DIR_ "/ro/file", O_RDONLY) >= 0);
	FAILS(open(DIR_ "/ro/file", O_WRONLY), EACCES);
	FAILS(open(DIR_ "/in/new", O_RDONLY), ENOENT);
}

static void names_that_are_kept_are_all_there_is(void)
{
	make_files();
	CHECK(child(read_only_part) == 0);
	CHECK(child(writable_part) == 0);
	CHECK(child(ways_out) == 0);
	CHECK(child(seal_again) == 0);
}

static void no_handle_leads_out(void)
{
	CHECK(child(try_all_handles) == 0);
}

static void others_are_not_seen(void)
{
	CHECK(child(see_processes) == 0);
}

static void as_user(void)
{
	NEED(!setgid(1000) && !setuid(1000));
	execl("/usr/bin/sandbox", "sandbox", "-r", "/", "/usr/bin/su", "-c", "true", (char *)NULL);
}

static void sandbox_starts_programs(void)
{
	CHECK(run("sandbox -r /etc cat /etc/passwd >/dev/null") == 0);
	CHECK(run("sandbox cat /etc/passwd >/dev/null 2>&1") == 1);
	CHECK(run("sandbox -r /usr sh -c 'exec 2>/dev/null; true && ! cat /etc/passwd'") == 0);
	CHECK(run("sandbox -r /usr -w " DIR_ "/in sh -c 'echo x >" DIR_ "/in/file && exec 2>/dev/null && ! echo x >" DIR_ "/ro/file'") == 0);
	CHECK(run("sandbox -c fork -r /usr sh -c '/usr/bin/true | true' 2>/dev/null") != 0);
	CHECK(run("sandbox -k -c fork -r /usr sh -c '/usr/bin/true | true' 2>/dev/null") >= 128 + SIGSYS);
	CHECK(run("sandbox -r /nothing true 2>/dev/null") == 125);
	CHECK(run("sandbox nothing 2>/dev/null") == 127);
	CHECK(child(as_user) == 126);
}

#define T(f) { #f, f }
int main(int argc, char **argv)
{
	static const struct test tests[] = {
		T(given_up_calls_stay_away), T(a_later_seal_begins_with_the_next_program),
		T(who_breaks_a_deadly_seal_is_killed), T(all_threads_are_sealed), T(no_more_code_comes_in),
		T(names_that_are_kept_are_all_there_is), T(no_handle_leads_out), T(others_are_not_seen),
		T(sandbox_starts_programs), { NULL, NULL },
	};

	self = argv[0];
	if (argc == 2 && !strcmp(argv[1], "fork"))
		return fork() < 0 ? errno : 0;
	return run_tests(tests);
}
