/* SPDX-License-Identifier: MIT */
/*
 * execd: executes set-id programs, and programs that may be executed but not read. A process loads its
 * programs itself; these it must not touch: so execd opens the file with the caller's rights, builds the
 * image with names and servers of its own, and the kernel puts it in the caller's place together with the
 * new ids (SYS_reply_exec). Nothing of the caller but its strings, low descriptors and signal
 * settings gets there.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "../../lib/srv.h"

#define TEXT_MAX	(2u << 20)
#define IMAGE_HANDLES	64

/* libc.a's; see libc/platform/calx/image_for.h. */
struct image_for {
	const char *path, *cwd;
	char *const *argv, *const *envp;
	unsigned umask;
	int secure;
};
int __calx_image_for(int file, const struct image_for *w, struct exec_args *a, struct proc_handle *list);
int __calx_open_as(const char *path, uint64_t flags, uint64_t cred, uint64_t groups);
int __calx_may_execute(int file, uint64_t cred, uint64_t groups);

/* The request's texts, taken apart: NULL ended vectors in one allocation. */
struct request {
	char *text;
	char **vector;
	struct image_for image;
};

static int take_apart(struct srv_req *r, struct request *q, size_t len)
{
	uint64_t argc = r->m.w[1], envc = r->m.w[2], n = 0;
	char *p = q->text, *end = q->text + len;

	if (argc > TEXT_MAX || envc > TEXT_MAX || argc + envc + 2 > len)
		return -EINVAL;
	q->vector = calloc(argc + envc + 4, sizeof(char *));
	if (!q->vector)
		return -ENOMEM;
	q->image.path = p;
	p += strlen(p) + 1;
	if (p >= end)
		return -EINVAL;
	q->image.cwd = p;
	p += strlen(p) + 1;
	q->image.argv = q->vector;
	q->image.envp = q->vector + argc + 1;
	for (uint64_t i = 0; i < argc + envc; i++, n++) {
		if (p >= end)
			return -EINVAL;
		if (i == argc)
			n++;
		q->vector[n] = p;
		p += strlen(p) + 1;
	}
	return q->image.path[0] == '/' && q->image.cwd[0] == '/' ? 0 : -EINVAL;
}

static int read_request(struct srv_req *r, struct request *q)
{
	uint64_t len = r->m.r[0].len;

	if (len < 4 || len > TEXT_MAX)
		return len < 4 ? -EINVAL : -E2BIG;
	q->text = malloc(len + 1);
	if (!q->text)
		return -ENOMEM;
	if (sys_msg_read(r->m.token, 0, 0, q->text, len) != (int64_t)len)
		return -EFAULT;
	q->text[len] = '\0';
	if (q->text[len - 1])
		return -EINVAL;
	q->image.umask = (unsigned)r->m.w[3] & 0777;
	return take_apart(r, q, len);
}

/* The caller may not be somewhere that it could not go to itself. */
static void check_directory(struct srv_req *r, struct request *q)
{
	int h = __calx_open_as(q->image.cwd, O_PATH | O_DIRECTORY, r->m.cred, r->m.groups);

	if (h < 0 || __calx_may_execute(h, r->m.cred, r->m.groups))
		q->image.cwd = "/";
	if (h >= 0)
		sys_handle_close(h);
}

/* Opens the program for reading, when the caller may execute it: a handle, or -errno. */
static int open_program(struct srv_req *r, const struct request *q, struct stat *st)
{
	struct msg clone = { .w = { F_CLONE, O_RDONLY } };
	int h = __calx_open_as(q->image.path, O_PATH, r->m.cred, r->m.groups), err;

	if (h < 0)
		return h;
	err = fstat(h, st) ? -errno : !S_ISREG(st->st_mode) ? -EACCES : __calx_may_execute(h, r->m.cred, r->m.groups);
	if (!err && sys_call(h, &clone) < 0)
		err = -EACCES;
	sys_handle_close(h);
	return err ? err : clone.nh ? clone.h[0] : -EIO;
}

/* The effective ids of the program, and whether they differ from the caller's real ones. */
static int new_ids(struct srv_req *r, const struct stat *st, uint64_t *cred, int *secure)
{
	struct msg m = { .w = { P_GETIDS, r->m.pid } };
	uint32_t uid = CRED_UID(r->m.cred), gid = CRED_GID(r->m.cred);
	int64_t err = sys_call(srv_start()->procd, &m);

	if (err < 0)
		return (int)err;
	if (st->st_mode & S_ISUID)
		uid = st->st_uid;
	if ((st->st_mode & (S_ISGID | S_IXGRP)) == (S_ISGID | S_IXGRP))
		gid = st->st_gid;
	*cred = CRED(uid, gid);
	*secure = *cred != m.w[1];
	return 0;
}

/* Set-id scripts are not supported: what their interpreter reads may be another file by then. */
static int is_script(int file)
{
	char magic[2];

	return pread(file, magic, 2, 0) == 2 && magic[0] == '#' && magic[1] == '!';
}

static int64_t execute(struct srv_req *r, struct request *q)
{
	struct proc_handle list[IMAGE_HANDLES];
	struct exec_args a;
	struct stat st;
	uint64_t cred = 0;
	int64_t err;
	int file = open_program(r, q, &st);

	if (file < 0)
		return file;
	err = is_script(file) ? -ENOEXEC : new_ids(r, &st, &cred, &q->image.secure);
	if (!err) {
		check_directory(r, q);
		err = __calx_image_for(file, &q->image, &a, list);
	}
	sys_handle_close(file);
	if (err)
		return err;
	a.cred = cred;
	err = sys_reply_exec(r->m.token, &a);
	if (err < 0)
		sys_handle_close(a.vm);
	return err < 0 ? err : SRV_HELD;
}

static int64_t call(struct srv *s, struct srv_req *r)
{
	struct request q = { 0 };
	int64_t res;

	(void)s;
	if (r->m.w[0] != P_EXEC)
		return -ENOSYS;
	res = read_request(r, &q);
	if (!res)
		res = execute(r, &q);
	free(q.vector);
	free(q.text);
	return res;
}

static struct srv srv = { .call = call };

int main(void)
{
	int64_t h, err;

	if (srv_init(&srv))
		srv_die("no port");
	h = srv_file(&srv, 1, 0, 0, 0);
	if (h < 0)
		srv_die("no file: error %d", (int)-h);
	err = srv_register("exec", (handle_t)h);
	if (err < 0)
		srv_die("not registered: error %d", (int)-err);
	srv_run(&srv);
	return 1;
}
