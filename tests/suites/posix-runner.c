/* SPDX-License-Identifier: MIT */
/*
 * posix-runner: runs the programs below a folder (AREA/NAME) on the device, some areas at a time, as
 * most of them sleep; one that does not pass is run again alone at the end and that counts. Prints
 * "start AREA/NAME" and "pts AREA/NAME STATUS" with what a program that did not pass said last.
 * usage: posix-runner DIR [JOBS [INTERPRETER]]
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define LIMIT 100	/* seconds for a program */
#define JOBS 32
#define AREAS 400

struct area {
	char *name;
	struct dirent **tests;
	int n, next;
};
struct job {
	pid_t pid;
	struct area *area;
	const char *test;
	time_t end;
	int late;
};

static const char *dir, *interpreter;
static struct area areas[AREAS];
static int nareas, next_area;
static struct { struct area *area; const char *test; } again[4000];
static int nagain;

static time_t now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec;
}

static int visible(const struct dirent *d)
{
	return d->d_name[0] != '.';
}

static void log_name(char *buf, size_t len, const struct job *j)
{
	snprintf(buf, len, "/tmp/pts.%s.%s", j->area->name, j->test);
}

/* In a folder of its own. */
static void child(const struct job *j)
{
	char path[512], log[512];
	sigset_t none;
	int fd;

	setpgid(0, 0);
	signal(SIGHUP, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, 0);
	log_name(log, sizeof(log), j);
	fd = open(log, O_RDWR | O_CREAT | O_TRUNC, 0600);
	dup2(fd, 1);
	dup2(fd, 2);
	close(fd);
	close(0);
	open("/dev/null", O_RDWR);
	snprintf(path, sizeof(path), "%s.d", log);
	mkdir(path, 0777);
	if (chdir(path))
		_exit(126);
	snprintf(path, sizeof(path), "%s/%s/%s", dir, j->area->name, j->test);
	if (interpreter)
		execl(interpreter, interpreter, path, (char *)0);
	execl(path, path, (char *)0);
	_exit(127);
}

static void start(struct job *j, struct area *a, const char *test)
{
	*j = (struct job){ .area = a, .test = test, .end = now() + LIMIT };
	printf("start %s/%s\n", a->name, test);
	fflush(stdout);
	j->pid = fork();
	if (!j->pid)
		child(j);
}

/* The last line of what it said, without what a terminal would act upon. */
static void last_words(const struct job *j, char *text, size_t len)
{
	char log[512], *nl;
	long n, size;
	FILE *f;

	text[0] = 0;
	log_name(log, sizeof(log), j);
	f = fopen(log, "r");
	if (!f)
		return;
	fseek(f, 0, SEEK_END);
	size = ftell(f);
	fseek(f, size > (long)len - 1 ? size - (long)len + 1 : 0, SEEK_SET);
	n = fread(text, 1, len - 1, f);
	fclose(f);
	while (n > 0 && text[n - 1] == '\n')
		n--;
	text[n] = 0;
	if ((nl = strrchr(text, '\n')))
		memmove(text, nl + 1, strlen(nl));
	for (char *p = text; *p; p++)
		if (*p < ' ')
			*p = ' ';
}

static void tell(const struct job *j, int status)
{
	char text[200] = "";
	int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);

	if (code)
		last_words(j, text, sizeof(text));
	printf("pts %s/%s %s%d %s\n", j->area->name, j->test, j->late ? "late " : "", j->late ? LIMIT : code, text);
	fflush(stdout);
}

static void done(struct job *j, int status, int first)
{
	kill(-j->pid, SIGKILL);
	if (first && status && nagain < 4000) {
		again[nagain].area = j->area;
		again[nagain++].test = j->test;
	} else {
		tell(j, status);
	}
	j->pid = 0;
}

static void check(struct job *j, int first)
{
	int status;
	pid_t r;

	if (j->pid <= 0)
		return;
	r = waitpid(j->pid, &status, WNOHANG);
	if (r == j->pid || (r < 0 && errno == ECHILD)) {
		done(j, r < 0 ? 0xff00 : status, first);
	} else if (now() > j->end && !j->late) {
		j->late = 1;
		kill(-j->pid, SIGKILL);
		kill(j->pid, SIGKILL);
	}
}

static void pause_ms(int ms)
{
	nanosleep(&(struct timespec){ 0, ms * 1000000 }, 0);
}

/* One area after the other in each job. */
static void first_round(struct job *jobs, int njobs)
{
	int busy;

	do {
		busy = 0;
		for (struct job *j = jobs; j < jobs + njobs; j++) {
			check(j, 1);
			if (j->pid > 0) {
				busy = 1;
				continue;
			}
			if (!j->area || j->area->next == j->area->n)
				j->area = next_area < nareas ? areas + next_area++ : 0;
			if (!j->area)
				continue;
			start(j, j->area, j->area->n ? j->area->tests[j->area->next++]->d_name : "");
			busy = 1;
		}
		pause_ms(10);
	} while (busy);
}

static void second_round(void)
{
	struct job j;

	for (int i = 0; i < nagain; i++) {
		start(&j, again[i].area, again[i].test);
		while (j.pid > 0) {
			check(&j, 0);
			pause_ms(5);
		}
	}
}

static void read_areas(void)
{
	struct dirent **list;
	char path[512];
	int n = scandir(dir, &list, visible, alphasort);

	for (int i = 0; i < n && nareas < AREAS; i++) {
		struct area *a = areas + nareas;
		a->name = list[i]->d_name;
		snprintf(path, sizeof(path), "%s/%s", dir, a->name);
		a->n = scandir(path, &a->tests, visible, alphasort);
		if (a->n > 0)
			nareas++;
	}
}

int main(int argc, char **argv)
{
	static struct job jobs[JOBS];
	int njobs = argc > 2 ? atoi(argv[2]) : 12;

	dir = argc > 1 ? argv[1] : "/t";
	interpreter = argc > 3 ? argv[3] : 0;
	signal(SIGHUP, SIG_IGN);
	read_areas();
	first_round(jobs, njobs < JOBS ? njobs : JOBS);
	printf("pts: second round: %d\n", nagain);
	second_round();
	printf("pts: end\n");
	return 0;
}
