/* SPDX-License-Identifier: MIT */
/* Every error number has a text, a name, and keeps to its buffer. */
#include <assert.h>
#include <errno.h>
#include <signal.h>
#include <string.h>

int main(void)
{
	char b[6];
	assert(!strcmp(strerror(ENOENT), "No such file or directory") && !strcmp(strerror(0), "Success"));
	assert(!strcmp(strerror(4711), "Unknown error 4711") && !strcmp(strerrorname_np(EAGAIN), "EAGAIN"));
	assert(strerror_r(EINVAL, b, sizeof(b)) == ERANGE && !strcmp(b, "Inval"));
	assert(!strcmp(strsignal(SIGSEGV), "Segmentation fault") && !strcmp(sigabbrev_np(SIGHUP), "HUP"));
	return 0;
}
