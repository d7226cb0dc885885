/* SPDX-License-Identifier: MIT */
/* image_for.c: for execd, which is linked with libc.a: images for other processes, paths with others' rights. */
#include <fcntl.h>
#include <unistd.h>
#include "calx.h"
#include "image_for.h"

int __calx_image_for(int file, const struct image_for *w, struct exec_args *a, struct proc_handle *list)
{
	struct image_args args = { .argv = w->argv, .envp = w->envp, .path = w->path, .cwd = w->cwd, .secure = w->secure,
		.other_umask = 1, .umask = w->umask };
	handle_t handles[IMAGE_HANDLES];
	struct image img;
	int err = __image_build(file, &args, &img), n;

	if (err)
		return err;
	n = __image_handles(handles, IMAGE_HANDLES);
	for (int i = 0; i < n; i++)
		list[i] = (struct proc_handle){ .from = handles[i], .to = handles[i] };
	*a = (struct exec_args){ .vm = img.vm, .nhandles = n, .handles = (uint64_t)list, .entry = img.entry, .sp = img.sp,
		.flags = w->secure ? EXEC_SECURE : 0 };
	memcpy(a->name, img.name, sizeof(a->name));
	return 0;
}

int __calx_open_as(const char *path, uint64_t flags, uint64_t cred, uint64_t groups)
{
	struct msg m = { .w = { F_OPEN, flags | F_AS, 0, cred, groups } };
	long r = __path_call(AT_FDCWD, path, 0, &m, 0);

	if (r < 0)
		return r;
	return m.nh ? m.h[0] : -EIO;
}

int __calx_may_execute(int file, uint64_t cred, uint64_t groups)
{
	struct msg m = { .w = { F_ACCESS, X_OK | F_AS, AT_EACCESS, cred, groups } };
	long r = __calx_call(file, &m);

	return r < 0 ? r : 0;
}
