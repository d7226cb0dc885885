/* SPDX-License-Identifier: MIT */
/* The [test] of libssh2: methods are offered, and a peer that does not speak SSH is refused. */
#include <libssh2.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int
main(void)
{
	const char **names;
	int n, i, found = 0, fd[2];
	LIBSSH2_SESSION *s;

	if (libssh2_init(0) || !(s = libssh2_session_init()))
		return 1;
	n = libssh2_session_supported_algs(s, LIBSSH2_METHOD_KEX, &names);
	for (i = 0; i < n; i++)
		found |= !strcmp(names[i], "curve25519-sha256");
	if (!found || socketpair(AF_UNIX, SOCK_STREAM, 0, fd) || write(fd[1], "hello\r\n", 7) != 7)
		return 2;
	close(fd[1]);
	return libssh2_session_handshake(s, fd[0]) < 0 ? 0 : 3;
}
