/* SPDX-License-Identifier: MIT */
/* A port that outlives its server: the next one inherits open files and page caches. */
#include "calx.h"

static handle_t port, file, mem;

/* The first server: gives away a file and a mem, receives a call and a request for a page, ends. */
static void first_server(void)
{
	struct file_args a = { .id = 7, .rights = R_ALL, .fflags = O_RDWR, .data = H_NONE, .self = { 11, 22, 33 } };
	struct msg m, out = { .nh = 2 };

	EQ(sc(recv, port, &m, T_FOREVER), 0);
	out.h[0] = (handle_t)sc(file_create, port, &a);
	out.h[1] = (handle_t)sc(mem_pager, port, 5, 8192, 0, 44, 55);
	EQ(sc(reply, m.token, &out), 0);
	for (int calls = 0, pages = 0; !calls || !pages; ) {
		EQ(sc(recv, port, &m, T_FOREVER), 0);
		calls += m.kind == MSG_CALL;
		pages += m.kind == MSG_PAGE;
		CHECK(m.id == 7 || m.id == 5);
	}
	quit(0);
}

static void inherit(uint64_t mem_id, uint64_t file_id)
{
	struct port_item it;

	EQ(sc(port_inherit, port, INHERIT_BEGIN, &it), 1);
	CHECK(it.kind == OBJ_MEM && it.self[0] == 44 && it.self[1] == 55 && it.size == 8192);
	EQ(sc(adopt, it.h, mem_id), 0);
	mem = it.h;
	EQ(sc(port_inherit, port, 0, &it), 1);
	CHECK(it.kind == OBJ_FILE && it.self[0] == 11 && it.self[1] == 22 && it.self[2] == 33 && it.mem == 0);
	EQ(sc(adopt, it.h, file_id), 0);
	EQ(sc(port_inherit, port, 0, &it), 0);
}

static void second_server(void)
{
	static char page_of_x[4096];
	struct msg m;

	page_of_x[0] = 'x';
	inherit(70, 71);
	for (int calls = 0, pages = 0; !calls || !pages; ) {
		EQ(sc(recv, port, &m, T_FOREVER), 0);
		if (m.kind == MSG_CALL) {
			EQ(m.id, 71);
			m.w[0] = 99;
			EQ(sc(reply, m.token, &m), 0);
			calls++;
		} else if (m.kind == MSG_PAGE) {
			EQ(m.id, 70);
			EQ(sc(mem_supply, mem, m.w[1], page_of_x, 4096), 0);
			pages++;
		}
	}
	quit(0);
}

static void third_server(void)
{
	struct msg m;

	inherit(0, 0);
	EQ(sc(recv, port, &m, T_FOREVER), 0);
	CHECK(m.kind == MSG_CALL && m.id == 0);
	m.w[0] = (uint64_t)-EIO;
	EQ(sc(reply, m.token, &m), 0);
	quit(0);
}

static long start(void (*fn)(void))
{
	long pid = fork_();

	if (pid == 0)
		fn();
	return pid;
}

static void lost_call(void)
{
	struct msg m;

	EQ(sc(call, file, msg(&m, 1, 2)), -EDEADSERVER);
	quit(0);
}

static void held_call(void)
{
	struct msg m;

	EQ(sc(call, file, msg(&m, 1, 2)), 99);
	quit(0);
}

static void read_page(void)
{
	char c = 0;

	EQ(sc(mem_read, mem, 0, &c, 1), 1);
	EQ(c, 'x');
	quit(0);
}

TEST(a_port_outlives_its_server)
{
	struct msg m;
	char c;

	port = (handle_t)sc(port_create, 0);
	handle_t first = file_on(port, 7, PLANE_NONE, H_NONE, 0);
	long server = start(first_server);
	EQ(sc(call, first, msg(&m, 1, 2)), 0);
	EQ(m.nh, 2);
	file = m.h[0];
	mem = m.h[1];
	long lost = start(lost_call), reader = start(read_page);
	EQ(wait_for(server), 0);
	EQ(wait_for(lost), 0);
	long held = start(held_call);
	server = start(second_server);
	EQ(wait_for(held), 0);
	EQ(wait_for(reader), 0);
	EQ(wait_for(server), 0);
	server = start(third_server);
	EQ(sc(call, file, msg(&m, 1, 2)), -EIO);
	EQ(wait_for(server), 0);
	EQ(sc(mem_read, mem, 0, &c, 1), 1);
	EQ(sc(mem_read, mem, 4096, &c, 1), -EIO);
	/* The last who could receive is gone. */
	sc(handle_close, port);
	EQ(sc(call, file, msg(&m, 1, 2)), -EDEADSERVER);
}
