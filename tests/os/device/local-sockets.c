/* SPDX-License-Identifier: MIT */
/* Sockets of AF_UNIX with names: connecting, descriptors and credentials under way, datagrams. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>
#include "../check.h"

#define PATH "/tmp/local-socket"

static struct sockaddr_un address(const char *path)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };

	strcpy(a.sun_path, path);
	return a;
}

static int bound(int type, const char *path)
{
	struct sockaddr_un a = address(path);
	int s = socket(AF_UNIX, type | SOCK_CLOEXEC, 0);

	unlink(path);
	CHECK(s >= 0);
	CHECK(!bind(s, (void *)&a, sizeof(a)));
	return s;
}

static int connected(int type, const char *path)
{
	struct sockaddr_un a = address(path);
	int s = socket(AF_UNIX, type, 0);

	CHECK(s >= 0);
	CHECK(!connect(s, (void *)&a, sizeof(a)));
	return s;
}

/* A connection: [0] the client, [1] what accept gave, [2] the listener. */
static void connection(int type, int s[3])
{
	s[2] = bound(type, PATH);
	CHECK(!listen(s[2], 5));
	s[0] = connected(type, PATH);
	s[1] = accept(s[2], NULL, NULL);
	CHECK(s[1] >= 0);
}

static void close_all(int s[3])
{
	for (int i = 0; i < 3; i++)
		close(s[i]);
	unlink(PATH);
}

static short ready(int fd, short events)
{
	struct pollfd p = { fd, events, 0 };

	return poll(&p, 1, 0) == 1 ? p.revents : 0;
}

static int is(int fd, const char *want)
{
	char buf[64];
	ssize_t n = read(fd, buf, sizeof(buf));

	return n == (ssize_t)strlen(want) && !memcmp(buf, want, (size_t)n);
}

static void streams_carry_bytes_both_ways(void)
{
	int s[3];

	connection(SOCK_STREAM, s);
	CHECK(write(s[0], "hello ", 6) == 6 && write(s[0], "there", 5) == 5);
	CHECK(is(s[1], "hello there"));
	CHECK(send(s[1], "back", 4, 0) == 4 && is(s[0], "back"));
	close_all(s);
}

static void sequenced_packets_keep_their_bounds(void)
{
	char buf[8];
	int s[3];

	connection(SOCK_SEQPACKET, s);
	CHECK(send(s[0], "one", 3, 0) == 3 && send(s[0], "three", 5, 0) == 5);
	CHECK(is(s[1], "one"));
	CHECK(recv(s[1], buf, 2, MSG_TRUNC) == 5);
	CHECK(recv(s[1], buf, sizeof(buf), MSG_DONTWAIT) == -1 && errno == EAGAIN);
	close_all(s);
}

static void unconnected_sockets_say_so(void)
{
	char c;
	int s = socket(AF_UNIX, SOCK_STREAM, 0);
	struct sockaddr_un a = address("/tmp/no-such-socket");

	CHECK(read(s, &c, 1) == -1 && (errno == ENOTCONN || errno == EINVAL));
	CHECK(send(s, "x", 1, MSG_NOSIGNAL) == -1 && errno == ENOTCONN);
	CHECK(shutdown(s, SHUT_RDWR) == -1 && errno == ENOTCONN);
	CHECK(listen(s, 5) == -1 && errno == EINVAL);
	CHECK(connect(s, (void *)&a, sizeof(a)) == -1 && errno == ENOENT);
	a = address("/tmp");
	CHECK(connect(s, (void *)&a, sizeof(a)) == -1 && errno == ECONNREFUSED);
	CHECK(bind(s, (void *)&a, sizeof(a)) == -1 && errno == EADDRINUSE);
	CHECK(accept(s, NULL, NULL) == -1 && errno == EINVAL);
	close(s);
}

static void names_are_nodes(void)
{
	struct sockaddr_un a;
	socklen_t n = sizeof(a);
	struct stat st;
	int s = bound(SOCK_STREAM, PATH), c;

	CHECK(!stat(PATH, &st) && S_ISSOCK(st.st_mode));
	CHECK(open(PATH, O_RDWR) == -1 && errno == ENXIO);
	CHECK(!getsockname(s, (void *)&a, &n) && !strcmp(a.sun_path, PATH));
	CHECK(!fstat(s, &st) && S_ISSOCK(st.st_mode));
	CHECK(!listen(s, 5));
	CHECK(!rename(PATH, PATH ".moved"));
	c = connected(SOCK_STREAM, PATH ".moved");
	n = sizeof(a);
	CHECK(!getpeername(c, (void *)&a, &n) && !strcmp(a.sun_path, PATH));
	unlink(PATH ".moved");
	close(c);
	close(s);
}

static void closed_listeners_refuse(void)
{
	struct sockaddr_un a = address(PATH);
	int s = bound(SOCK_STREAM, PATH), c = socket(AF_UNIX, SOCK_STREAM, 0);

	CHECK(connect(c, (void *)&a, sizeof(a)) == -1 && errno == ECONNREFUSED);
	CHECK(!listen(s, 1));
	close(s);
	CHECK(connect(c, (void *)&a, sizeof(a)) == -1 && errno == ECONNREFUSED);
	unlink(PATH);
	CHECK(connect(c, (void *)&a, sizeof(a)) == -1 && errno == ENOENT);
	s = bound(SOCK_STREAM, PATH);
	CHECK(!listen(s, 1) && !connect(c, (void *)&a, sizeof(a)));
	CHECK(connect(c, (void *)&a, sizeof(a)) == -1 && errno == EISCONN);
	close(c);
	close(s);
	unlink(PATH);
}

static void full_backlogs_make_wait(void)
{
	struct sockaddr_un a = address(PATH);
	int s = bound(SOCK_STREAM, PATH), c[3], i;
	pid_t pid;

	CHECK(!listen(s, 0));
	c[0] = connected(SOCK_STREAM, PATH);
	for (i = 1; i < 3; i++)
		c[i] = socket(AF_UNIX, SOCK_STREAM | (i == 1 ? SOCK_NONBLOCK : 0), 0);
	CHECK(connect(c[1], (void *)&a, sizeof(a)) == -1 && errno == EAGAIN);
	pid = fork();
	if (!pid) {
		usleep(200000);
		_exit(accept(s, NULL, NULL) < 0);
	}
	CHECK(!connect(c[2], (void *)&a, sizeof(a)));
	waitpid(pid, &i, 0);
	CHECK(!i);
	for (i = 0; i < 3; i++)
		close(c[i]);
	close(s);
	unlink(PATH);
}

static void abstract_names_need_no_file(void)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX, .sun_path = "\0hidden" };
	socklen_t len = offsetof(struct sockaddr_un, sun_path) + 7, n = sizeof(a);
	int s = socket(AF_UNIX, SOCK_STREAM, 0), t = socket(AF_UNIX, SOCK_STREAM, 0);

	CHECK(!bind(s, (void *)&a, len) && !listen(s, 3));
	CHECK(bind(t, (void *)&a, len) == -1 && errno == EADDRINUSE);
	CHECK(!connect(t, (void *)&a, len));
	close(t);
	close(s);
	t = socket(AF_UNIX, SOCK_STREAM, 0);
	CHECK(connect(t, (void *)&a, len) == -1 && errno == ECONNREFUSED);
	CHECK(!bind(t, (void *)&a, sizeof(sa_family_t)) && !getsockname(t, (void *)&a, &n) && n > 2 && !a.sun_path[0]);
	close(t);
}

static void poll_and_epoll_tell(void)
{
	struct epoll_event e = { .events = EPOLLIN, .data.fd = 7 };
	int s = bound(SOCK_STREAM, PATH), ep = epoll_create1(0), c, t;

	CHECK(!listen(s, 3) && !ready(s, POLLIN));
	CHECK(!epoll_ctl(ep, EPOLL_CTL_ADD, s, &e) && epoll_wait(ep, &e, 1, 0) == 0);
	c = connected(SOCK_STREAM, PATH);
	CHECK(ready(s, POLLIN) == POLLIN && epoll_wait(ep, &e, 1, 0) == 1);
	t = accept(s, NULL, NULL);
	CHECK(!ready(s, POLLIN) && ready(c, POLLIN | POLLOUT) == POLLOUT);
	CHECK(write(t, "x", 1) == 1 && ready(c, POLLIN) == POLLIN);
	close(t);
	CHECK(is(c, "x"));
	for (int i = 0; i < 6000 && !(ready(c, POLLIN) & POLLHUP); i++)
		usleep(10000);
	CHECK(ready(c, POLLIN) & POLLHUP && is(c, ""));
	close(c);
	close(s);
	close(ep);
	unlink(PATH);
}

static volatile sig_atomic_t piped;

static void on_pipe(int sig)
{
	(void)sig;
	piped++;
}

static void broken_connections_raise_sigpipe(void)
{
	int s[3];

	signal(SIGPIPE, on_pipe);
	connection(SOCK_STREAM, s);
	CHECK(!shutdown(s[1], SHUT_WR) && is(s[0], ""));
	CHECK(!shutdown(s[1], SHUT_RD));
	piped = 0;
	CHECK(send(s[0], "x", 1, MSG_NOSIGNAL) == -1 && errno == EPIPE && !piped);
	CHECK(write(s[0], "x", 1) == -1 && errno == EPIPE && piped == 1);
	close_all(s);
	signal(SIGPIPE, SIG_DFL);
}

/* Sends fds with one byte. */
static ssize_t send_fds(int s, const int *fds, size_t n)
{
	char room[CMSG_SPACE(8 * sizeof(int))] __attribute__((aligned(8))) = { 0 };
	struct iovec iov = { "d", 1 };
	struct msghdr h = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = room,
		.msg_controllen = CMSG_SPACE(n * sizeof(int)) };
	struct cmsghdr *c = CMSG_FIRSTHDR(&h);

	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(n * sizeof(int));
	memcpy(CMSG_DATA(c), fds, n * sizeof(int));
	return sendmsg(s, &h, 0);
}

/* Receives a byte and at most n descriptors: how many, the flags of the message in *flags. */
static int recv_fds(int s, int *fds, size_t n, int *flags)
{
	char room[CMSG_SPACE(8 * sizeof(int))] __attribute__((aligned(8))), byte;
	struct iovec iov = { &byte, 1 };
	struct msghdr h = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = room, .msg_controllen = CMSG_LEN(n * sizeof(int)) };
	struct cmsghdr *c;
	int got;

	if (recvmsg(s, &h, *flags) != 1)
		return -1;
	*flags = h.msg_flags;
	c = CMSG_FIRSTHDR(&h);
	if (!c || c->cmsg_type != SCM_RIGHTS)
		return 0;
	got = (int)((c->cmsg_len - CMSG_LEN(0)) / sizeof(int));
	memcpy(fds, CMSG_DATA(c), (size_t)got * sizeof(int));
	return got;
}

static void pass(int from, int to)
{
	int p[2], got[4] = { -1, -1, -1, -1 }, flags = 0;

	CHECK(!pipe(p));
	CHECK(send_fds(from, p, 2) == 1);
	CHECK(recv_fds(to, got, 2, &flags) == 2 && !(flags & MSG_CTRUNC));
	CHECK(write(got[1], "through", 7) == 7 && is(p[0], "through"));
	CHECK(!(fcntl(got[0], F_GETFD) & FD_CLOEXEC));
	close(got[0]);
	close(got[1]);
	flags = MSG_CMSG_CLOEXEC;
	CHECK(send_fds(from, p, 2) == 1 && recv_fds(to, got, 1, &flags) == 1 && flags & MSG_CTRUNC);
	CHECK(fcntl(got[0], F_GETFD) & FD_CLOEXEC);
	close(got[0]);
	close(p[0]);
	close(p[1]);
}

static void descriptors_travel(void)
{
	int s[3], p[2];

	connection(SOCK_STREAM, s);
	pass(s[0], s[1]);
	close_all(s);
	CHECK(!socketpair(AF_UNIX, SOCK_SEQPACKET, 0, p));
	pass(p[1], p[0]);
	close(p[0]);
	close(p[1]);
}

static void lost_descriptors_are_closed(void)
{
	int s[3], p[2];

	connection(SOCK_STREAM, s);
	CHECK(!pipe(p) && send_fds(s[0], &p[1], 1) == 1);
	close(p[1]);
	CHECK(!ready(p[0], POLLIN));
	close_all(s);
	for (int i = 0; i < 6000 && !ready(p[0], POLLIN); i++)
		usleep(10000);
	CHECK(is(p[0], ""));
	close(p[0]);
}

static void peeking_leaves_data(void)
{
	char c;
	int s[3];

	connection(SOCK_STREAM, s);
	CHECK(write(s[0], "ab", 2) == 2);
	CHECK(recv(s[1], &c, 1, MSG_PEEK) == 1 && c == 'a');
	CHECK(recv(s[1], &c, 1, MSG_PEEK) == 1 && c == 'a');
	CHECK(is(s[1], "ab"));
	close_all(s);
}

static void peers_are_known(void)
{
	struct ucred u = { 0 };
	socklen_t n = sizeof(u);
	int s[3], type = 0, status;
	pid_t pid;

	s[2] = bound(SOCK_STREAM, PATH);
	CHECK(!listen(s[2], 5));
	pid = fork();
	if (!pid) {
		if (setgid(70) || setuid(71))
			_exit(2);
		_exit(connected(SOCK_STREAM, PATH) < 0 || check_why ? 1 : 0);
	}
	waitpid(pid, &status, 0);
	CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 1);	/* mode 0755: others may not write */
	CHECK(!chmod(PATH, 0777));
	pid = fork();
	if (!pid) {
		if (setgid(70) || setuid(71))
			_exit(2);
		_exit(connected(SOCK_STREAM, PATH) < 0);
	}
	s[1] = accept(s[2], NULL, NULL);
	CHECK(!getsockopt(s[1], SOL_SOCKET, SO_PEERCRED, &u, &n) && u.pid == pid && u.uid == 71 && u.gid == 70);
	waitpid(pid, &status, 0);
	CHECK(!status);
	n = sizeof(type);
	CHECK(!getsockopt(s[1], SOL_SOCKET, SO_TYPE, &type, &n) && type == SOCK_STREAM);
	close(s[1]);
	close(s[2]);
	unlink(PATH);
}

static void datagrams_reach_names(void)
{
	struct sockaddr_un a = address(PATH), from;
	socklen_t n = sizeof(from);
	char buf[16];
	int s = bound(SOCK_DGRAM, PATH), c = bound(SOCK_DGRAM, PATH ".client"), u;

	CHECK(!ready(s, POLLIN));
	CHECK(sendto(c, "first", 5, 0, (void *)&a, sizeof(a)) == 5);
	CHECK(ready(s, POLLIN) == POLLIN);
	CHECK(recvfrom(s, buf, sizeof(buf), 0, (void *)&from, &n) == 5 && !memcmp(buf, "first", 5));
	CHECK(!strcmp(from.sun_path, PATH ".client"));
	CHECK(sendto(s, "answer", 6, 0, (void *)&from, n) == 6 && is(c, "answer"));
	CHECK(recv(s, buf, 1, MSG_DONTWAIT) == -1 && errno == EAGAIN);
	u = connected(SOCK_DGRAM, PATH);
	CHECK(send(u, "", 0, 0) == 0 && send(u, "second", 6, 0) == 6 && write(u, "third", 5) == 5);
	CHECK(recv(s, buf, sizeof(buf), 0) == 0);
	CHECK(recv(s, buf, 3, MSG_TRUNC) == 6 && is(s, "third"));
	pass(u, s);
	close(s);
	CHECK(send(u, "x", 1, 0) == -1 && errno == ECONNREFUSED);
	close(u);
	close(c);
	unlink(PATH);
	unlink(PATH ".client");
}

/* sends its own credentials when asked for. */
static void credentials_come_along(void)
{
	char room[CMSG_SPACE(sizeof(struct ucred))] __attribute__((aligned(8))), c;
	struct iovec iov = { &c, 1 };
	struct msghdr h = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = room, .msg_controllen = sizeof(room) };
	struct cmsghdr *m;
	struct ucred u = { 0 };
	int s = bound(SOCK_DGRAM, PATH), on = 1, t;

	CHECK(!setsockopt(s, SOL_SOCKET, SO_PASSCRED, &on, sizeof(on)));
	t = connected(SOCK_DGRAM, PATH);
	CHECK(send(t, "x", 1, 0) == 1 && recvmsg(s, &h, 0) == 1);
	m = CMSG_FIRSTHDR(&h);
	CHECK(m && m->cmsg_type == SCM_CREDENTIALS);
	if (m)
		memcpy(&u, CMSG_DATA(m), sizeof(u));
	CHECK(u.pid == getpid() && u.uid == getuid());
	close(s);
	close(t);
	unlink(PATH);
}

#define T(f) { #f, f }
int main(void)
{
	static const struct test tests[] = {
		T(streams_carry_bytes_both_ways), T(sequenced_packets_keep_their_bounds),
		T(unconnected_sockets_say_so), T(names_are_nodes), T(closed_listeners_refuse),
		T(full_backlogs_make_wait), T(abstract_names_need_no_file), T(poll_and_epoll_tell),
		T(broken_connections_raise_sigpipe), T(descriptors_travel), T(lost_descriptors_are_closed),
		T(peeking_leaves_data), T(peers_are_known), T(datagrams_reach_names),
		T(credentials_come_along), { NULL, NULL },
	};

	alarm(600);
	return run_tests(tests);
}
