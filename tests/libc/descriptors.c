/* SPDX-License-Identifier: MIT */
/* Descriptors: lowest free one, dup, close-on-exec, offsets shared, vectors, poll, select, epoll. */
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

static void test_files(void)
{
	char name[] = "descriptors-XXXXXX", buf[16];
	struct iovec v[2] = { { "abc", 3 }, { "defg", 4 } }, r[2] = { { buf, 2 }, { buf + 8, 8 } };
	struct stat st;
	int fd = mkstemp(name), fd2;

	assert(fd >= 3 && unlink(name) == 0);
	assert(writev(fd, v, 2) == 7 && pwrite(fd, "X", 1, 9) == 1);
	assert(fstat(fd, &st) == 0 && st.st_size == 10 && st.st_nlink == 0);
	fd2 = dup(fd);
	assert(fd2 > fd && lseek(fd2, 1, SEEK_SET) == 1 && lseek(fd, 0, SEEK_CUR) == 1);
	assert(readv(fd, r, 2) == 9 && !memcmp(buf, "bc", 2) && !memcmp(buf + 8, "defg\0\0X", 7));
	assert(pread(fd, buf, 4, 8) == 2 && lseek(fd, -3, SEEK_END) == 7 && lseek(fd, -1, SEEK_SET) == -1);
	assert(fcntl(fd, F_GETFD) == 0 && fcntl(fd, F_SETFD, FD_CLOEXEC) == 0 && fcntl(fd, F_GETFD) == FD_CLOEXEC);
	assert(fcntl(fd, F_DUPFD_CLOEXEC, 50) == 50 && close(50) == 0);
	assert(dup2(fd, fd) == fd && dup3(fd, fd, 0) == -1 && errno == EINVAL && dup2(99, 98) == -1 && errno == EBADF);
	assert((fcntl(fd, F_GETFL) & O_ACCMODE) == O_RDWR && ftruncate(fd, 3) == 0 && ftruncate(fd, -1) == -1);
	assert(close(fd) == 0 && close(fd) == -1 && errno == EBADF && open("/dev/null", O_RDONLY) == fd);
	close(fd);
	close(fd2);
}

int main(void)
{
	struct epoll_event ev = { .events = EPOLLIN, .data.u64 = 99 }, out;
	struct pollfd pf = { .events = POLLIN | POLLRDNORM };
	struct timeval tv = {0};
	fd_set set;
	int p[2], s[2], ep, file;
	char buf[8];

	test_files();
	assert(pipe2(p, O_NONBLOCK) == 0 && read(p[0], buf, 1) == -1 && errno == EAGAIN);
	pf.fd = p[0];
	assert(poll(&pf, 1, 5) == 0 && write(p[1], "z", 1) == 1 && poll(&pf, 1, -1) == 1);
	assert(pf.revents == (POLLIN | POLLRDNORM));
	FD_ZERO(&set);
	FD_SET(p[0], &set);
	assert(select(p[0] + 1, &set, 0, 0, &tv) == 1 && FD_ISSET(p[0], &set));
	assert((ep = epoll_create1(EPOLL_CLOEXEC)) >= 0 && epoll_ctl(ep, EPOLL_CTL_ADD, p[0], &ev) == 0);
	assert(epoll_wait(ep, &out, 1, 1000) == 1 && out.data.u64 == 99 && out.events == EPOLLIN);
	assert((file = open("epoll-file", O_RDWR | O_CREAT, 0600)) >= 0 && unlink("epoll-file") == 0);
	assert(epoll_ctl(ep, EPOLL_CTL_ADD, file, &ev) == -1 && errno == EPERM && close(file) == 0);
	assert(read(p[0], buf, 8) == 1 && epoll_wait(ep, &out, 1, 0) == 0);
	assert(close(p[1]) == 0 && read(p[0], buf, 8) == 0 && poll(&pf, 1, 0) == 1 && pf.revents & POLLHUP);
	assert(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, s) == 0 && send(s[0], "hi", 2, 0) == 2);
	assert(recv(s[1], buf, 8, 0) == 2 && close(s[1]) == 0);
	assert(send(s[0], "hi", 2, MSG_NOSIGNAL) == -1 && errno == EPIPE);
	return 0;
}
