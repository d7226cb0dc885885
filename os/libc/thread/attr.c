/* SPDX-License-Identifier: MIT */
/* attr.c: attributes of threads. */
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/resource.h>
#include "../internal/pthread_impl.h"

extern hidden size_t __default_stack, __default_guard;

static struct attr *A(const pthread_attr_t *attr)
{
	return (struct attr *)attr;
}

int pthread_attr_init(pthread_attr_t *attr)
{
	*A(attr) = (struct attr){ .stacksize = __default_stack, .guardsize = __default_guard };
	return 0;
}

int pthread_attr_destroy(pthread_attr_t *attr)
{
	(void)attr;
	return 0;
}

int pthread_attr_getguardsize(const pthread_attr_t *restrict attr, size_t *restrict size)
{
	*size = A(attr)->guardsize;
	return 0;
}

int pthread_attr_setguardsize(pthread_attr_t *attr, size_t size)
{
	if (size > SIZE_MAX / 8)
		return EINVAL;
	A(attr)->guardsize = size;
	return 0;
}

int pthread_attr_getstacksize(const pthread_attr_t *restrict attr, size_t *restrict size)
{
	*size = A(attr)->stacksize;
	return 0;
}

int pthread_attr_setstacksize(pthread_attr_t *attr, size_t size)
{
	if (size < PTHREAD_STACK_MIN || size > SIZE_MAX / 4)
		return EINVAL;
	A(attr)->stacksize = size;
	A(attr)->stack = 0;
	return 0;
}

int pthread_attr_getstack(const pthread_attr_t *restrict attr, void **restrict addr, size_t *restrict size)
{
	*size = A(attr)->stacksize;
	*addr = A(attr)->stack ? (char *)A(attr)->stack - *size : 0;	/* none was set */
	return 0;
}

int pthread_attr_setstack(pthread_attr_t *attr, void *addr, size_t size)
{
	if (size < PTHREAD_STACK_MIN || size > SIZE_MAX / 4)
		return EINVAL;
	A(attr)->stack = (char *)addr + size;
	A(attr)->stacksize = size;
	return 0;
}

int pthread_attr_getdetachstate(const pthread_attr_t *attr, int *state)
{
	*state = A(attr)->detached & 1;
	return 0;
}

int pthread_attr_setdetachstate(pthread_attr_t *attr, int state)
{
	if ((unsigned)state > PTHREAD_CREATE_DETACHED)
		return EINVAL;
	A(attr)->detached = (A(attr)->detached & ATTR_SIGMASK) | state;
	return 0;
}

int pthread_attr_getscope(const pthread_attr_t *restrict attr, int *restrict scope)
{
	(void)attr;
	*scope = PTHREAD_SCOPE_SYSTEM;
	return 0;
}

int pthread_attr_setscope(pthread_attr_t *attr, int scope)
{
	(void)attr;
	return scope == PTHREAD_SCOPE_SYSTEM ? 0 : scope == PTHREAD_SCOPE_PROCESS ? ENOTSUP : EINVAL;
}

int pthread_attr_getschedpolicy(const pthread_attr_t *restrict attr, int *restrict policy)
{
	*policy = A(attr)->policy;
	return 0;
}

int pthread_attr_setschedpolicy(pthread_attr_t *attr, int policy)
{
	if (policy < 0 || sched_get_priority_max(policy) < 0)
		return EINVAL;
	A(attr)->policy = policy;
	return 0;
}

int pthread_attr_getschedparam(const pthread_attr_t *restrict attr, struct sched_param *restrict param)
{
	memset(param, 0, sizeof(*param));
	param->sched_priority = A(attr)->prio;
	return 0;
}

int pthread_attr_setschedparam(pthread_attr_t *restrict attr, const struct sched_param *restrict param)
{
	A(attr)->prio = param->sched_priority;
	return 0;
}

int pthread_attr_getinheritsched(const pthread_attr_t *restrict attr, int *restrict inherit)
{
	*inherit = A(attr)->inherit;
	return 0;
}

int pthread_attr_setinheritsched(pthread_attr_t *attr, int inherit)
{
	if ((unsigned)inherit > PTHREAD_EXPLICIT_SCHED)
		return EINVAL;
	A(attr)->inherit = inherit;
	return 0;
}

int pthread_attr_setsigmask_np(pthread_attr_t *attr, const sigset_t *set)
{
	A(attr)->detached &= ~ATTR_SIGMASK;
	if (!set)
		return 0;
	A(attr)->sigmask = *(const uint64_t *)set;
	A(attr)->detached |= ATTR_SIGMASK;
	return 0;
}

int pthread_attr_getsigmask_np(const pthread_attr_t *attr, sigset_t *set)
{
	if (!(A(attr)->detached & ATTR_SIGMASK))
		return PTHREAD_ATTR_NO_SIGMASK_NP;
	memset(set, 0, sizeof(*set));
	*(uint64_t *)set = A(attr)->sigmask;
	return 0;
}

/* The first 64 processors, which is as many as there can be. */
int pthread_attr_setaffinity_np(pthread_attr_t *attr, size_t len, const cpu_set_t *set)
{
	uint64_t first = 0;

	memcpy(&first, set, len < sizeof(first) ? len : sizeof(first));
	if (len && !first)
		return EINVAL;
	A(attr)->affinity = first;
	return 0;
}

int pthread_attr_getaffinity_np(const pthread_attr_t *attr, size_t len, cpu_set_t *set)
{
	uint64_t first = A(attr)->affinity ? A(attr)->affinity : -1ull;

	if (len < sizeof(first))
		return EINVAL;
	memset(set, A(attr)->affinity ? 0 : 255, len);
	memcpy(set, &first, sizeof(first));
	return 0;
}

/* What threads without attributes get: sizes only. */
int pthread_setattr_default_np(const pthread_attr_t *attr)
{
	if (A(attr)->stack || A(attr)->detached || A(attr)->inherit || A(attr)->affinity)
		return EINVAL;
	__default_stack = A(attr)->stacksize;
	__default_guard = A(attr)->guardsize;
	return 0;
}

int pthread_getattr_default_np(pthread_attr_t *attr)
{
	return pthread_attr_init(attr);
}

/* The first thread's stack: its limit. The program's name is the last in it, in the last page. */
static void first_stack(struct attr *a)
{
	struct rlimit rl = { .rlim_cur = RLIM_INFINITY };
	const char *name = (const char *)getauxval(AT_EXECFN);
	uintptr_t last = name ? (uintptr_t)name + strlen(name) : (uintptr_t)__libc.auxv;
	uintptr_t top = (last + 4096) & -4096ul;

	plat_prlimit(0, RLIMIT_STACK, 0, &rl);
	a->stack = (void *)top;
	a->stacksize = rl.rlim_cur > DEFAULT_STACK ? DEFAULT_STACK : rl.rlim_cur & -4096ul;
}

int pthread_getattr_np(pthread_t thread, pthread_attr_t *attr)
{
	struct tcb *t = THREAD(thread);

	*A(attr) = (struct attr){ .detached = t->detach == THREAD_DETACHED, .guardsize = t->guard_len,
		.stack = t->stack, .stacksize = t->stack_len };
	if (!t->stack)
		first_stack(A(attr));
	return 0;
}
