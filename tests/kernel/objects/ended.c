/* SPDX-License-Identifier: MIT */
/* What is left of a client that has ended while its server waits for the next message. */
#include "calx.h"

static uint64_t threads(void)
{
	struct kernel_stat st;

	CHECK(sc(kernel_stat, &st, sizeof st) > 0);
	return st.objects[OBJ_THREAD];
}

static _Noreturn void serve(handle_t port)
{
	struct msg m;

	EQ(sc(recv, port, &m, T_FOREVER), 0);
	for (;;) {
		uint64_t token = m.token;

		EQ(sc(reply_recv, port, token, msg(&m, 0, 0)), 0);
	}
}

TEST(a_waiting_server_keeps_nothing_of_who_it_answered_last)
{
	handle_t port = (handle_t)sc(port_create), file = file_on(port, 1, PLANE_NONE, H_NONE, 0);
	struct msg m;
	long server = fork_();
	uint64_t before, left;

	if (server == 0)
		serve(port);
	EQ(sc(call, file, msg(&m, 0, 0)), 0);
	before = threads();
	for (int i = 0; i < 20; i++) {
		long pid = fork_();
		if (pid == 0) {
			EQ(sc(call, file, msg(&m, 0, 0)), 0);
			quit(0);
		}
		EQ(wait_for(pid), 0);
		for (int ms = 0; (left = threads()) > before && ms < 20000; ms += 5)
			msleep(5);
		EQ(left, before);
	}
	kill_(server, 9);
	wait_for(server);
}
