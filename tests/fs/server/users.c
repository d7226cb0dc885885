/* SPDX-License-Identifier: MIT */
/* Tests of the file server: who may do what, socket nodes, watches, files without names, owners of locks. */
#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/inotify.h>

#include "../../../os/srv/fs/fsd.h"
#include "../dev.h"
#include "server.h"

static void as(uint32_t uid, uint32_t gid)
{
	fake_cred = CRED(uid, gid);
	fake_groups = 0;
}

static int64_t setattr(const char *path, uint64_t mask, uint32_t mode, uint32_t uid, uint32_t gid)
{
	uint64_t w[MSG_WORDS - 1] = { mask, mode, CRED(uid, gid) };

	return ask(root, F_SETATTR, path, strlen(path), w, &a);
}

static void remove_file(const char *path)
{
	as(0, 0);
	OK((int)path_op(F_UNLINK, path, 0, 0));
}

static void groups_count(void)
{
	file_close(open_file("f", O_CREAT | O_RDWR));
	OK((int)setattr("f", SA_MODE | SA_UID | SA_GID, 0640, 5, 70));
	as(6, 6);
	CHECK(path_op(F_OPEN, "f", O_RDONLY, 0) == -EACCES);
	fake_groups = 9;
	fake_group_list[2] = 70;
	file_close(open_file("f", O_RDONLY));
	CHECK(path_op(F_OPEN, "f", O_RDWR, 0) == -EACCES);
	as(6, 70);
	file_close(open_file("f", O_RDONLY));
	/* The owner's bits count for the owner, even when others may more. */
	as(0, 0);
	OK((int)setattr("f", SA_MODE, 0066, 0, 0));
	as(5, 70);
	CHECK(path_op(F_OPEN, "f", O_RDONLY, 0) == -EACCES);
	as(0, 0);
	file_close(open_file("f", O_RDWR));
	CHECK(path_op(F_ACCESS, "f", X_OK, AT_EACCESS) == -EACCES);
	remove_file("f");
}

static void chown_and_chmod(void)
{
	file_close(open_file("f", O_CREAT | O_RDWR));
	OK((int)setattr("f", SA_UID | SA_GID, 0, 5, 5));
	as(5, 5);
	CHECK(setattr("f", SA_UID, 0, 6, 0) == -EPERM && setattr("f", SA_GID, 0, 0, 6) == -EPERM);
	fake_groups = 9;
	OK((int)setattr("f", SA_MODE, 06755, 0, 0));
	OK((int)setattr("f", SA_GID, 0, 0, 70));
	CHECK((stat_of("f").st_mode & 07777) == 0755 && stat_of("f").st_gid == 70);
	as(5, 5);
	OK((int)setattr("f", SA_MODE, 06755, 0, 0));
	CHECK((stat_of("f").st_mode & 07777) == 04755);	/* not in the file's group */
	as(6, 6);
	CHECK(setattr("f", SA_MODE, 0777, 0, 0) == -EPERM && setattr("f", SA_ATIME | SA_MTIME, 0, 0, 0) == -EPERM);
	CHECK(setattr("f", SA_ATIME | SA_MTIME | SA_NOW, 0, 0, 0) == -EACCES);
	as(0, 0);
	OK((int)setattr("f", SA_MODE, 06777, 0, 0));
	as(6, 6);
	OK((int)setattr("f", SA_ATIME | SA_MTIME | SA_NOW, 0, 0, 0));
	file_close(open_file("f", O_RDWR));
	CHECK((stat_of("f").st_mode & 07777) == 0777);	/* who writes takes set-id away */
	remove_file("f");
}

static void sticky_and_setgid_directories(void)
{
	OK((int)path_op(F_MKDIR, "t", 0, 0));
	OK((int)setattr("t", SA_MODE | SA_GID, 03777, 0, 70));
	as(5, 5);
	file_close(open_file("t/f", O_CREAT | O_RDWR));
	CHECK(stat_of("t/f").st_gid == 70);
	OK((int)path_op(F_MKDIR, "t/d", 0, 0755));
	CHECK(stat_of("t/d").st_mode & 02000);
	as(6, 6);
	CHECK(path_op(F_UNLINK, "t/f", 0, 0) == -EPERM && two(F_RENAME, "t/f", "t/g", 0) == -EPERM);
	as(5, 5);
	OK((int)path_op(F_UNLINK, "t/f", 0, 0));
	OK((int)path_op(F_UNLINK, "t/d", AT_REMOVEDIR, 0));
	as(0, 0);
	OK((int)path_op(F_UNLINK, "t", AT_REMOVEDIR, 0));
}

static void acting_for_another(void)
{
	uint64_t w[MSG_WORDS - 1] = { O_RDONLY | F_AS, 0, CRED(6, 6), 0 };

	file_close(open_file("f", O_CREAT | O_RDWR));
	OK((int)setattr("f", SA_MODE, 0600, 0, 0));
	CHECK(ask(root, F_OPEN, "f", 1, w, &a) == -EACCES);
	w[2] = 0;
	as(6, 6);
	CHECK(ask(root, F_OPEN, "f", 1, w, &a) == -EPERM);
	remove_file("f");
}

void test_permissions(void)
{
	groups_count();
	chown_and_chmod();
	sticky_and_setgid_directories();
	acting_for_another();
	as(0, 0);
}

void test_sockets(void)
{
	unsigned live;
	handle_t end;

	live = fake_live();
	end = fake_end();
	fake_along = end;
	OK((int)path_op(F_BIND, "s", 0, 0755));
	CHECK(S_ISSOCK(stat_of("s").st_mode) && path_op(F_OPEN, "s", O_RDWR, 0) == -ENXIO);
	fake_along = end;
	CHECK(path_op(F_BIND, "s", 0, 0755) == -EADDRINUSE);
	OK((int)path_op(F_CONNECT, "s", 0, 0));
	CHECK(a.h == end);
	sys_handle_close(a.h);
	as(6, 6);
	CHECK(path_op(F_CONNECT, "s", 0, 0) == -EACCES);
	as(0, 0);
	OK((int)two(F_RENAME, "s", "moved", 0));
	OK((int)path_op(F_CONNECT, "moved", 0, 0));
	sys_handle_close(a.h);
	OK((int)path_op(F_UNLINK, "moved", 0, 0));
	sys_handle_close(end);
	CHECK(fake_live() == live);
	OK((int)path_op(F_MKNOD, "dead", 0, 0140777));
	CHECK(path_op(F_CONNECT, "dead", 0, 0) == -ECONNREFUSED && path_op(F_CONNECT, "none", 0, 0) == -ENOENT);
	OK((int)path_op(F_UNLINK, "dead", 0, 0));
}

/* The next event that was written must be this one. */
static void expect(int wd, uint32_t mask, const char *name)
{
	struct inotify_event e;

	CHECK(fake_nwritten >= sizeof e);
	memcpy(&e, fake_written, sizeof e);
	CHECK(e.wd == wd && e.mask == mask);
	CHECK(name ? e.len && !strcmp(fake_written + sizeof e, name) : !e.len);
	fake_nwritten -= sizeof e + e.len;
	memmove(fake_written, fake_written + sizeof e + e.len, fake_nwritten);
}

static int watch(handle_t end, const char *path, uint32_t mask)
{
	fake_along = end;
	return (int)path_op(F_WATCH, path, mask, 0);
}

void test_watches(void)
{
	handle_t end = fake_end(), h;
	int d, f;

	OK((int)path_op(F_MKDIR, "d", 0, 0755));
	d = watch(end, "d", IN_ALL_EVENTS);
	CHECK(d > 0 && watch(end, "d", IN_ALL_EVENTS & ~IN_ATTRIB) == d && watch(end, "none", IN_CREATE) == -ENOENT);
	h = open_file("d/f", O_CREAT | O_RDWR);
	expect(d, IN_CREATE, "f");
	expect(d, IN_OPEN, "f");
	f = watch(end, "d/f", IN_MODIFY | IN_DELETE_SELF);
	CHECK(f > 0 && f != d && file_pwrite(h, "x", 1, 0) == 1);
	expect(f, IN_MODIFY, NULL);
	expect(d, IN_MODIFY, "f");
	file_close(h);
	expect(d, IN_CLOSE_WRITE, "f");
	OK((int)two(F_RENAME, "d/f", "d/g", 0));
	expect(d, IN_MOVED_FROM, "f");
	expect(d, IN_MOVED_TO, "g");
	OK((int)path_op(F_UNLINK, "d/g", 0, 0));
	expect(d, IN_DELETE, "g");
	expect(f, IN_DELETE_SELF, NULL);
	expect(f, IN_IGNORED, NULL);
	OK((int)path_op(F_MKDIR, "d/sub", 0, 0755));
	expect(d, IN_CREATE | IN_ISDIR, "sub");
	OK((int)path_op(F_UNLINK, "d/sub", AT_REMOVEDIR, 0));
	expect(d, IN_DELETE | IN_ISDIR, "sub");
	fake_along = end;
	OK((int)path_op(F_UNWATCH, "", (uint64_t)d, 0));
	expect(d, IN_IGNORED, NULL);
	OK((int)path_op(F_UNLINK, "d", AT_REMOVEDIR, 0));
	CHECK(!fake_nwritten);
	forget_watches();
	sys_handle_close(end);
}

/* The reader of all ends went away. */
void forget_watches(void)
{
	handle_t end = fake_end();

	fake_hung_up = true;
	fake_along = end;
	path_op(F_WATCH, "none", IN_CREATE, 0);
	fake_hung_up = false;
	sys_handle_close(end);
}

void test_unnamed(void)
{
	uint64_t w[MSG_WORDS - 1] = { 0 };
	handle_t h;

	OK((int)path_op(F_MKDIR, "d", 0, 0755));
	CHECK(path_op(F_OPEN, "d", O_TMPFILE | O_RDONLY, 0600) == -EINVAL);
	h = open_file("d", O_TMPFILE | O_RDWR);
	CHECK(file_pwrite(h, "data", 4, 0) == 4 && stat_of("d").st_nlink == 2);
	fake_along = root;
	OK((int)ask(h, F_LINK, "\0d/named", 8, w, &a));
	CHECK(stat_of("d/named").st_size == 4 && stat_of("d/named").st_nlink == 1);
	file_close(h);
	OK((int)path_op(F_UNLINK, "d/named", 0, 0));
	h = open_file("d", O_TMPFILE | O_EXCL | O_RDWR);
	fake_along = root;
	CHECK(ask(h, F_LINK, "\0d/named", 8, w, &a) == -ENOENT);
	file_close(h);
	OK((int)path_op(F_UNLINK, "d", AT_REMOVEDIR, 0));
}

static int64_t lock(handle_t h, uint32_t pid, uint64_t cmd, uint64_t type, uint64_t start)
{
	uint64_t w[MSG_WORDS - 1] = { cmd, type, start, 1 };

	fake_pid = pid;
	return ask(h, F_RECLOCK, NULL, 0, w, &a);
}

void test_owners(void)
{
	handle_t h = open_file("f", O_CREAT | O_RDWR), g = open_file("f", O_RDWR), ro = open_file("f", O_RDONLY);

	CHECK(lock(ro, 10, F_SETLK, F_WRLCK, 0) == -EBADF);
	/* Two that wait for each other: the second is told. */
	OK((int)lock(h, 10, F_SETLK, F_WRLCK, 0));
	OK((int)lock(h, 11, F_SETLK, F_WRLCK, 1));
	CHECK(lock(h, 10, F_SETLKW, F_WRLCK, 1) == SRV_HELD);
	CHECK(lock(h, 11, F_SETLKW, F_WRLCK, 0) == -EDEADLK);
	/* The end of a process frees what it held, though its file is open elsewhere. */
	fake_lates = 0;
	fake_dead = 11;
	fake_death();
	CHECK(fake_lates == 1 && !fake_late && lock(h, 12, F_SETLK, F_WRLCK, 1) == -EAGAIN);
	OK((int)lock(h, 10, F_SETLK, F_UNLCK, 0));
	OK((int)lock(h, 10, F_SETLK, F_UNLCK, 1));
	/* Open files as owners conflict within a process and with processes. */
	OK((int)lock(h, 10, F_OFD_SETLK, F_WRLCK, 5));
	CHECK(lock(g, 10, F_OFD_SETLK, F_WRLCK, 5) == -EAGAIN && lock(g, 10, F_SETLK, F_RDLCK, 5) == -EAGAIN);
	OK((int)lock(g, 10, F_GETLK, F_WRLCK, 5));
	CHECK((int32_t)a.w[5] == -1);
	file_close(h);
	OK((int)lock(g, 10, F_OFD_SETLK, F_WRLCK, 5));
	file_close(g);
	file_close(ro);
	fake_pid = 1;
	remove_file("f");
}
