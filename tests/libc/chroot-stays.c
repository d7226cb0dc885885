/* SPDX-License-Identifier: MIT */
/* chroot: root may choose the root there is; what is no directory gives its error first. */
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* In a process of its own, which may not come back from where it goes. */
static void child(void)
{
	char was[4096], now[4096];

	assert(chroot("no-such") == -1 && errno == ENOENT && chroot("plain") == -1 && errno == ENOTDIR);
	assert(getcwd(was, sizeof(was)));
	if (geteuid() == 0)
		assert(chroot("/") == 0 && getcwd(now, sizeof(now)) && !strcmp(was, now) && access("plain", F_OK) == 0);
	assert(geteuid() != 0 || setuid(12345) == 0);
	assert(chroot("/") == -1 && errno == EPERM);
	_exit(0);
}

int main(void)
{
	char top[] = "chroot-stays-XXXXXX";
	int status, fd;

	assert(mkdtemp(top) && chdir(top) == 0 && (fd = open("plain", O_CREAT | O_WRONLY, 0644)) >= 0 && close(fd) == 0);
	pid_t pid = fork();
	assert(pid >= 0);
	if (pid == 0)
		child();
	assert(waitpid(pid, &status, 0) == pid && status == 0);
	assert(unlink("plain") == 0 && chdir("..") == 0 && rmdir(top) == 0);
	return 0;
}
