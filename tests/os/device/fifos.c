/* SPDX-License-Identifier: MIT */
/* Fifos: sides that wait for each other, and who opens for both, as programs do that want to keep one alive. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "../check.h"

#define NAME	"/tmp/fifo"

static char data[65536 * 2];

static short bits(int fd, int ms)
{
	struct pollfd p = { fd, POLLIN | POLLOUT, 0 };

	return poll(&p, 1, ms) == 1 ? p.revents : 0;
}

static int is(int fd, const char *want)
{
	char buf[64];
	ssize_t n = read(fd, buf, sizeof(buf));

	return n == (ssize_t)strlen(want) && !memcmp(buf, want, (size_t)n);
}

static void both_sides_in_one_file(void)
{
	struct stat st;
	int fd = open(NAME, O_RDWR);

	CHECK(fd >= 0 && !fstat(fd, &st) && S_ISFIFO(st.st_mode));
	CHECK(bits(fd, 0) == POLLOUT);
	CHECK(write(fd, "own", 3) == 3 && bits(fd, 0) == (POLLIN | POLLOUT) && is(fd, "own") && bits(fd, 0) == POLLOUT);
	CHECK(!fcntl(fd, F_SETFL, O_NONBLOCK) && read(fd, data, 1) == -1 && errno == EAGAIN);
	CHECK(lseek(fd, 0, SEEK_SET) == -1 && errno == ESPIPE);
	close(fd);
}

static void nobody_waits_and_nothing_ends_meanwhile(void)
{
	int fd = open(NAME, O_RDWR), r = open(NAME, O_RDONLY), w = open(NAME, O_WRONLY);

	CHECK(fd >= 0 && r >= 0 && w >= 0);
	CHECK(write(w, "one", 3) == 3 && is(fd, "one"));
	CHECK(write(fd, "two", 3) == 3 && is(r, "two"));
	close(w);
	CHECK(!fcntl(r, F_SETFL, O_NONBLOCK) && read(r, data, 1) == -1 && errno == EAGAIN && !bits(r, 0));
	CHECK(write(fd, "last", 4) == 4);
	close(fd);
	CHECK(bits(r, 60000) & POLLIN && is(r, "last"));
	for (int i = 0; i < 6000 && read(r, data, 1) != 0; i++)	/* the file server hears of the end a little later */
		usleep(10000);
	CHECK(read(r, data, 1) == 0 && bits(r, 0) & POLLHUP);
	close(r);
}

static void a_writer_lives_as_long_as_the_file_for_both(void)
{
	int fd = open(NAME, O_RDWR), w = open(NAME, O_WRONLY | O_NONBLOCK);
	ssize_t n = 0;

	CHECK(fd >= 0 && w >= 0 && write(w, "x", 1) == 1);
	signal(SIGPIPE, SIG_IGN);
	close(fd);
	for (int i = 0; i < 6000 && (n = write(w, "x", 1)) == 1; i++)
		usleep(10000);
	CHECK(n == -1 && errno == EPIPE);
	close(w);
	CHECK(open(NAME, O_WRONLY | O_NONBLOCK) == -1 && errno == ENXIO);
}

static void who_waits_is_released(void)
{
	static const int modes[] = { O_RDONLY, O_WRONLY };
	int fd, status;
	pid_t pid[2];

	for (int i = 0; i < 2; i++) {
		pid[i] = fork();
		if (!pid[i])
			_exit(open(NAME, modes[i]) < 0);
		/* They would release each other: that one has ended before the next begins. */
		usleep(i ? 0 : 100000);
		fd = open(NAME, O_RDWR);
		CHECK(fd >= 0 && waitpid(pid[i], &status, 0) == pid[i] && status == 0);
		close(fd);
	}
}

static void room_is_told_to_who_has_both(void)
{
	int fd = open(NAME, O_RDWR | O_NONBLOCK), status;
	ssize_t n, sum = 0;
	pid_t pid;

	while ((n = write(fd, data, sizeof(data))) > 0)
		sum += n;
	CHECK(errno == EAGAIN && sum >= 4096 && bits(fd, 0) == POLLIN);
	pid = fork();
	if (!pid) {
		int r = open(NAME, O_RDONLY);

		usleep(100000);
		while (sum > 0 && (n = read(r, data, sizeof(data))) > 0)
			sum -= n;
		_exit(sum != 0);
	}
	CHECK(poll(&(struct pollfd){ fd, POLLOUT, 0 }, 1, 60000) == 1);
	CHECK(waitpid(pid, &status, 0) == pid && status == 0);
	CHECK(bits(fd, 0) == POLLOUT);
	close(fd);
}

#define T(f) { #f, f }
int main(void)
{
	static const struct test tests[] = {
		T(both_sides_in_one_file), T(nobody_waits_and_nothing_ends_meanwhile),
		T(a_writer_lives_as_long_as_the_file_for_both), T(who_waits_is_released), T(room_is_told_to_who_has_both),
		{ NULL, NULL },
	};
	int failed;

	setvbuf(stdout, NULL, _IOLBF, 0);
	alarm(600);
	unlink(NAME);
	if (mkfifo(NAME, 0600)) {
		puts("FAIL fifos: no fifo");
		return 1;
	}
	failed = run_tests(tests);
	unlink(NAME);
	return failed;
}
