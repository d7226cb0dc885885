/* SPDX-License-Identifier: MIT */
/* Files of servers: reads and writes that a server supplies, those that need none, readiness. */
#include "serve.h"

TEST(servers_supply_reads_and_writes)
{
	char buf[32];
	struct msg m;

	port = (handle_t)sc(port_create);
	file = file_on(port, 3, PLANE_NONE, H_NONE, FILE_SEEKABLE);
	long pid = client();
	if (pid == 0) {
		EQ(sc(read, file, buf, 10), 4);
		CHECK(memcmp(buf, "data", 4) == 0);
		EQ(sc(read, file, buf, 10), 0);
		EQ(sc(seek, file, 100, 0), 100);
		EQ(sc(write, file, "abc", 3), 3);
		EQ(sc(seek, file, 0, 1), 103);
		struct abi_iovec v = { (uint64_t)buf, 5 };
		EQ(sc(readv, file, &v, 1, 1000), -EIO);
		quit(0);
	}
	EQ(sc(recv, port, &m, T_FOREVER), 0);
	CHECK(m.w[0] == F_READ && m.w[1] == 10 && m.w[2] == 0 && m.r[1].len == 10);
	EQ(sc(msg_write, m.token, 1, 0, "data", 4), 4);
	uint64_t t = m.token;
	EQ(sc(reply_recv, port, t, msg(&m, 4, 0)), 0);
	CHECK(m.w[0] == F_READ && m.w[2] == 4);
	t = m.token;
	EQ(sc(reply_recv, port, t, msg(&m, 0, 0)), 0);
	CHECK(m.w[0] == F_WRITE && m.w[1] == 3 && m.w[2] == 100);
	t = m.token;
	EQ(sc(msg_read, t, 0, 0, buf, 32), 3);
	EQ(sc(reply_recv, port, t, msg(&m, 3, 0)), 0);
	CHECK(m.w[0] == F_READ && m.w[2] == 1000);
	t = m.token;
	EQ(sc(reply, t, msg(&m, 50, 0)), 0);
	EQ(wait_for(pid), 0);
}

TEST(files_over_mem_need_no_server)
{
	char buf[16];
	struct msg m;

	port = (handle_t)sc(port_create);
	handle_t mem = (handle_t)sc(mem_create, 6, 0);
	EQ(sc(mem_write, mem, 0, "abcdef", 6), 6);
	file = file_on(port, 3, PLANE_MEM, mem, 0);
	long pid = client();
	if (pid == 0) {
		EQ(sc(read, file, buf, 4), 4);
		CHECK(memcmp(buf, "abcd", 4) == 0);
		EQ(sc(read, file, buf, 16), 2);
		EQ(sc(read, file, buf, 16), 0);
		EQ(sc(seek, file, -1, 2), 5);
		EQ(sc(write, file, "XYZ", 3), 3);
		EQ(sc(mem_size, mem, -1), 8);
		EQ(sc(file_flags, file, O_APPEND, O_APPEND), O_RDWR);
		EQ(sc(seek, file, 0, 0), 0);
		EQ(sc(write, file, "end", 3), 3);
		EQ(sc(seek, file, 0, 1), 11);
		EQ(sc(seek, file, -20, 1), -EINVAL);
		struct vm_map a = { .vm = H_NONE, .mem = file, .len = 4096, .prot = 1, .flags = 1 };
		char *at = (char *)sc(vm_map, &a);
		CHECK(memcmp(at, "abcdeXYZend", 11) == 0);
		quit(0);
	}
	EQ(wait_for(pid), 0);
	EQ(sc(recv, port, &m, T_FOREVER), 0);
	EQ(m.kind, MSG_CLOSE);
}

TEST(readiness_is_pushed)
{
	struct msg m;

	serve_here(PLANE_NONE);
	handle_t own = file;
	long pid = client();
	if (pid == 0) {
		struct abi_pollfd f = { file, EV_IN | EV_OUT, 0 };
		EQ(sc(poll, &f, 1, 0, 0), 0);
		EQ(sc(file_ready, file, 0, EV_IN), -EACCES);
		EQ(sc(call, file, msg(&m, 1, 0)), 0);
		EQ(sc(poll, &f, 1, T_FOREVER, 0), 1);
		EQ(f.revents, EV_IN);
		quit(0);
	}
	EQ(sc(recv, port, &m, T_FOREVER), 0);
	uint64_t token = m.token;
	EQ(sc(reply, token, msg(&m, 0, 0)), 0);
	msleep(10);
	EQ(sc(file_ready, own, 0, EV_IN), 0);
	EQ(wait_for(pid), 0);
}

TEST(idle_files_ask_nobody)
{
	char buf[6000];

	port = (handle_t)sc(port_create);
	handle_t zero = file_on(port, 1, PLANE_NONE, H_NONE, FILE_ZERO);
	handle_t null = file_on(port, 2, PLANE_NONE, H_NONE, FILE_NULL);
	memset(buf, 1, sizeof buf);
	EQ(sc(read, zero, buf, 5000), 5000);
	for (int i = 0; i < 5000; i++)
		CHECK(buf[i] == 0);
	EQ(buf[5000], 1);
	EQ(sc(read, zero, 8, 1), -EFAULT);
	EQ(sc(write, zero, buf, 77), 77);
	EQ(sc(read, null, buf, 5000), 0);
	EQ(sc(write, null, buf, 77), 77);
	EQ(sc(seek, null, 5, 0), 0);
	struct abi_pollfd f = { null, 0x40, 0 };
	EQ(sc(poll, &f, 1, 0, 0), 1);
	EQ(f.revents, 0x40);
	struct file_args a = { .rights = R_ALL, .plane = PLANE_NONE, .data = H_NONE, .flags = 6 };
	EQ(sc(file_create, port, &a), -EINVAL);
}
