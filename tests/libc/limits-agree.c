/* SPDX-License-Identifier: MIT */
/* sysconf, pathconf and confstr say what unistd.h and limits.h promise, and refuse what is not there. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define SAME(name) do { if (sysconf(_SC_##name) != _POSIX_##name) \
	printf("%s is %ld, not %ld\n", #name, sysconf(_SC_##name), (long)_POSIX_##name); } while (0)
#define CHECK(x) do { errno = 0; if (!(x)) printf("%s:%d: %s, errno %d\n", __FILE__, __LINE__, #x, errno); } while (0)

int main(void)
{
	char buf[64];

	SAME(ADVISORY_INFO); SAME(ASYNCHRONOUS_IO); SAME(BARRIERS); SAME(CLOCK_SELECTION); SAME(CPUTIME);
	SAME(FSYNC); SAME(IPV6); SAME(JOB_CONTROL); SAME(MAPPED_FILES); SAME(MEMLOCK); SAME(MEMLOCK_RANGE);
	SAME(MEMORY_PROTECTION); SAME(MESSAGE_PASSING); SAME(MONOTONIC_CLOCK); SAME(PRIORITY_SCHEDULING);
	SAME(RAW_SOCKETS); SAME(READER_WRITER_LOCKS); SAME(REALTIME_SIGNALS); SAME(REGEXP); SAME(SAVED_IDS);
	SAME(SEMAPHORES); SAME(SHARED_MEMORY_OBJECTS); SAME(SHELL); SAME(SPAWN); SAME(SPIN_LOCKS);
	SAME(SYNCHRONIZED_IO); SAME(THREAD_ATTR_STACKADDR); SAME(THREAD_ATTR_STACKSIZE); SAME(THREAD_CPUTIME);
	SAME(THREAD_PRIORITY_SCHEDULING); SAME(THREAD_PROCESS_SHARED); SAME(THREAD_SAFE_FUNCTIONS);
	SAME(THREADS); SAME(TIMEOUTS); SAME(TIMERS); SAME(VERSION); SAME(DEVICE_CONTROL);
	SAME(V7_LP64_OFF64); SAME(V8_LP64_OFF64); SAME(SPORADIC_SERVER); SAME(TYPED_MEMORY_OBJECTS);
	CHECK(sysconf(_SC_XOPEN_VERSION) == _XOPEN_VERSION && sysconf(_SC_XOPEN_REALTIME) == 1);
	CHECK(sysconf(_SC_PAGESIZE) == PAGESIZE && sysconf(_SC_LINE_MAX) == LINE_MAX);
	CHECK(sysconf(-1) == -1 && errno == EINVAL);
	CHECK(sysconf(9999) == -1 && errno == EINVAL);
	CHECK(sysconf(_SC_TYPED_MEMORY_OBJECTS) == -1 && errno == 0);

	CHECK(pathconf(".", _PC_NAME_MAX) == NAME_MAX && pathconf(".", _PC_ASYNC_IO) == 1);
	CHECK(pathconf("none", _PC_NAME_MAX) == -1 && errno == ENOENT);
	CHECK(fpathconf(-1, _PC_PATH_MAX) == -1 && errno == EBADF);
	CHECK(pathconf(".", 999) == -1 && errno == EINVAL);
	CHECK(pathconf(".", _PC_PRIO_IO) == -1 && errno == 0);
	CHECK(confstr(_CS_PATH, buf, sizeof(buf)) > 1 && strstr(buf, "/usr/bin"));
	CHECK(confstr(_CS_POSIX_V7_WIDTH_RESTRICTED_ENVS, buf, sizeof(buf)) && !strcmp(buf, "POSIX_V7_LP64_OFF64"));
	CHECK(confstr(_CS_POSIX_V8_LP64_OFF64_CFLAGS, buf, sizeof(buf)) == 1);
	CHECK(confstr(12345, buf, sizeof(buf)) == 0 && errno == EINVAL);
	return 0;
}
