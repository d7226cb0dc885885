/* SPDX-License-Identifier: MIT */
/* sysconf.c: sysconf. */
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/sysinfo.h>
#include <unistd.h>
#include "../internal/ret.h"
#include "../internal/plat.h"

/* -1: no limit or not supported; others are the value, or one of these. */
enum { OPEN_FILES = -2, CHILDREN = -3, NPROC_CONF = -4, NPROC_ONLN = -5, PHYS = -6, AVPHYS = -7, VERSION = -8,
	UNKNOWN = -9, ARGS = -10 };

static long table(int name)
{
	switch (name) {
	case _SC_ARG_MAX: return ARGS;
	case _SC_CHILD_MAX: return CHILDREN;
	case _SC_CLK_TCK: return 100;
	case _SC_NGROUPS_MAX: return NGROUPS_MAX;
	case _SC_OPEN_MAX: return OPEN_FILES;
	case _SC_STREAM_MAX: return -1;
	case _SC_TZNAME_MAX: return TZNAME_MAX;
	case _SC_JOB_CONTROL:
	case _SC_SAVED_IDS: return 1;
	case _SC_REALTIME_SIGNALS:
	case _SC_TIMERS:
	case _SC_SYNCHRONIZED_IO:
	case _SC_FSYNC:
	case _SC_MAPPED_FILES:
	case _SC_MEMLOCK:
	case _SC_MEMLOCK_RANGE:
	case _SC_MEMORY_PROTECTION:
	case _SC_SEMAPHORES:
	case _SC_SHARED_MEMORY_OBJECTS:
	case _SC_THREADS:
	case _SC_THREAD_SAFE_FUNCTIONS:
	case _SC_THREAD_ATTR_STACKADDR:
	case _SC_THREAD_ATTR_STACKSIZE:
	case _SC_THREAD_PROCESS_SHARED:
	case _SC_BARRIERS:
	case _SC_CLOCK_SELECTION:
	case _SC_MONOTONIC_CLOCK:
	case _SC_READER_WRITER_LOCKS:
	case _SC_SPIN_LOCKS:
	case _SC_SPAWN:
	case _SC_TIMEOUTS:
	case _SC_IPV6:
	case _SC_VERSION:
	case _SC_2_VERSION:
	case _SC_2_C_BIND:
	case _SC_CPUTIME:
	case _SC_THREAD_CPUTIME:
	case _SC_ASYNCHRONOUS_IO:
	case _SC_MESSAGE_PASSING:
	case _SC_PRIORITY_SCHEDULING:
	case _SC_THREAD_PRIORITY_SCHEDULING:
	case _SC_RAW_SOCKETS:
	case _SC_THREAD_PRIO_INHERIT:
	case _SC_THREAD_PRIO_PROTECT:
	case _SC_DEVICE_CONTROL:
	case _SC_ADVISORY_INFO: return VERSION;
	case _SC_DELAYTIMER_MAX:
	case _SC_SEM_VALUE_MAX:
	case _SC_MQ_PRIO_MAX:
	case _SC_AIO_PRIO_DELTA_MAX: return name == _SC_MQ_PRIO_MAX ? 32768 : name == _SC_AIO_PRIO_DELTA_MAX ? 0 : INT_MAX;
	case _SC_PAGESIZE: return 4096;
	case _SC_RTSIG_MAX: return 30;
	case _SC_SEM_NSEMS_MAX:
	case _SC_SIGQUEUE_MAX:
	case _SC_TIMER_MAX:
	case _SC_MQ_OPEN_MAX:
	case _SC_AIO_LISTIO_MAX:
	case _SC_AIO_MAX: return -1;
	case _SC_BC_BASE_MAX: return _POSIX2_BC_BASE_MAX;
	case _SC_BC_DIM_MAX: return _POSIX2_BC_DIM_MAX;
	case _SC_BC_SCALE_MAX: return _POSIX2_BC_SCALE_MAX;
	case _SC_BC_STRING_MAX: return _POSIX2_BC_STRING_MAX;
	case _SC_COLL_WEIGHTS_MAX: return COLL_WEIGHTS_MAX;
	case _SC_EXPR_NEST_MAX: return -1;
	case _SC_LINE_MAX: return LINE_MAX;
	case _SC_RE_DUP_MAX: return RE_DUP_MAX;
	case _SC_IOV_MAX: return IOV_MAX;
	case _SC_GETGR_R_SIZE_MAX:
	case _SC_GETPW_R_SIZE_MAX: return -1;
	case _SC_LOGIN_NAME_MAX: return LOGIN_NAME_MAX;
	case _SC_TTY_NAME_MAX: return TTY_NAME_MAX;
	case _SC_THREAD_DESTRUCTOR_ITERATIONS: return PTHREAD_DESTRUCTOR_ITERATIONS;
	case _SC_THREAD_KEYS_MAX: return PTHREAD_KEYS_MAX;
	case _SC_THREAD_STACK_MIN: return PTHREAD_STACK_MIN;
	case _SC_THREAD_THREADS_MAX: return -1;
	case _SC_NPROCESSORS_CONF: return NPROC_CONF;
	case _SC_NPROCESSORS_ONLN: return NPROC_ONLN;
	case _SC_PHYS_PAGES: return PHYS;
	case _SC_AVPHYS_PAGES: return AVPHYS;
	case _SC_ATEXIT_MAX: return INT_MAX;
	case _SC_XOPEN_VERSION: return _XOPEN_VERSION;
	case _SC_NSIG: return NSIG;
	case _SC_2_CHAR_TERM:
	case _SC_V6_LP64_OFF64:
	case _SC_V7_LP64_OFF64:
	case _SC_V8_LP64_OFF64:
	case _SC_XBS5_LP64_OFF64:
	case _SC_XOPEN_CRYPT:
	case _SC_XOPEN_ENH_I18N:
	case _SC_XOPEN_REALTIME:
	case _SC_XOPEN_REALTIME_THREADS:
	case _SC_XOPEN_SHM:
	case _SC_XOPEN_UNIX: return 1;
	case _SC_HOST_NAME_MAX: return HOST_NAME_MAX;
	case _SC_SYMLOOP_MAX: return SYMLOOP_MAX;
	case _SC_REGEXP:
	case _SC_SHELL: return 1;
	case _SC_MINSIGSTKSZ: return MINSIGSTKSZ;
	case _SC_SIGSTKSZ: return SIGSTKSZ;
	}
	return name < 0 || name > _SC_V8_LPBIG_OFFBIG ? UNKNOWN : -1;
}

static long limit(int what)
{
	struct rlimit rl;

	if (plat_prlimit(0, what, 0, &rl) < 0 || rl.rlim_cur == RLIM_INFINITY)
		return -1;
	return rl.rlim_cur > LONG_MAX ? LONG_MAX : (long)rl.rlim_cur;
}

long sysconf(int name)
{
	long v = table(name);

	switch (v) {
	case ARGS: return ARG_MAX;
	case OPEN_FILES: return limit(RLIMIT_NOFILE);
	case CHILDREN: return limit(RLIMIT_NPROC);
	case NPROC_CONF: return plat_nprocs(1);
	case NPROC_ONLN: return plat_nprocs(0);
	case PHYS: return get_phys_pages();
	case AVPHYS: return get_avphys_pages();
	case VERSION: return _POSIX_VERSION;
	case UNKNOWN: return __ret(-EINVAL);
	}
	return v;
}

int getpagesize(void)
{
	return 4096;
}

int getdtablesize(void)
{
	long n = limit(RLIMIT_NOFILE);

	return n < 0 || n > INT_MAX ? INT_MAX : (int)n;
}
