/* SPDX-License-Identifier: MIT */
/*
 * plat.h: the boundary between the portable C library and the system below it.
 *
 * Every function returns a value >= 0 or -errno, never touches errno and is not a cancellation point
 * by itself (see internal/cancel.h). Structures and constants have the Linux x86_64 layout on every
 * platform, so no caller converts anything. dirfd may be AT_FDCWD wherever one is taken. Times are
 * absolute or relative as the POSIX function of the same name says. platform/linux makes raw system
 * calls, platform/calx talks to the kernel and the servers.
 */
#ifndef INTERNAL_PLAT_H
#define INTERNAL_PLAT_H

#include <stddef.h>
#include <stdint.h>

struct stat;
struct statfs;
struct statx;
struct iovec;
struct timespec;
struct itimerval;
struct itimerspec;
struct sigaction;
struct sigevent;
struct pollfd;
struct msghdr;
struct rlimit;
struct rusage;
struct utsname;
struct epoll_event;
struct tms;
struct sched_param;
struct sysinfo;
struct mq_attr;
struct sembuf;

/* -- files by descriptor -- */
long plat_read(int fd, void *buf, size_t len);
long plat_write(int fd, const void *buf, size_t len);
long plat_readv(int fd, const struct iovec *iov, int count);
long plat_writev(int fd, const struct iovec *iov, int count);
long plat_pread(int fd, void *buf, size_t len, long off);
long plat_pwrite(int fd, const void *buf, size_t len, long off);
long plat_preadv(int fd, const struct iovec *iov, int count, long off);
long plat_pwritev(int fd, const struct iovec *iov, int count, long off);
long plat_lseek(int fd, long off, int whence);
int plat_close(int fd);
int plat_dup(int fd);
/* Like dup3: flags is 0 or O_CLOEXEC; -EINVAL when oldfd == newfd. */
int plat_dup3(int oldfd, int newfd, int flags);
/* All fcntl commands; arg is the integer or pointer that the command takes. */
int plat_fcntl(int fd, int cmd, unsigned long arg);
int plat_ioctl(int fd, unsigned long req, void *arg);
int plat_flock(int fd, int op);
int plat_fsync(int fd);
int plat_fdatasync(int fd);
int plat_sync(void);
int plat_ftruncate(int fd, long len);
int plat_fallocate(int fd, int mode, long off, long len);
int plat_fadvise(int fd, long off, long len, int advice);
/* Fills buf with struct dirent records (d_reclen apart); returns bytes, 0 at the end. */
long plat_getdents(int fd, void *buf, size_t len);
int plat_fstat(int fd, struct stat *st);
int plat_fchmod(int fd, unsigned mode);
int plat_fchown(int fd, unsigned uid, unsigned gid);
int plat_fchdir(int fd);
int plat_fstatfs(int fd, struct statfs *st);
int plat_pipe2(int fds[2], int flags);
long plat_sendfile(int out, int in, long *off, size_t len);
long plat_copy_file_range(int in, long *inoff, int out, long *outoff, size_t len, unsigned flags);
/* The whole file system that fd lies on. */
int plat_syncfs(int fd);

/* -- files by name -- */
int plat_openat(int dirfd, const char *path, int flags, unsigned mode);
/* flags: AT_SYMLINK_NOFOLLOW, AT_EMPTY_PATH. */
int plat_fstatat(int dirfd, const char *path, struct stat *st, int flags);
/* flags as in statx(2). */
int plat_statx(int dirfd, const char *path, int flags, unsigned mask, struct statx *stx);
int plat_faccessat(int dirfd, const char *path, int amode, int flags);
int plat_fchmodat(int dirfd, const char *path, unsigned mode, int flags);
int plat_fchownat(int dirfd, const char *path, unsigned uid, unsigned gid, int flags);
/* path may be NULL: then dirfd itself. times may be NULL: now. */
int plat_utimensat(int dirfd, const char *path, const struct timespec *times, int flags);
int plat_mkdirat(int dirfd, const char *path, unsigned mode);
int plat_mknodat(int dirfd, const char *path, unsigned mode, unsigned long dev);
/* flags: AT_REMOVEDIR removes a directory, 0 anything else. */
int plat_unlinkat(int dirfd, const char *path, int flags);
int plat_renameat2(int olddir, const char *old, int newdir, const char *new, unsigned flags);
int plat_linkat(int olddir, const char *old, int newdir, const char *new, int flags);
int plat_symlinkat(const char *target, int dirfd, const char *path);
/* Returns the length, without a terminating NUL, cut at len. */
long plat_readlinkat(int dirfd, const char *path, char *buf, size_t len);
int plat_truncate(const char *path, long len);
int plat_statfs(const char *path, struct statfs *st);
int plat_chdir(const char *path);
int plat_chroot(const char *path);
/* Returns the length including the NUL, or -ERANGE. */
long plat_getcwd(char *buf, size_t len);
unsigned plat_umask(unsigned mask);

/* -- extended attributes of the file path, or with NULL of fd; at: 0 or AT_SYMLINK_NOFOLLOW -- */
/* Bytes; with len 0 the bytes that there are. */
long plat_getxattr(int fd, const char *path, int at, const char *name, void *buf, size_t len);
long plat_listxattr(int fd, const char *path, int at, char *buf, size_t len);
/* flags: XATTR_*. */
int plat_setxattr(int fd, const char *path, int at, const char *name, const void *buf, size_t len, int flags);
int plat_removexattr(int fd, const char *path, int at, const char *name);

/* -- memory: plat_mmap and plat_mremap return an address or -errno (in -4095..-1) -- */
long plat_mmap(void *addr, size_t len, int prot, int flags, int fd, long off);
long plat_mremap(void *addr, size_t oldlen, size_t newlen, int flags, void *newaddr);
int plat_munmap(void *addr, size_t len);
int plat_mprotect(void *addr, size_t len, int prot);
int plat_msync(void *addr, size_t len, int flags);
int plat_madvise(void *addr, size_t len, int advice);
int plat_mlock(const void *addr, size_t len);
int plat_munlock(const void *addr, size_t len);
int plat_mlockall(int flags);
int plat_munlockall(void);
int plat_mincore(void *addr, size_t len, unsigned char *vec);
int plat_memfd_create(const char *name, unsigned flags);

/* -- time -- */
int plat_clock_gettime(int clock, struct timespec *ts);
int plat_clock_settime(int clock, const struct timespec *ts);
int plat_clock_getres(int clock, struct timespec *ts);
int plat_clock_nanosleep(int clock, int flags, const struct timespec *req, struct timespec *rem);
int plat_getitimer(int which, struct itimerval *cur);
int plat_setitimer(int which, const struct itimerval *new, struct itimerval *old);
/* POSIX per-process timers; *id is a small number. SIGEV_THREAD is done above this line. */
int plat_timer_create(int clock, struct sigevent *ev, int *id);
int plat_timer_settime(int id, int flags, const struct itimerspec *new, struct itimerspec *old);
int plat_timer_gettime(int id, struct itimerspec *cur);
int plat_timer_getoverrun(int id);
int plat_timer_delete(int id);

/* -- threads -- */
/*
 * Starts fn(arg) in a new thread on stack (its high end), thread pointer tp. *ctid is set to the new
 * thread's id before this returns; when the thread is gone it becomes 0 and a futex wake is sent on
 * it. Returns the thread id.
 */
int plat_thread_create(void *stack, void *tp, int *ctid, int (*fn)(void *), void *arg);
/* Ends the calling thread alone. */
_Noreturn void plat_thread_exit(void);
/* The same, unmapping its own stack first; map must be the calling thread's. */
_Noreturn void plat_thread_exit_unmap(void *map, size_t len);
/* Sets the thread pointer (x86_64: %fs base). */
int plat_set_tp(void *tp);
/* Asks for *ctid to be cleared and woken at the end of this thread; returns the thread id. */
int plat_set_tid_address(int *ctid);
int plat_gettid(void);
/* Sends sig to one thread of this process. */
int plat_tkill(int tid, int sig);
/* To the calling thread, even if a handler that comes in between forks. */
int plat_raise(int sig);
/*
 * Waits while *addr == val; deadline (clock CLOCK_REALTIME or CLOCK_MONOTONIC) is absolute, NULL
 * means for ever; priv says that only this process uses the word. 0, -EAGAIN (value differs),
 * -EINTR or -ETIMEDOUT.
 */
int plat_futex_wait(volatile int *addr, int val, int clock, const struct timespec *deadline, int priv);
/* The same for a word that plat_thread_create or plat_set_tid_address was given. */
int plat_tid_wait(volatile int *ctid, int val, int clock, const struct timespec *deadline);
/* Wakes at most count waiters; returns how many. */
int plat_futex_wake(volatile int *addr, int count, int priv);
/* Wakes count waiters of addr and moves the others to addr2; -EAGAIN unless *addr == val. */
int plat_futex_requeue(volatile int *addr, int count, int val, volatile int *addr2, int priv);
int plat_set_robust_list(void *head, size_t len);
int plat_sched_yield(void);
int plat_sched_getaffinity(int tid, size_t len, void *mask);
int plat_sched_setaffinity(int tid, size_t len, const void *mask);
int plat_sched_setscheduler(int pid, int policy, const struct sched_param *param);
int plat_sched_getscheduler(int pid);
int plat_sched_getparam(int pid, struct sched_param *param);
int plat_sched_setparam(int pid, const struct sched_param *param);
int plat_sched_rr_get_interval(int pid, struct timespec *ts);
int plat_getcpu(unsigned *cpu);

/* -- signals: sets are pointers to one 64-bit word, bit sig - 1 -- */
int plat_sigaction(int sig, const struct sigaction *new, struct sigaction *old);
/* how as in sigprocmask; new and old may be NULL. Affects the calling thread. */
int plat_sigprocmask(int how, const uint64_t *new, uint64_t *old);
int plat_sigpending(uint64_t *set);
/* Always returns -EINTR after a handler ran. */
int plat_sigsuspend(const uint64_t *set);
/* info is a siginfo_t or NULL; returns the signal or -EAGAIN, -EINTR. */
int plat_sigtimedwait(const uint64_t *set, void *info, const struct timespec *timeout);
/* stack_t pointers. */
int plat_sigaltstack(const void *new, void *old);
int plat_kill(int pid, int sig);
int plat_sigqueue(int pid, int sig, void *info);
/* To one thread of this process. */
int plat_tsigqueue(int tid, int sig, void *info);

/* -- processes -- */
_Noreturn void plat_exit_group(int status);
/* The bare fork: only the calling thread lives on in the child. Returns 0 there. */
int plat_fork(void);
int plat_execve(const char *path, char *const argv[], char *const envp[]);
int plat_fexecve(int fd, char *const argv[], char *const envp[]);

/* What a spawned child does before its program starts, in this order; a list of file actions. */
struct plat_spawn_act {
	enum { PLAT_ACT_OPEN, PLAT_ACT_CLOSE, PLAT_ACT_DUP2, PLAT_ACT_CHDIR, PLAT_ACT_FCHDIR,
		PLAT_ACT_CLOSEFROM } kind;
	int fd, newfd;		/* DUP2: fd becomes newfd; OPEN: fd is what path is opened as */
	int flags;		/* OPEN */
	unsigned mode;		/* OPEN */
	const char *path;	/* OPEN, CHDIR */
};
struct plat_spawn {
	const char *path;		/* program: absolute, or relative to the current directory */
	char *const *argv, *const *envp;
	const struct plat_spawn_act *acts;
	int nacts;
	int flags;			/* POSIX_SPAWN_* */
	int pgroup;			/* with POSIX_SPAWN_SETPGROUP */
	uint64_t sigmask, sigdefault;	/* with POSIX_SPAWN_SETSIGMASK, POSIX_SPAWN_SETSIGDEF */
};
/* Starts a child and returns its pid, or -errno of what failed, also in the child's steps. */
int plat_spawn(const struct plat_spawn *sp);
/* status and ru may be NULL. */
int plat_wait4(int pid, int *status, int options, struct rusage *ru);
int plat_waitid(int idtype, int id, void *info, int options, struct rusage *ru);
int plat_getpid(void);
int plat_getppid(void);
int plat_getpgid(int pid);
int plat_setpgid(int pid, int pgid);
int plat_getsid(int pid);
int plat_setsid(void);
unsigned plat_getuid(void);
unsigned plat_geteuid(void);
unsigned plat_getgid(void);
unsigned plat_getegid(void);
/* -1 leaves an id as it is; the whole process changes. */
int plat_setresuid(unsigned r, unsigned e, unsigned s);
int plat_setresgid(unsigned r, unsigned e, unsigned s);
int plat_getresuid(unsigned *r, unsigned *e, unsigned *s);
int plat_getresgid(unsigned *r, unsigned *e, unsigned *s);
/* The POSIX setuid and setgid, which set all three ids when privileged. */
int plat_setuid(unsigned uid);
int plat_setgid(unsigned gid);
int plat_getgroups(int count, unsigned *list);
int plat_setgroups(size_t count, const unsigned *list);
/* pid 0 is the caller; new or old may be NULL. */
int plat_prlimit(int pid, int what, const struct rlimit *new, struct rlimit *old);
int plat_getrusage(int who, struct rusage *ru);
/* The nice value -20..19 plus 20 (0..39), or -errno. */
int plat_getpriority(int which, unsigned who);
int plat_setpriority(int which, unsigned who, int prio);
/* In clock ticks of 1/100 s since some moment, modulo; fills t when it is not NULL. */
long plat_times(struct tms *t);
int plat_prctl(int op, unsigned long a, unsigned long b, unsigned long c, unsigned long d);
/* As sys/seal.h; the second gives up SEAL_SYSTEM too. */
int plat_seal_calls(unsigned what, int flags);
struct seal_name;
int plat_seal_names(const struct seal_name *keep, size_t n);

/* -- sockets: addresses are struct sockaddr, lengths socklen_t -- */
int plat_socket(int domain, int type, int proto);
int plat_socketpair(int domain, int type, int proto, int fds[2]);
int plat_bind(int fd, const void *addr, unsigned len);
int plat_listen(int fd, int backlog);
int plat_accept4(int fd, void *addr, unsigned *len, int flags);
int plat_connect(int fd, const void *addr, unsigned len);
int plat_getsockname(int fd, void *addr, unsigned *len);
int plat_getpeername(int fd, void *addr, unsigned *len);
long plat_sendto(int fd, const void *buf, size_t len, int flags, const void *addr, unsigned alen);
long plat_recvfrom(int fd, void *buf, size_t len, int flags, void *addr, unsigned *alen);
long plat_sendmsg(int fd, const struct msghdr *msg, int flags);
long plat_recvmsg(int fd, struct msghdr *msg, int flags);
int plat_shutdown(int fd, int how);
int plat_getsockopt(int fd, int level, int name, void *val, unsigned *len);
int plat_setsockopt(int fd, int level, int name, const void *val, unsigned len);

/* An interface with one of its addresses; several entries may have the same index. */
struct plat_if {
	char name[16];
	unsigned index, flags;		/* IFF_* */
	unsigned mtu;			/* 0: not known */
	unsigned char mac[6];
	int family;			/* AF_INET, AF_INET6, or 0: no address */
	unsigned char addr[16], mask[16];
};
/* At most max entries; returns how many. */
int plat_interfaces(struct plat_if *list, int max);

/* -- readiness -- */
/* timeout is relative, NULL for ever; mask is installed while waiting when it is not NULL. */
int plat_ppoll(struct pollfd *fds, size_t count, const struct timespec *timeout, const uint64_t *mask);
int plat_epoll_create(int flags);
int plat_epoll_ctl(int ep, int op, int fd, struct epoll_event *ev);
int plat_epoll_pwait(int ep, struct epoll_event *evs, int max, int timeout, const uint64_t *mask);
int plat_eventfd(unsigned init, int flags);
int plat_timerfd_create(int clock, int flags);
int plat_timerfd_settime(int fd, int flags, const struct itimerspec *new, struct itimerspec *old);
int plat_timerfd_gettime(int fd, struct itimerspec *cur);
int plat_signalfd(int fd, const uint64_t *set, int flags);
int plat_inotify_init(int flags);
int plat_inotify_add_watch(int fd, const char *path, uint32_t mask);
int plat_inotify_rm_watch(int fd, int wd);

/* -- message queues: flags, modes and attributes as mq_open's, name without a slash; deadlines on CLOCK_REALTIME or NULL -- */
int plat_mq_open(const char *name, int flags, unsigned mode, const struct mq_attr *attr);
int plat_mq_unlink(const char *name);
int plat_mq_timedsend(int q, const char *text, size_t len, unsigned prio, const struct timespec *deadline);
long plat_mq_timedreceive(int q, char *text, size_t len, unsigned *prio, const struct timespec *deadline);
/* new and old may be NULL. */
int plat_mq_getsetattr(int q, const struct mq_attr *new, struct mq_attr *old);
/* As mq_notify, but SIGEV_THREAD is done above this line: with pipe >= 0 a byte is written there instead. */
int plat_mq_notify(int q, const struct sigevent *ev, int pipe);

/* -- System V objects: as the functions of the same names -- */
int plat_shmget(int key, size_t size, int flags);
long plat_shmat(int id, const void *addr, int flags);
int plat_shmdt(const void *addr);
int plat_shmctl(int id, int cmd, void *buf);
int plat_semget(int key, int n, int flags);
/* timeout is relative or NULL. */
int plat_semtimedop(int id, struct sembuf *ops, size_t n, const struct timespec *timeout);
/* arg is the value or the address that the command takes. */
int plat_semctl(int id, int num, int cmd, unsigned long arg);
int plat_msgget(int key, int flags);
int plat_msgsnd(int id, const void *msg, size_t len, int flags);
long plat_msgrcv(int id, void *msg, size_t len, long type, int flags);
int plat_msgctl(int id, int cmd, void *buf);

/* -- the system -- */
long plat_getrandom(void *buf, size_t len, unsigned flags);
int plat_uname(struct utsname *u);
int plat_sethostname(const char *name, size_t len);
int plat_setdomainname(const char *name, size_t len);
int plat_sysinfo(struct sysinfo *si);
/* Number of processors: online when conf is 0, else configured. */
int plat_nprocs(int conf);
/* cmd as in reboot(2): RB_AUTOBOOT, RB_POWER_OFF, RB_HALT_SYSTEM. */
int plat_reboot(int cmd);
int plat_mount(const char *src, const char *dir, const char *type, unsigned long flags, const void *data);
int plat_umount2(const char *dir, int flags);
/* The controlling terminal's number of fd 0..2 has a path: buf receives it; -ENOTTY. */
int plat_ttyname(int fd, char *buf, size_t len);
/* Opens a new pseudo terminal pair: fd of the master, its number in *num. */
int plat_ptmx(int flags, unsigned *num);

/* -- start-up -- */
/*
 * Called before anything else of the library runs, once by the dynamic linker and once by the
 * program's start: the stack as the kernel left it, the first argument register, and auxv.
 */
void plat_start(void *stack, unsigned long arg, unsigned long *auxv);
/* Runs in the child after fork and before user code: renews what the platform caches. */
void plat_after_fork_child(void);

#endif
