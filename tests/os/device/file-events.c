/* SPDX-License-Identifier: MIT */
/* What the file server tells of: inotify; locks of records, open files and whole files; files without names. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "../check.h"

#define DIR_ "/tmp/events"

static int in, dir;
static char got[4096] __attribute__((aligned(8)));

/* The next event is this one. */
static int event(int wd, uint32_t mask, const char *name)
{
	struct inotify_event *e = (void *)got;
	struct pollfd p = { in, POLLIN, 0 };
	ssize_t n;

	if (poll(&p, 1, 60000) != 1)
		return 0;
	n = read(in, got, sizeof(*e) + 256);
	if (n >= (ssize_t)sizeof(*e) && e->wd == wd && e->mask == mask && (name ? e->len && !strcmp(e->name, name) : !e->len))
		return 1;
	fprintf(stderr, "got wd %d mask %#x name %s\n", e->wd, e->mask, e->len ? e->name : "-");
	return 0;
}

static void touch(const char *path)
{
	int fd = open(path, O_CREAT | O_WRONLY, 0644);

	CHECK(fd >= 0);
	close(fd);
}

static void names_and_changes_are_told(void)
{
	int fd, f;

	in = inotify_init1(IN_CLOEXEC);
	dir = inotify_add_watch(in, DIR_, IN_ALL_EVENTS & ~(IN_OPEN | IN_ATTRIB));
	CHECK(in >= 0 && dir > 0);
	fd = open(DIR_ "/a", O_CREAT | O_RDWR, 0644);
	CHECK(event(dir, IN_CREATE, "a"));
	f = inotify_add_watch(in, DIR_ "/a", IN_DELETE_SELF | IN_ATTRIB);
	CHECK(f > 0 && f != dir);
	CHECK(write(fd, "x", 1) == 1 && event(dir, IN_MODIFY, "a"));
	usleep(200000);
	CHECK(write(fd, "y", 1) == 1 && event(dir, IN_MODIFY, "a"));
	close(fd);
	CHECK(event(dir, IN_CLOSE_WRITE, "a"));
	CHECK(!chmod(DIR_ "/a", 0600) && event(f, IN_ATTRIB, NULL));
	CHECK(!rename(DIR_ "/a", DIR_ "/b") && event(dir, IN_MOVED_FROM, "a") && event(dir, IN_MOVED_TO, "b"));
	CHECK(!mkdir(DIR_ "/sub", 0755) && event(dir, IN_CREATE | IN_ISDIR, "sub"));
	CHECK(!rmdir(DIR_ "/sub") && event(dir, IN_DELETE | IN_ISDIR, "sub"));
	CHECK(!unlink(DIR_ "/b") && event(dir, IN_DELETE, "b") && event(f, IN_DELETE_SELF, NULL) && event(f, IN_IGNORED, NULL));
	CHECK(!inotify_rm_watch(in, dir) && event(dir, IN_IGNORED, NULL));
	CHECK(inotify_rm_watch(in, dir) == -1 && errno == EINVAL);
	touch(DIR_ "/c");
	CHECK(poll(&(struct pollfd){ in, POLLIN, 0 }, 1, 50) == 0);
	unlink(DIR_ "/c");
	close(in);
}

static int lock(int fd, int cmd, short type, off_t start)
{
	struct flock l = { .l_type = type, .l_start = start, .l_len = 1 };

	return fcntl(fd, cmd, &l) ? -1 : l.l_type;
}

/* Runs fn in a child: its result. */
static int in_child(int (*fn)(int fd), int fd)
{
	pid_t pid = fork();
	int status = -1;

	if (!pid)
		_exit(fn(fd));
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int is_free(int fd)
{
	return lock(fd, F_SETLK, F_WRLCK, 0) >= 0;
}

static int takes_it(int fd)
{
	return lock(fd, F_SETLK, F_WRLCK, 5) < 0;
}

static void record_locks_belong_to_processes(void)
{
	int fd = open(DIR_ "/l", O_CREAT | O_RDWR, 0644), other = open(DIR_ "/l", O_RDWR);
	struct flock l = { .l_type = F_WRLCK, .l_len = 1 };

	CHECK(lock(fd, F_SETLK, F_WRLCK, 0) >= 0 && lock(other, F_SETLK, F_WRLCK, 0) >= 0);
	CHECK(!in_child(is_free, fd));
	CHECK(lock(fd, F_GETLK, F_WRLCK, 0) == F_UNLCK);
	close(other);			/* any descriptor of the file: the lock is gone */
	CHECK(in_child(is_free, fd));
	/* A child that ended holds nothing, though its file is open here. */
	CHECK(!in_child(takes_it, fd));
	l.l_start = 5;
	CHECK(!fcntl(fd, F_SETLKW, &l));
	close(fd);
	unlink(DIR_ "/l");
}

/* Waits for the lock at 0 while the parent waits for that at 1: 0 when it is refused, 1 when it got it. */
static int other_side(int fd, int tell)
{
	int held = lock(fd, F_SETLK, F_WRLCK, 1) >= 0;

	if (write(tell, "h", 1) != 1 || !held)
		return 2;
	if (lock(fd, F_SETLKW, F_WRLCK, 0) >= 0)
		return 1;
	return errno == EDEADLK ? 0 : 3;
}

static void deadlocks_are_refused(void)
{
	int fd = open(DIR_ "/l", O_CREAT | O_RDWR, 0644), p[2], status, refused;
	pid_t pid;
	char c;

	CHECK(lock(fd, F_SETLK, F_WRLCK, 0) >= 0 && !pipe(p));
	pid = fork();
	if (!pid)
		_exit(other_side(fd, p[1]));
	CHECK(read(p[0], &c, 1) == 1);
	/* Whoever comes second is refused, and the other gets it. */
	refused = lock(fd, F_SETLKW, F_WRLCK, 1) < 0;
	CHECK(!refused || errno == EDEADLK);
	if (refused)
		CHECK(lock(fd, F_SETLK, F_UNLCK, 0) >= 0);
	CHECK(waitpid(pid, &status, 0) == pid && WIFEXITED(status) && WEXITSTATUS(status) == refused);
	close(p[0]);
	close(p[1]);
	close(fd);
	unlink(DIR_ "/l");
}

static void open_files_own_locks(void)
{
	int fd = open(DIR_ "/l", O_CREAT | O_RDWR, 0644), other = open(DIR_ "/l", O_RDWR), dupped = dup(fd);

	CHECK(lock(fd, F_OFD_SETLK, F_WRLCK, 0) >= 0 && lock(dupped, F_OFD_SETLK, F_WRLCK, 0) >= 0);
	CHECK(lock(other, F_OFD_SETLK, F_WRLCK, 0) == -1 && errno == EAGAIN && lock(other, F_OFD_GETLK, F_WRLCK, 0) == F_WRLCK);
	close(fd);
	CHECK(lock(other, F_OFD_SETLK, F_WRLCK, 0) == -1);
	close(dupped);
	for (int i = 0; i < 6000 && lock(other, F_OFD_SETLK, F_WRLCK, 0) < 0; i++)
		usleep(10000);
	CHECK(lock(other, F_OFD_SETLK, F_WRLCK, 0) >= 0);
	fd = open(DIR_ "/l", O_RDWR);
	CHECK(!flock(fd, LOCK_EX) && flock(other, LOCK_SH | LOCK_NB) == -1 && errno == EWOULDBLOCK);
	CHECK(!flock(fd, LOCK_UN) && !flock(other, LOCK_SH | LOCK_NB));
	close(fd);
	close(other);
	unlink(DIR_ "/l");
}

static void files_without_names(void)
{
	struct stat st;
	int fd = open(DIR_, O_TMPFILE | O_RDWR, 0600);
	char path[64];

	CHECK(fd >= 0 && write(fd, "data", 4) == 4 && !fstat(fd, &st) && !st.st_nlink);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	CHECK(!linkat(AT_FDCWD, path, AT_FDCWD, DIR_ "/named", AT_SYMLINK_FOLLOW));
	CHECK(!stat(DIR_ "/named", &st) && st.st_nlink == 1 && st.st_size == 4);
	CHECK(linkat(fd, "", AT_FDCWD, DIR_ "/named", AT_EMPTY_PATH) == -1 && errno == EEXIST);
	close(fd);
	unlink(DIR_ "/named");
}

#define T(f) { #f, f }
int main(void)
{
	static const struct test tests[] = {
		T(names_and_changes_are_told), T(record_locks_belong_to_processes), T(deadlocks_are_refused),
		T(open_files_own_locks), T(files_without_names), { NULL, NULL },
	};
	int failed;

	alarm(600);
	mkdir(DIR_, 0755);
	failed = run_tests(tests);
	rmdir(DIR_);
	return failed;
}
