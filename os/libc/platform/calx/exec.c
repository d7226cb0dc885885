/* SPDX-License-Identifier: MIT */
/* exec.c: replaces the program of this process. */
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include "calx.h"

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

int plat_execve(const char *path, char *const argv[], char *const envp[])
{
	int fd = plat_openat(AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0), err;

	if (fd < 0)
		return fd;
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
