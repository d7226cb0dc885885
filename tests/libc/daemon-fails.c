/* SPDX-License-Identifier: MIT */
/* daemon that cannot open /dev/null fails in the process that called it. */
#include <assert.h>
#include <errno.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
	struct rlimit few = { 3, 3 };
	int status;
	pid_t pid = fork(), me;

	if (!pid) {
		me = getpid();
		assert(!setrlimit(RLIMIT_NOFILE, &few));
		assert(daemon(0, 0) == -1 && errno == EMFILE && getpid() == me);
		_exit(0);
	}
	assert(waitpid(pid, &status, 0) == pid && status == 0);
	return 0;
}
