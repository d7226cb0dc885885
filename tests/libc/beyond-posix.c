/* SPDX-License-Identifier: MIT */
/* Functions of C23 and the BSDs: strfromd, char8_t, sized free, funopen, on_exit, spawn's closefrom. */
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <uchar.h>
#include <unistd.h>
#include <wchar.h>

#define CHECK(x) do { if (!(x)) printf("%s:%d: %s, errno %d\n", __FILE__, __LINE__, #x, errno); } while (0)

static void numbers(void)
{
	char s[64];
	CHECK(strfromd(s, sizeof(s), "%.3f", 1.5) == 5 && !strcmp(s, "1.500"));
	CHECK(strfromf(s, sizeof(s), "%g", 0.25f) == 4 && !strcmp(s, "0.25"));
	CHECK(strfroml(s, sizeof(s), "%.1e", 12345.0L) == 7 && !strcmp(s, "1.2e+04"));
	CHECK(strfromd(s, 3, "%.3f", 1.5) == 5 && !strcmp(s, "1."));
	CHECK(strfromd(s, sizeof(s), "%5f", 1.5) < 0 && strfromd(s, sizeof(s), "%d", 1.5) < 0);
	CHECK(strtoll_l("-0x10", NULL, 0, LC_GLOBAL_LOCALE) == -16);
	CHECK(dysize(2000) == 366 && dysize(1900) == 365);
}

static void bytes(void)
{
	static const char euro[] = "\xe2\x82\xac";
	unsigned char out[4];
	char mb[8];
	mbstate_t st = { 0 };
	setlocale(LC_ALL, "C.UTF-8");
	CHECK(mbrtoc8(&out[0], euro, 3, &st) == 3);
	CHECK(mbrtoc8(&out[1], "x", 1, &st) == (size_t)-3 && mbrtoc8(&out[2], "x", 1, &st) == (size_t)-3);
	CHECK(!memcmp(out, euro, 3));
	CHECK(mbrtoc8(out, "x", 1, &st) == 1 && *out == 'x');
	CHECK(c8rtomb(mb, 0xe2, &st) == 0 && c8rtomb(mb, 0x82, &st) == 0 && c8rtomb(mb, 0xac, &st) == 3);
	CHECK(!memcmp(mb, euro, 3));
	CHECK(c8rtomb(mb, 0xc0, &st) == (size_t)-1 && errno == EILSEQ);
	CHECK(c8rtomb(mb, 0xe0, &st) == 0 && c8rtomb(mb, 0x80, &st) == 0 && c8rtomb(mb, 0x80, &st) == (size_t)-1);
}

static void memory(void)
{
	char *p = malloc(10);
	memset(p, 7, 10);
	p = recallocarray(p, 5, 10, 2);
	CHECK(p && p[9] == 7 && p[10] == 0 && p[19] == 0);
	CHECK(memalignment((void *)0x1230) == 16);
	free_sized(p, 20);
	p = pvalloc(1);
	CHECK(p && (uintptr_t)p % sysconf(_SC_PAGESIZE) == 0);
	freezero(p, 1);
	CHECK(timingsafe_bcmp("ab", "ab", 2) == 0 && timingsafe_bcmp("ab", "ac", 2) != 0);
	CHECK(!reallocarray(NULL, SIZE_MAX / 2, 3));
}

static int take(void *p, char *buf, int n)
{
	char **s = p;
	n = n < 3 ? n : 3;
	n = (int)strlen(*s) < n ? (int)strlen(*s) : n;
	memcpy(buf, *s, n);
	*s += n;
	return n;
}

static void streams(void)
{
	char *s = "hello, world", line[32];
	FILE *f = funopen(&s, take, NULL, NULL, NULL);
	CHECK(f && fgets(line, sizeof(line), f) && !strcmp(line, "hello, world"));
	fclose(f);
}

static void at_end(int code, void *arg)
{
	_exit(code == 3 && !strcmp(arg, "arg") ? 42 : 1);
}

static void processes(const char *self)
{
	char *argv[] = { (char *)self, "fd", NULL }, *env[] = { NULL };
	posix_spawn_file_actions_t fa;
	int status = 0, fd = dup(0);
	pid_t pid = fork();
	if (!pid) {
		on_exit(at_end, "arg");
		exit(3);
	}
	waitpid(pid, &status, 0);
	CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 42);
	posix_spawn_file_actions_init(&fa);
	CHECK(posix_spawn_file_actions_addclosefrom_np(&fa, 3) == 0);
	CHECK(posix_spawn(&pid, self, &fa, NULL, argv, env) == 0);
	waitpid(pid, &status, 0);
	CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	posix_spawn_file_actions_destroy(&fa);
	close(fd);
	fd = epoll_create1(0);
	struct epoll_event ev;
	CHECK(epoll_pwait2(fd, &ev, 1, &(struct timespec){ 0, 1000 }, NULL) == 0);
	CHECK(epoll_pwait2(fd, &ev, 1, &(struct timespec){ 0, -1 }, NULL) == -1 && errno == EINVAL);
	close(fd);
}

/* A crash without a core file, whatever the limit was. */
static void dumpable(void)
{
	int status = 0;
	pid_t pid;

	CHECK(prctl(PR_GET_DUMPABLE) == 1 && prctl(PR_SET_DUMPABLE, 77) == -1 && errno == EINVAL);
	pid = fork();
	if (!pid) {
		setrlimit(RLIMIT_CORE, &(struct rlimit){ RLIM_INFINITY, RLIM_INFINITY });
		if (prctl(PR_SET_DUMPABLE, 0) || prctl(PR_GET_DUMPABLE) != 0)
			_exit(1);
		abort();
	}
	CHECK(waitpid(pid, &status, 0) == pid && WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT && !WCOREDUMP(status));
}

static void process_name(void)
{
	char name[16] = "";

	CHECK(!prctl(PR_GET_NAME, name) && *name && strlen(name) < sizeof(name));
	CHECK(!prctl(PR_SET_NAME, "a name that is too long") && !prctl(PR_GET_NAME, name));
	CHECK(!strcmp(name, "a name that is "));
	CHECK(prctl(-5) == -1 && errno == EINVAL);
}

int main(int argc, char **argv)
{
	if (argc > 1)
		return fcntl(3, F_GETFD) != -1;
	numbers();
	bytes();
	memory();
	streams();
	processes(argv[0]);
	dumpable();
	process_name();
	return 0;
}
