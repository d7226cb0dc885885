/* SPDX-License-Identifier: MIT */
/* The files below /net: "config" (what S_CONFIG says), "resolv.conf" and "sockets". */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "netd.h"

static const char *const names[] = { "config", "resolv.conf", "sockets" };
#define NFILES	3
#define RESOLV	1
#define TEXT_MAX (256 * 1024)

/* Opens of resolv.conf that wait for an address. */
struct waiting { struct waiting *next; uint64_t token; struct srv_timer timer; };
static struct waiting *waiting;

static int find(const char *path)
{
	while (*path == '/' || (path[0] == '.' && (path[1] == '/' || !path[1])))
		path++;
	for (int i = 0; i < NFILES; i++)
		if (!strcmp(path, names[i]))
			return i;
	return *path ? -ENOENT : NFILES;	/* NFILES: the root */
}

static size_t text_of(int i, char *buf, size_t size)
{
	return i == RESOLV ? conf_resolv(buf, size) : i ? conf_sockets(buf, size) : conf_text(buf, size);
}

/* A file whose bytes are a mem: the kernel reads it without us. */
static int64_t make_file(int i)
{
	static char buf[TEXT_MAX];
	size_t n = text_of(i, buf, sizeof(buf));
	struct file_args a = { .id = ID_FILES + (uint64_t)i, .rights = R_READ | R_CALL | R_DUP, .plane = PLANE_MEM,
			       .ready = EV_IN | EV_OUT };
	int64_t mem = sys_mem_create(n, 0), h;

	if (mem < 0)
		return mem;
	sys_mem_write((handle_t)mem, 0, buf, n);
	a.data = (handle_t)mem;
	h = sys_file_create(netd.port, &a);
	sys_handle_close((handle_t)mem);
	return h;
}

static void answer(struct waiting *w)
{
	int64_t h = make_file(RESOLV);

	for (struct waiting **p = &waiting; *p; p = &(*p)->next) {
		if (*p == w) {
			*p = w->next;
			break;
		}
	}
	srv_timer_set(&netd, &w->timer, 0);
	srv_reply_full(w->token, h < 0 ? h : 0, S_IFREG, 0, h < 0 ? H_NONE : (handle_t)h);
	free(w);
}

static void expired(void *arg)
{
	answer(arg);
}

void tree_update(void)
{
	while (waiting && !nic_wait(IP4_ADDR_ANY))
		answer(waiting);
}

void tree_cancel(uint64_t token)
{
	for (struct waiting **p = &waiting; *p; p = &(*p)->next) {
		struct waiting *w = *p;

		if (w->token != token)
			continue;
		*p = w->next;
		srv_timer_set(&netd, &w->timer, 0);
		srv_reply(token, -EINTR);
		free(w);
		return;
	}
}

static int64_t wait_for_address(struct srv_req *r)
{
	struct waiting *w = calloc(1, sizeof(*w));

	if (!w)
		return -ENOMEM;
	w->token = r->m.token;
	w->timer.fn = expired;
	w->timer.arg = w;
	w->next = waiting;
	waiting = w;
	srv_timer_set(&netd, &w->timer, srv_now() + 10 * 1000000000ll);
	return SRV_HELD;
}

static int64_t do_open(struct srv_req *r, int i)
{
	int64_t h;

	if ((r->m.w[1] & O_ACCMODE) != O_RDONLY)
		return i == NFILES ? -EISDIR : -EACCES;
	if (i == NFILES) {
		h = srv_file(&netd, ID_ROOT, 0, EV_IN, FILE_SEEKABLE);
	} else {
		if (r->m.w[1] & O_DIRECTORY)
			return -ENOTDIR;
		if (i == RESOLV && nic_wait(IP4_ADDR_ANY))
			return wait_for_address(r);
		h = make_file(i);
	}
	if (h < 0)
		return h;
	srv_give(r, (handle_t)h);
	r->m.w[1] = i == NFILES ? S_IFDIR : S_IFREG;
	return 0;
}

static int64_t do_stat(struct srv_req *r, int i)
{
	static char buf[TEXT_MAX];
	struct stat st = { .st_mode = S_IFREG | 0444, .st_nlink = 1, .st_ino = 2 + (unsigned)i,
			   .st_blksize = 4096 };

	if (i == NFILES)
		st.st_mode = S_IFDIR | 0555;
	else
		st.st_size = (off_t)text_of(i, buf, sizeof(buf));
	return srv_put(r, &st, sizeof(st)) < 0 ? -EFAULT : 0;
}

static int64_t do_readdir(struct srv_req *r)
{
	struct {
		uint64_t ino, off;
		uint16_t len;
		uint8_t type;
		char name[21];
	} __attribute__((packed)) e;
	uint64_t i = r->m.w[1];
	size_t n = 0;

	for (; i < NFILES && n + 40 <= r->m.r[1].len; i++, n += 40) {
		memset(&e, 0, sizeof(e));
		e.ino = i + 2;
		e.off = i + 1;
		e.len = 40;
		e.type = DT_REG;
		strcpy(e.name, names[i]);
		if (sys_msg_write(r->m.token, 1, n, &e, 40) < 0)
			return -EFAULT;
	}
	r->m.w[1] = i;
	return (int64_t)n;
}

static int64_t do_config(struct srv_req *r)
{
	char buf[4096];

	return srv_put(r, buf, conf_text(buf, sizeof(buf)));
}

/* Calls on an open file: what the kernel does not answer itself. */
int64_t tree_file_call(struct srv_req *r)
{
	int i = (int)(r->m.id - ID_FILES);
	char path[32];

	switch (r->m.w[0]) {
	case F_STAT:
		return do_stat(r, i);
	case F_ACCESS:
		return r->m.w[1] & 2 ? -EACCES : 0;
	case F_PATH:
		return srv_put(r, path, (size_t)snprintf(path, sizeof(path), "/net/%s", names[i]));
	case F_IOCTL:
		return -ENOTTY;
	}
	return -EPERM;
}

int64_t tree_call(struct srv_req *r)
{
	char path[256];
	int64_t n;
	int i;

	switch (r->m.w[0]) {
	case S_CONFIG:
		return do_config(r);
	case F_READDIR:
		return do_readdir(r);
	case F_PATH:
		return srv_put(r, "/net", 4);
	case F_READ:
		return -EISDIR;
	}
	n = srv_text(r, path, sizeof(path));
	if (n < 0)
		return n;
	i = find(path);
	if (i < 0)
		return i;
	switch (r->m.w[0]) {
	case F_OPEN:
		return do_open(r, i);
	case F_STAT:
		return do_stat(r, i);
	case F_ACCESS:
		return r->m.w[1] & 2 ? -EACCES : 0;
	case F_READLINK:
		return -EINVAL;
	}
	return -EPERM;
}
