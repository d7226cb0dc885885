/* SPDX-License-Identifier: MIT */
/* exec.c: replaces the program of this process. */
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include "calx.h"

hidden int __calx_is_set_id(handle_t f);

/* May this file be executed by us? */
static int check_file(handle_t f)
{
	struct stat st;
	int err = plat_fstat(f, &st);

	if (err)
		return err;
	if (!S_ISREG(st.st_mode))
		return -EACCES;
	return plat_faccessat(f, "", X_OK, AT_EACCESS | AT_EMPTY_PATH);
}

/* Tells procd what is executed: "path\0argument\0...", as much as it keeps. */
static void tell(const char *path, char *const argv[])
{
	char text[CMDLINE_MAX];
	struct msg m = { .w = { P_SETEXEC, 1 } };
	size_t n = 0, len;

	for (const char *s = path; s && n < sizeof(text); s = *argv ? *argv++ : 0) {
		len = strnlen(s, sizeof(text) - n - 1);
		memcpy(text + n, s, len);
		n += len;
		text[n++] = 0;
	}
	m.r[0] = (struct msg_range){ (uint64_t)text, n };
	__procd_call(&m);
}

static int exec_file(handle_t f, const char *path, char *const argv[], char *const envp[])
{
	static char *const none[] = { 0 };
	struct image_args args = { .argv = argv ? argv : none, .envp = envp ? envp : none,
		.path = path, .cwd = __calx.cwd };
	struct image img;
	int err = check_file(f);

	if (!err)
		err = __image_build(f, &args, &img);
	if (err)
		return err;
	tell(path, args.argv);
	sys(SYS_proc_name, img.name);
	err = sys(SYS_proc_exec, img.vm, img.entry, img.sp);
	sys(SYS_handle_close, img.vm);
	return err;
}

static size_t put(char *to, size_t at, const char *s)
{
	size_t n = strlen(s) + 1;

	if (to)
		memcpy(to + at, s, n);
	return at + n;
}

/* Path, directory and all strings behind each other, and how many; with to NULL only measured. */
static size_t put_all(char *to, const char *path, char *const argv[], char *const envp[], uint64_t count[2])
{
	size_t at = put(to, put(to, 0, path), __calx.cwd);

	count[0] = count[1] = 0;
	for (; argv && argv[count[0]]; count[0]++)
		at = put(to, at, argv[count[0]]);
	for (; envp && envp[count[1]]; count[1]++)
		at = put(to, at, envp[count[1]]);
	return at;
}

/* Leaves it to execd to execute the program; returns only on failure. */
static int exec_by_server(const char *path, char *const argv[], char *const envp[])
{
	struct msg q = { .w = { N_LOOKUP }, .r[0] = { (uint64_t)"exec", 4 } }, m = { .w = { P_EXEC } };
	char abs[PATH_MAX];
	size_t n;
	long buf, r = __path_absolute(AT_FDCWD, path, abs);

	if (r >= 0)
		r = __calx.names == H_NONE ? -EACCES : __calx_call(__calx.names, &q);
	if (r < 0 || !q.nh)
		return r == -ENOENT ? -EACCES : r < 0 ? r : -EIO;
	n = put_all(0, abs, argv, envp, &m.w[1]);
	buf = plat_mmap(0, n, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (buf >= 0) {
		put_all((char *)buf, abs, argv, envp, &m.w[1]);
		m.w[3] = __calx.umask;
		m.r[0] = (struct msg_range){ buf, n };
		tell(abs, argv ? argv : (char *const[]){ 0 });
		r = __calx_call(q.h[0], &m);
		plat_munmap((void *)buf, n);
	} else {
		r = buf;
	}
	sys(SYS_handle_close, q.h[0]);
	return r < 0 ? r : -EIO;
}

int __calx_is_set_id(handle_t fd)
{
	struct stat st;

	if (plat_fstat(fd, &st) || !S_ISREG(st.st_mode))
		return 0;
	if (st.st_mode & S_ISUID && st.st_uid != plat_geteuid())
		return 1;
	return (st.st_mode & (S_ISGID | S_IXGRP)) == (S_ISGID | S_IXGRP) && st.st_gid != plat_getegid();
}

int plat_execve(const char *path, char *const argv[], char *const envp[])
{
	int fd = plat_openat(AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0), err;

	if (fd == -EACCES)
		return exec_by_server(path, argv, envp);	/* it may be executed, but not read */
	if (fd < 0)
		return fd;
	err = __calx_is_set_id(fd) ? exec_by_server(path, argv, envp) : -ENOEXEC;
	if (err == -ENOEXEC)
		err = exec_file(fd, path, argv, envp);
	plat_close(fd);
	return err;
}

int plat_fexecve(int fd, char *const argv[], char *const envp[])
{
	char path[PATH_MAX];
	struct msg m = { .w = { F_PATH }, .r[1] = { (uint64_t)path, sizeof(path) - 1 } };
	long n = __calx_call(fd, &m);

	if (n < 0)
		return n;
	path[n < PATH_MAX ? n : PATH_MAX - 1] = 0;
	return exec_file(fd, path, argv, envp);
}

int __calx_check_program(handle_t f)
{
	return check_file(f);
}
