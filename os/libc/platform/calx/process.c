/* SPDX-License-Identifier: MIT */
/* process.c: processes and ids, which procd keeps; limits, which each process keeps. */
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/times.h>
#include <sys/wait.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>
#include "../../internal/pthread_impl.h"
#include "calx.h"

#define NS 1000000000ull

hidden void __calx_timers_forget(void);

void plat_exit_group(int status)
{
	for (;;)
		sys(SYS_proc_exit, (status & 255) << 8);
}

int plat_fork(void)
{
	long pid;

	__calx_lock();		/* the child's copy of our state is whole */
	pid = sys(SYS_proc_fork);
	__calx_unlock();
	if (pid == 0)
		__calx_timers_forget();
	return pid;
}

static struct timeval ns_to_timeval(uint64_t ns)
{
	return (struct timeval){ .tv_sec = ns / NS, .tv_usec = ns % NS / 1000 };
}

static int wait_for(int pid, int *status, int options, struct rusage *ru, unsigned *uid)
{
	struct msg m = { .w = { P_WAIT, (int64_t)pid, options } };
	long r;

	if (__calx.procd == H_NONE)
		return -ECHILD;
	r = __calx_call_cp(__calx.procd, &m);
	if (r <= 0)
		return r;
	if (status)
		*status = m.w[1];
	if (uid)
		*uid = m.w[4];
	if (ru) {
		memset(ru, 0, sizeof(*ru));
		ru->ru_utime = ns_to_timeval(m.w[2]);
		ru->ru_stime = ns_to_timeval(m.w[3]);
	}
	return r;
}

int plat_wait4(int pid, int *status, int options, struct rusage *ru)
{
	return wait_for(pid, status, options, ru, 0);
}

/* siginfo's code and status of a wait status. */
static int wait_code(int st, int *value)
{
	if (WIFEXITED(st)) {
		*value = WEXITSTATUS(st);
		return CLD_EXITED;
	}
	if (WIFSTOPPED(st)) {
		*value = WSTOPSIG(st);
		return CLD_STOPPED;
	}
	if (WIFCONTINUED(st)) {
		*value = SIGCONT;
		return CLD_CONTINUED;
	}
	*value = WTERMSIG(st);
	return WCOREDUMP(st) ? CLD_DUMPED : CLD_KILLED;
}

int plat_waitid(int idtype, int id, void *info, int options, struct rusage *ru)
{
	siginfo_t *si = info;
	int status = 0, value, pid;
	unsigned uid = 0;

	switch (idtype) {
	case P_ALL: pid = -1; break;
	case P_PID: pid = id; break;
	case P_PGID: pid = id ? -id : 0; break;
	default: return -EINVAL;
	}
	if (!(options & (WEXITED | WSTOPPED | WCONTINUED)))
		return -EINVAL;
	if (!(options & WEXITED))
		options |= WAIT_NO_EXITED;
	pid = wait_for(pid, &status, options, ru, &uid);
	if (pid < 0)
		return pid;
	if (si) {
		memset(si, 0, sizeof(*si));
		if (pid) {
			si->si_signo = SIGCHLD;
			si->si_pid = pid;
			si->si_uid = uid;
			si->si_code = wait_code(status, &value);
			si->si_status = value;
		}
	}
	return 0;
}

int plat_getpid(void)
{
	return __calx.pp->pid;
}

static int id_call(uint64_t op, int a, int b)
{
	struct msg m = { .w = { op, (int64_t)a, (int64_t)b } };
	long r = __procd_call(&m);

	return r;
}

int plat_getppid(void)
{
	return (int)*(volatile uint32_t *)&__calx.pp->ppid;
}

int plat_getpgid(int pid)
{
	return id_call(P_GETPGID, pid, 0);
}

int plat_setpgid(int pid, int pgid)
{
	return id_call(P_SETPGID, pid, pgid);
}

int plat_getsid(int pid)
{
	return id_call(P_GETSID, pid, 0);
}

int plat_setsid(void)
{
	return id_call(P_SETSID, 0, 0);
}

/* Credentials r, e, s; all 0 where no procd is (the first processes of the system). */
static void get_ids(uint64_t ids[3])
{
	struct msg m = { .w = { P_GETIDS } };

	memset(ids, 0, 3 * sizeof(*ids));
	if (__procd_call(&m) >= 0)
		memcpy(ids, &m.w[1], 3 * sizeof(*ids));
}

unsigned plat_getuid(void)
{
	uint64_t ids[3];

	get_ids(ids);
	return CRED_UID(ids[0]);
}

unsigned plat_geteuid(void)
{
	uint64_t ids[3];

	get_ids(ids);
	return CRED_UID(ids[1]);
}

unsigned plat_getgid(void)
{
	uint64_t ids[3];

	get_ids(ids);
	return CRED_GID(ids[0]);
}

unsigned plat_getegid(void)
{
	uint64_t ids[3];

	get_ids(ids);
	return CRED_GID(ids[1]);
}

static int set_ids(uint64_t r, uint64_t e, uint64_t s)
{
	struct msg m = { .w = { P_SETIDS, r, e, s } };
	long err = __procd_call(&m);

	if (err >= 0)
		__calx.other_ids = 1;
	return err < 0 ? err : 0;
}

int plat_setresuid(unsigned r, unsigned e, unsigned s)
{
	return set_ids(CRED(r, -1u), CRED(e, -1u), CRED(s, -1u));
}

int plat_setresgid(unsigned r, unsigned e, unsigned s)
{
	return set_ids(CRED(-1u, r), CRED(-1u, e), CRED(-1u, s));
}

int plat_getresuid(unsigned *r, unsigned *e, unsigned *s)
{
	uint64_t ids[3];

	get_ids(ids);
	*r = CRED_UID(ids[0]);
	*e = CRED_UID(ids[1]);
	*s = CRED_UID(ids[2]);
	return 0;
}

int plat_getresgid(unsigned *r, unsigned *e, unsigned *s)
{
	uint64_t ids[3];

	get_ids(ids);
	*r = CRED_GID(ids[0]);
	*e = CRED_GID(ids[1]);
	*s = CRED_GID(ids[2]);
	return 0;
}

int plat_setuid(unsigned uid)
{
	if (uid == -1u)
		return -EINVAL;
	return plat_geteuid() == 0 ? plat_setresuid(uid, uid, uid) : plat_setresuid(-1, uid, -1);
}

int plat_setgid(unsigned gid)
{
	if (gid == -1u)
		return -EINVAL;
	return plat_geteuid() == 0 ? plat_setresgid(gid, gid, gid) : plat_setresgid(-1, gid, -1);
}

int plat_getgroups(int count, unsigned *list)
{
	unsigned all[256];
	struct msg m = { .w = { P_GETGROUPS }, .r[1] = { (uint64_t)all, sizeof(all) } };
	long n;

	if (__calx.procd == H_NONE)
		return 0;
	n = __procd_call(&m);
	if (n < 0 || count == 0)
		return n;
	if (count < n)
		return -EINVAL;
	memcpy(list, all, n * sizeof(*list));
	return n;
}

int plat_setgroups(size_t count, const unsigned *list)
{
	struct msg m = { .w = { P_SETGROUPS }, .r[0] = { (uint64_t)list, count * sizeof(*list) } };
	long r = count > 256 ? -EINVAL : __procd_call(&m);

	return r < 0 ? r : 0;
}

int plat_prlimit(int pid, int what, const struct rlimit *new, struct rlimit *old)
{
	struct msg m = { .w = { P_LIMIT, pid, what, new != 0 } };
	long r;

	_Static_assert(sizeof(struct rlimit) == 16 && RLIM_NLIMITS == ABI_NLIMITS, "the kernel's pairs");
	if (what < 0 || what >= RLIM_NLIMITS)
		return -EINVAL;
	if (pid == 0 || pid == plat_getpid())
		return sys(SYS_proc_limit, H_NONE, what, new, old);
	if (new) {
		m.w[4] = new->rlim_cur;
		m.w[5] = new->rlim_max;
	}
	r = __procd_call(&m);
	if (r >= 0 && old)
		*old = (struct rlimit){ m.w[1], m.w[2] };
	return r < 0 ? r : 0;
}

static int get_times(uint64_t t[4])
{
	struct msg m = { .w = { P_TIMES } };
	struct proc_info pi;

	memset(t, 0, 4 * sizeof(*t));
	if (__procd_call(&m) >= 0)
		memcpy(t, &m.w[1], 4 * sizeof(*t));
	if (sys(SYS_proc_info, H_NONE, &pi) >= 0) {
		t[0] = pi.ns_user;
		t[1] = pi.ns_sys;
	}
	return 0;
}

static int usage(uint32_t tid, struct rusage *ru)
{
	struct proc_usage u;
	long r = sys(SYS_proc_usage, H_NONE, tid, &u);

	if (r < 0)
		return r;
	ru->ru_utime = ns_to_timeval(u.ns_user);
	ru->ru_stime = ns_to_timeval(u.ns_sys);
	ru->ru_maxrss = u.maxrss / 1024;
	ru->ru_minflt = u.minflt;
	ru->ru_majflt = u.majflt;
	ru->ru_nvcsw = u.nvcsw;
	ru->ru_nivcsw = u.nivcsw;
	return 0;
}

int plat_getrusage(int who, struct rusage *ru)
{
	uint64_t t[4];

	memset(ru, 0, sizeof(*ru));
	switch (who) {
	case RUSAGE_SELF:
		return usage(0, ru);
	case RUSAGE_THREAD:
		return usage(plat_gettid(), ru);
	case RUSAGE_CHILDREN:
		get_times(t);
		ru->ru_utime = ns_to_timeval(t[2]);
		ru->ru_stime = ns_to_timeval(t[3]);
		return 0;
	}
	return -EINVAL;
}

long plat_times(struct tms *tms)
{
	uint64_t t[4];

	if (tms) {
		get_times(t);
		tms->tms_utime = t[0] / (NS / 100);
		tms->tms_stime = t[1] / (NS / 100);
		tms->tms_cutime = t[2] / (NS / 100);
		tms->tms_cstime = t[3] / (NS / 100);
	}
	return __calx_mono() / (long)(NS / 100);
}

int plat_getpriority(int which, unsigned who)
{
	struct msg m = { .w = { P_PRIORITY, 0, which, who } };
	long r = __procd_call(&m);

	return r == -ENOSYS ? 20 : r < 0 ? r : (int)m.w[1] + 20;
}

int plat_setpriority(int which, unsigned who, int prio)
{
	struct msg m = { .w = { P_PRIORITY, 1, which, who, (int64_t)prio } };
	long r = __procd_call(&m);

	return r < 0 ? r : 0;
}

static int core_off;		/* PR_SET_DUMPABLE */

/* No core files: by their limit, so a program that is executed leaves none either. */
static int set_dumpable(unsigned long on)
{
	static struct rlimit kept;
	struct rlimit now;
	int err;

	if (on > 1)
		return -EINVAL;
	if (on == !core_off)
		return 0;
	err = plat_prlimit(0, RLIMIT_CORE, 0, &now);
	if (err)
		return err;
	if (!on)
		kept = now;
	now.rlim_cur = on ? kept.rlim_cur : 0;
	err = plat_prlimit(0, RLIMIT_CORE, &now, 0);
	if (!err)
		core_off = !on;
	return err;
}

/* The calling thread's name, as much as there is room for; that of the first is the process's. */
static int set_name(const char *name)
{
	struct tcb *t = __self();
	size_t n = strnlen(name, sizeof(t->name) - 1);

	memcpy(t->name, name, n);
	memset(t->name + n, 0, sizeof(t->name) - n);
	return t->map ? 0 : sys(SYS_proc_name, t->name);
}

static int get_name(char *name)
{
	pthread_getname_np(pthread_self(), name, sizeof(__self()->name));	/* a long one is cut */
	return 0;
}

int plat_prctl(int op, unsigned long a, unsigned long b, unsigned long c, unsigned long d)
{
	(void)b, (void)c, (void)d;
	switch (op) {
	case PR_SET_NAME:
		return set_name((const char *)a);
	case PR_GET_NAME:
		return get_name((char *)a);
	case PR_SET_DUMPABLE:
		return set_dumpable(a);
	case PR_GET_DUMPABLE:
		return !core_off;
	}
	return -EINVAL;
}
