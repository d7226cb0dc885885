/* SPDX-License-Identifier: MIT */
/*
 * Who gets the processors: equal ones equally, nicer ones less, real time first, pinned ones where they are
 * pinned; and an idle machine sleeps. "fairness table", or the program by the name of fairness-table, prints the
 * shares of all kinds, fairness-short those of equal threads and of nice ones (tests/os/scheduling).
 */
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/sysinfo.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "../check.h"

#define MAX	64
#define LONGEST	32		/* s of a race */
#define ROW	6		/* s, of the table */

struct job { int nice, policy, cpu; };		/* cpu -1: anywhere */

static volatile struct { int ready, go; double end, used[MAX]; } *shared;

static double now(clockid_t clock)
{
	struct timespec ts;

	clock_gettime(clock, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static int pin(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET((size_t)cpu, &set);
	return sched_setaffinity(0, sizeof(set), &set);
}

/*
 * Spins until the end and counts its turns: work done, not time, for a processor that the host takes away
 * for a while does nothing then, on whoever's account it is.
 */
static void spin(const struct job *j, int i)
{
	struct sched_param p = { .sched_priority = j->policy == SCHED_FIFO || j->policy == SCHED_RR ? 10 : 0 };

	if (j->cpu >= 0)
		pin(j->cpu);
	if (j->nice)
		setpriority(PRIO_PROCESS, 0, j->nice);
	sched_setscheduler(0, j->policy, &p);
	__atomic_add_fetch(&shared->ready, 1, __ATOMIC_SEQ_CST);
	while (!shared->go)
		usleep(1000);
	while (now(CLOCK_MONOTONIC) < shared->end)
		shared->used[i]++;
	_exit(0);
}

/* Runs n jobs beside each other for `seconds`: what each did. */
static void race(const struct job *jobs, int n, double seconds)
{
	pid_t pid[MAX];

	shared->ready = shared->go = 0;
	for (int i = 0; i < n; i++) {
		shared->used[i] = 0;
		pid[i] = fork();
		if (!pid[i])
			spin(&jobs[i], i);
	}
	while (shared->ready < n)
		usleep(1000);
	shared->end = now(CLOCK_MONOTONIC) + seconds;
	shared->go = 1;
	for (int i = 0; i < n; i++)
		waitpid(pid[i], NULL, 0);
}

static double least(int n)
{
	double m = shared->used[0];

	for (int i = 1; i < n; i++)
		m = shared->used[i] < m ? shared->used[i] : m;
	return m;
}

static double most(int n)
{
	double m = shared->used[0];

	for (int i = 1; i < n; i++)
		m = shared->used[i] > m ? shared->used[i] : m;
	return m;
}

static int equals(struct job *jobs, int per_cpu)
{
	int n = per_cpu * get_nprocs();

	n = n < MAX ? n : MAX;
	for (int i = 0; i < n; i++)
		jobs[i] = (struct job){ 0, SCHED_OTHER, -1 };
	return n;
}

/* The least part of what the luckiest one has that all of n get, in a race that is long enough. */
static void shares(const struct job *jobs, int n, double part)
{
	/* The processors themselves are shares of the host's: what is unfair by chance is not so for long. */
	for (double s = 2; s <= LONGEST; s *= 2) {
		race(jobs, n, s);
		if (least(n) > most(n) * part)
			return;
	}
	fprintf(stderr, "%d threads: %.0f to %.0f turns\n", n, least(n), most(n));
	CHECK(!"fair");
}

static void equals_share_a_processor(void)
{
	struct job jobs[4];

	for (int i = 0; i < 4; i++)
		jobs[i] = (struct job){ 0, SCHED_OTHER, 0 };
	shares(jobs, 4, 0.25);
}

static void nobody_is_left_out(void)
{
	struct job jobs[MAX];
	int n = equals(jobs, 4);

	shares(jobs, n, 0);
}

/*
 * How much less they get is looked at where instructions are counted (tests/os/scheduling): a host that takes the
 * processor away more often than slices end makes all slices equal.
 */
static void nicer_ones_have_turns_too(void)
{
	struct job jobs[2] = { { 0, SCHED_OTHER, 0 }, { 19, SCHED_OTHER, 0 } };

	shares(jobs, 2, 0);
}

/* The others have a turn each second, no more. */
static void real_time_goes_first(void)
{
	struct job jobs[2] = { { 0, SCHED_OTHER, 0 }, { 0, SCHED_FIFO, 0 } };

	for (double s = 2; s <= LONGEST; s *= 2) {
		race(jobs, 2, s);
		if (shared->used[1] > 3 * shared->used[0])
			return;
	}
	CHECK(!"real time is first");
}

/* Not only the least of them: one that lies between is not forgotten. */
static void all_kinds_have_turns_behind_real_time(void)
{
	struct job jobs[3] = { { 0, SCHED_FIFO, 0 }, { 0, SCHED_BATCH, 0 }, { 0, SCHED_IDLE, 0 } };

	shares(jobs, 3, 0);
}

static void pinned_ones_stay(void)
{
	cpu_set_t set, was;
	int n = get_nprocs();

	CHECK(sched_getaffinity(0, sizeof(was), &was) == 0 && CPU_COUNT(&was) == n);
	for (int cpu = 0; cpu < n; cpu++) {
		CHECK(pin(cpu) == 0);
		CHECK(sched_getaffinity(0, sizeof(set), &set) == 0 && CPU_COUNT(&set) == 1 && CPU_ISSET((size_t)cpu, &set));
		for (int i = 0; i < 200; i++) {
			CHECK(sched_getcpu() == cpu);
			if (i % 10 == 0)
				usleep(100);
		}
		if (!fork())
			_exit(sched_getcpu() == cpu ? 0 : 1);
		int status = 1;
		wait(&status);
		CHECK(status == 0);
	}
	CHECK(sched_setaffinity(0, sizeof(was), &was) == 0);
	CPU_ZERO(&set);
	CHECK(sched_setaffinity(0, sizeof(set), &set) == -1 && errno == EINVAL);
}

static long kernel_count(const char *name)
{
	static char text[4096];
	FILE *f = fopen("/proc/kernel", "r");
	size_t n = f ? fread(text, 1, sizeof(text) - 1, f) : 0;
	char *at;

	if (f)
		fclose(f);
	text[n] = '\0';
	at = strstr(text, name);
	return at ? atol(at + strlen(name)) : -1;
}

static long per_second(const char *name, unsigned seconds)
{
	long before = kernel_count(name);

	sleep(seconds);
	return (kernel_count(name) - before) / (long)seconds;
}

/*
 * Of all processors, in the quietest of some windows: what is written back and asked of the network has its time. One
 * server that looks for something every 100 ms is 10; left alone the system takes one in two seconds.
 */
static void an_idle_machine_sleeps(void)
{
	long interrupts = 1000, switches = 1000;

	for (int i = 0; i < 30 && (interrupts > 6 || switches > 6); i++) {
		long was = kernel_count("switches ");

		interrupts = per_second("interrupts ", 3);
		switches = (kernel_count("switches ") - was) / 3;
	}
	if (interrupts > 6 || switches > 6)
		fprintf(stderr, "%ld interrupts and %ld switches a second\n", interrupts, switches);
	CHECK(interrupts >= 0 && interrupts <= 6 && switches >= 0 && switches <= 6);
}

static void row(const char *what, const struct job *jobs, int n, double seconds)
{
	double sum = 0;

	race(jobs, n, seconds);
	for (int i = 0; i < n; i++)
		sum += shared->used[i];
	printf("| %s |", what);
	for (int i = 0; i < n && n <= 5; i++)
		printf(" %.1f %%", 100 * shared->used[i] / sum);
	if (n > 5)
		printf(" each %.1f to %.1f %%, fair: %.1f %%", 100 * least(n) / sum, 100 * most(n) / sum, 100.0 / n);
	printf(" |\n");
	fflush(stdout);
}

static int table(bool in_short)
{
	static const struct job nice[4] = { { 0, SCHED_OTHER, 0 }, { 5, SCHED_OTHER, 0 }, { 10, SCHED_OTHER, 0 }, { 19, SCHED_OTHER, 0 } };
	static const struct job fifo[2] = { { 0, SCHED_FIFO, 0 }, { 0, SCHED_OTHER, 0 } };
	static const struct job round[3] = { { 0, SCHED_RR, 0 }, { 0, SCHED_RR, 0 }, { 0, SCHED_OTHER, 0 } };
	static const struct job idle[2] = { { 0, SCHED_OTHER, 0 }, { 0, SCHED_IDLE, 0 } };
	static const struct job pinned[3] = { { 0, SCHED_OTHER, 0 }, { 0, SCHED_OTHER, 0 }, { 0, SCHED_OTHER, 0 } };
	struct job jobs[MAX];
	char what[64];

	for (int per = 1; per <= 8; per *= 2) {
		int n = equals(jobs, per);

		snprintf(what, sizeof(what), "%d equal threads on %d processors", n, get_nprocs());
		row(what, jobs, n, ROW);
	}
	row("nice 0, 5, 10, 19 on one processor", nice, 4, ROW);
	if (in_short)
		return 0;
	row("SCHED_FIFO and SCHED_OTHER on one processor", fifo, 2, ROW);
	row("two SCHED_RR and SCHED_OTHER on one processor", round, 3, ROW);
	row("SCHED_OTHER and SCHED_IDLE on one processor", idle, 2, ROW);
	row("three threads pinned to one of the processors", pinned, 3, ROW);
	printf("| idle: interrupts a second, all processors | %ld |\n", per_second("interrupts ", 10));
	printf("| idle: switches a second, all processors | %ld |\n", per_second("switches ", 10));
	return 0;
}

#define T(f) { #f, f }
int main(int argc, char **argv)
{
	static const struct test tests[] = {
		T(equals_share_a_processor), T(nobody_is_left_out), T(nicer_ones_have_turns_too), T(real_time_goes_first),
		T(all_kinds_have_turns_behind_real_time), T(pinned_ones_stay),
		T(an_idle_machine_sleeps), { NULL, NULL },
	};

	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	return strstr(argv[argc - 1], "table") ? table(false) : strstr(argv[argc - 1], "short") ? table(true) : run_tests(tests);
}
