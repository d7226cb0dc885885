/* SPDX-License-Identifier: MIT */
/* The synchronous call: inline words to a server in another process and back. */
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../os/lib/srv.h"
#include "bench.h"

#define NAME "dev:bench-ipc"

static handle_t client = H_NONE;
static pid_t server;

/* Answers every message with what it came with. */
static void
serve(handle_t port)
{
	struct msg m = { 0 };
	uint64_t token = 0;

	for (;;) {
		if (sys_reply_recv(port, token, &m) < 0)
			_exit(1);
		token = m.kind == MSG_CALL ? m.token : 0;
		m.nh = 0;
		m.hflags = 0;
	}
}

static void
start_server(void)
{
	struct srv s = { .port = (handle_t)CHECK(sys_port_create()) };
	handle_t owner = (handle_t)CHECK(srv_file(&s, 1, 0, 0, 0));

	server = (pid_t)CHECK(fork());
	if (server == 0)
		serve(s.port);
	CHECK(srv_register(NAME, owner));
	client = (handle_t)CHECK(srv_device(NAME + sizeof("dev:") - 1, 0));
	sys_handle_close(s.port);
	sys_handle_close(owner);
}

static void
stop_server(void)
{
	kill(server, SIGKILL);
	waitpid(server, NULL, 0);
	sys_handle_close(client);
}

static void
call_reply(long n)
{
	while (n--) {
		struct msg m = { .w = { 0, (uint64_t)n } };

		CHECK(sys_call(client, &m));
	}
}

const struct bench ipc_tests[] = {
	{ "call-reply", 10000, call_reply, start_server, stop_server },
	{ 0 },
};
