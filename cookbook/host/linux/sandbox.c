/* SPDX-License-Identifier: MIT */
/*
 * The sandbox: new user, mount, pid, network, IPC and UTS namespaces.  Its root is a
 * small tmpfs with the host's /usr (read-only), a private /tmp, /dev and /proc, and
 * what the build binds below /calx.  There is no network but loopback, no home and
 * nothing of the host can be written.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../cook.h"
#include "../../sandbox.h"
#include "../../watch.h"
#include "../host.h"

#define NAMESPACES (CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS)

static void
fatal(const char *what, const char *path)
{
	warn_("sandbox: %s %s: %s", what, path, strerror(errno));
	_exit(126);
}

static int
put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
	ssize_t n = fd < 0 ? -1 : write(fd, text, strlen(text));

	if (fd >= 0)
		close(fd);
	return n < 0 ? -1 : 0;
}

/* A user namespace where we are root; real root may do without. */
static int
enter_namespaces(void)
{
	uid_t uid = getuid();
	gid_t gid = getgid();
	char map[64];

	if (unshare(CLONE_NEWUSER | NAMESPACES) < 0)
		return uid == 0 ? unshare(NAMESPACES) : -1;
	snprintf(map, sizeof(map), "0 %u 1\n", uid);
	if (put("/proc/self/setgroups", "deny") < 0 || put("/proc/self/uid_map", map) < 0)
		return -1;
	snprintf(map, sizeof(map), "0 %u 1\n", gid);
	return put("/proc/self/gid_map", map);
}

static void
loopback_up(void)
{
	struct ifreq ifr = { .ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd >= 0) {
		ioctl(fd, SIOCSIFFLAGS, &ifr);
		close(fd);
	}
}

static void
mount_or_die(const char *from, const char *to, const char *type, unsigned long flags,
		const char *data)
{
	if (mount(from, to, type, flags, data) < 0)
		fatal("mount", to);
}

/* Makes the mount point `to`: a folder, or an empty file when `from` is a file. */
static void
make_point(const char *from, const char *to)
{
	struct stat st;
	char *dir = xdup(to), *slash = strrchr(dir, '/');

	if (stat(from, &st) < 0)
		fatal("stat", from);
	*slash = '\0';
	if (*dir)
		make_dirs(dir);
	free(dir);
	if (S_ISDIR(st.st_mode))
		mkdir(to, 0755);
	else
		put(to, "");
}

/* Binds from to top/to; read-only keeps the flags that the host's mount is locked to. */
static void
bind_one(const char *top, const char *from, const char *to, int writable)
{
	static const unsigned long tries[] = {
		MS_NOSUID, MS_NOSUID | MS_NODEV, MS_NOSUID | MS_NODEV | MS_NOATIME,
		MS_NOSUID | MS_NODEV | MS_RELATIME, MS_NOSUID | MS_NODEV | MS_NOEXEC
	};
	char *path = fmt("%s%s", top, to);
	size_t i;

	make_point(from, path);
	mount_or_die(from, path, NULL, MS_BIND | MS_REC, NULL);
	for (i = 0; !writable && i < sizeof(tries) / sizeof(tries[0]); i++)
		if (mount(NULL, path, NULL, MS_BIND | MS_REMOUNT | MS_RDONLY | tries[i], NULL) == 0)
			break;
	if (!writable && i == sizeof(tries) / sizeof(tries[0]))
		fatal("cannot make read-only:", to);
	free(path);
}

/* /bin, /lib…: links as on the host, or folders bound from it. */
static void
copy_host_entry(const char *top, const char *name)
{
	char target[256], *path;
	ssize_t n = readlink(name, target, sizeof(target) - 1);

	if (n > 0) {
		target[n] = '\0';
		path = fmt("%s%s", top, name);
		if (symlink(target, path) < 0)
			fatal("link", path);
		free(path);
	} else if (exists(name)) {
		bind_one(top, name, name, 0);
	}
}

void
sandbox_show(const struct sandbox *s, const char *path)
{
	copy_host_entry(s->top, path);
}

void
sandbox_mount(const struct sandbox *s, const char *from, const char *to)
{
	bind_one(s->top, from, to, 0);
}

static void
make_dev(const char *top)
{
	static const char *const nodes[] = {
		"/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom", NULL
	};
	static const char *const links[][2] = {
		{ "/proc/self/fd", "/dev/fd" }, { "/proc/self/fd/0", "/dev/stdin" },
		{ "/proc/self/fd/1", "/dev/stdout" }, { "/proc/self/fd/2", "/dev/stderr" },
	};
	size_t i;
	char *path;

	for (i = 0; nodes[i]; i++)
		if (exists(nodes[i]))
			bind_one(top, nodes[i], nodes[i], 1);
	for (i = 0; i < sizeof(links) / sizeof(links[0]); i++) {
		path = fmt("%s%s", top, links[i][1]);
		if (symlink(links[i][0], path) < 0)
			fatal("link", path);
		free(path);
	}
	path = fmt("%s/dev/shm", top);
	if (mkdir(path, 01777) < 0 || chmod(path, 01777) < 0)
		fatal("mkdir", path);
	free(path);
}

static void
make_etc(const char *top)
{
	static const char *const host[] = {
		"/etc/alternatives", "/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d", NULL
	};
	static const char *const own[][2] = {
		{ "passwd", "root:x:0:0::/calx/home:/bin/sh\nnobody:x:65534:65534::/:/bin/false\n" },
		{ "group", "root:x:0:\nnogroup:x:65534:\n" },
		{ "hosts", "127.0.0.1 localhost\n" },
		{ "nsswitch.conf", "passwd: files\ngroup: files\nhosts: files\n" },
	};
	size_t i;

	for (i = 0; host[i]; i++)
		if (exists(host[i]))
			bind_one(top, host[i], host[i], 0);
	for (i = 0; i < sizeof(own) / sizeof(own[0]); i++) {
		char *path = fmt("%s/etc/%s", top, own[i][0]);

		if (put(path, own[i][1]) < 0)
			fatal("write", path);
		free(path);
	}
}

static int
is_link(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0 && S_ISLNK(st.st_mode);
}

/* The host's programs, read-only. */
static void
lay_host(const struct sandbox *s)
{
	static const char *const host[] = { "/bin", "/sbin", "/lib", "/lib64", "/lib32", "/libx32", NULL };
	size_t i;

	for (i = 0; host[i]; i++)
		if (!s->tools.n || strstr(host[i], "lib") || is_link(host[i]))
			copy_host_entry(s->top, host[i]);
	if (s->tools.n)
		host_view(s);
	else
		bind_one(s->top, "/usr", "/usr", 0);
	make_etc(s->top);
}

/* Terminals of its own; where they are forbidden there are none. */
static void
make_terminals(const char *top)
{
	char *pts = fmt("%s/dev/pts", top), *ptmx = fmt("%s/dev/ptmx", top);

	if (mkdir(pts, 0755) == 0 &&
	    mount("devpts", pts, "devpts", MS_NOSUID | MS_NOEXEC, "newinstance,ptmxmode=0666,mode=620") == 0 &&
	    symlink("pts/ptmx", ptmx) < 0)
		fatal("link", ptmx);
	free(pts);
	free(ptmx);
}

/* A tree of packages in the host's place: usr read-only, the rest copied, for it may be written. */
static void
lay_packages(const struct sandbox *s)
{
	char *skip = fmt("%s/usr", s->packages), *home = fmt("%s/root", s->top);
	struct list names = { 0 };
	size_t i;

	bind_one(s->top, skip, "/usr", 0);
	list_dir(s->packages, &names);
	for (i = 0; i < names.n; i++) {
		char *from = fmt("%s/%s", s->packages, names.v[i]), *to = fmt("%s/%s", s->top, names.v[i]);

		if (strcmp(from, skip) != 0 && layout_copy(from, to) < 0)
			fatal("copy", from);
		free(from);
		free(to);
	}
	if (mkdir(home, 0700) < 0 && errno != EEXIST)
		fatal("mkdir", home);
	make_terminals(s->top);
	cpk_list_free(&names);
	free(skip);
	free(home);
}

static void
make_root(const struct sandbox *s)
{
	static const char *const dirs[] = { "/dev", "/etc", "/tmp", "/proc", "/var", "/calx",
		"/calx/home", "/var/tmp", NULL };
	size_t i;

	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 && errno == EINVAL) {
		warn_("sandbox: / is no mount point, as in a plain chroot: bind the folder to itself first "
		      "(mount --rbind DIR DIR; chroot DIR)");
		_exit(126);
	}
	mount_or_die("tmpfs", s->top, "tmpfs", MS_NOSUID | MS_NODEV, "mode=755");
	for (i = 0; dirs[i]; i++) {
		char *path = fmt("%s%s", s->top, dirs[i]);

		if (mkdir(path, 0755) < 0)
			fatal("mkdir", path);
		if (strstr(dirs[i], "tmp"))
			chmod(path, 01777);
		free(path);
	}
	make_dev(s->top);
	if (s->packages)
		lay_packages(s);
	else
		lay_host(s);
	for (i = 0; i < s->nbinds; i++)
		bind_one(s->top, s->bind[i].from, s->bind[i].to, s->bind[i].writable);
}

static void
enter_root(const struct sandbox *s)
{
	char *proc = fmt("%s/proc", s->top);

	/* A container may forbid a fresh /proc; its own one is better than none. */
	if (mount("proc", proc, "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) < 0)
		mount_or_die("/proc", proc, NULL, MS_BIND | MS_REC, NULL);
	free(proc);
	if (chdir(s->top) < 0 || syscall(SYS_pivot_root, ".", ".") < 0)
		fatal("pivot_root", s->top);
	if (umount2(".", MNT_DETACH) < 0)
		fatal("umount", "the host's root");
	if (!s->packages && mount(NULL, "/", NULL, MS_BIND | MS_REMOUNT | MS_RDONLY | MS_NOSUID | MS_NODEV, NULL) < 0)
		fatal("cannot make read-only:", "/");
}

/* The root is read-only; what may be written are mounts of their own. */
static void
make_scratch(const struct sandbox *s)
{
	static const char *const dirs[] = { "/tmp", "/var/tmp", "/dev/shm", "/calx/home", NULL };
	size_t i;

	for (i = 0; dirs[i]; i++) {
		char *path = fmt("%s%s", s->top, dirs[i]);

		mount_or_die("tmpfs", path, "tmpfs", MS_NOSUID | MS_NODEV, "mode=1777");
		free(path);
	}
}

static void
drop_rights(void)
{
	static const int kept[] = { CAP_CHOWN, CAP_DAC_OVERRIDE, CAP_FOWNER, CAP_FSETID };
	int cap;
	size_t i;

	for (cap = 0; cap <= 63; cap++) {
		for (i = 0; i < sizeof(kept) / sizeof(kept[0]) && kept[i] != cap; i++)
			;
		if (i == sizeof(kept) / sizeof(kept[0]))
			prctl(PR_CAPBSET_DROP, cap, 0, 0, 0);
	}
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
}

/* The first process of the pid namespace: when it ends, all others are killed. */
static void
run_init(const struct sandbox *s, const char *script)
{
	pid_t pid;
	int code = 1;

	prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	make_root(s);
	make_scratch(s);
	loopback_up();
	if (sethostname(s->vary ? "elsewhere" : "calx", s->vary ? 9 : 4) < 0)
		fatal("sethostname", "calx");
	enter_root(s);
	pid = fork();
	if (pid == 0) {
		drop_rights();
		sandbox_exec(s, script);
	}
	if (pid > 0)
		code = watch_child(pid, s->cwd);
	if (watch_network() && code == 0)
		code = 125;
	_exit(code);
}

/* Between us and the namespaces' init, since unshare does not move its caller's pid. */
void
host_sandbox_enter(const struct sandbox *s, const char *script)
{
	pid_t pid;

	prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	if (enter_namespaces() < 0)
		fatal("cannot make namespaces here;", "--no-sandbox builds without them");
	pid = fork();
	if (pid == 0)
		run_init(s, script);
	_exit(pid < 0 ? 126 : wait_status(pid));
}

int
host_sandbox_check(void)
{
	pid_t pid = fork();
	int status;

	if (pid == 0)
		_exit(enter_namespaces() < 0 ? errno : 0);
	if (pid < 0 || waitpid(pid, &status, 0) < 0 || !WIFEXITED(status))
		return -EAGAIN;
	return -WEXITSTATUS(status);
}
