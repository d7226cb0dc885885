/* SPDX-License-Identifier: MIT */
/*
 * stress SECONDS [COPIES [KIND...]]: mixed work in many processes, then a count of what the kernel still holds.
 *
 * Each kind of work, or those named, runs in COPIES (2) processes of its own. A first short run fills caches; what the
 * kernel counts after it is what it must count after the long one. A worker that fails, or that makes no
 * progress for HANG seconds while the others do, and whatever was not given back, is said in a line "FAIL ...".
 */
#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include "../../os/lib/sys.h"
#include "stress.h"

#define HANG	400		/* s; the emulator may have little of the host's time */
#define OTHERS	20		/* rounds that the others have done each, meanwhile: the machine is not just slow */
#define SETTLE	400		/* s until what ended has given back all */
#define MAX	64

static struct kind { const char *name; work_fn *fn; } kinds[] = {
	{ "fork", work_fork }, { "exec", work_exec }, { "signals", work_signals }, { "kill", work_kill },
	{ "threads", work_threads }, { "robust", work_robust }, { "files", work_files }, { "map", work_map },
	{ "memory", work_memory }, { "pipes", work_pipes }, { "pairs", work_pairs }, { "tcp", work_tcp },
	{ "wait", work_wait },
};
#define NKINDS	(sizeof(kinds) / sizeof(kinds[0]))
static unsigned nkinds = NKINDS;

static struct shared {
	volatile int stop;
	volatile uint64_t rounds[MAX];
} *shared;
static pid_t pids[MAX];
static unsigned nworkers;
static int failed;

const char *stress_self;
volatile int *stress_stop;

static void fail(const char *what, const char *kind, long detail)
{
	printf("FAIL stress: %s: %s %ld\n", what, kind, detail);
	fflush(stdout);
	failed = 1;
}

static void worker(unsigned i)
{
	const unsigned kind = i % nkinds;

	rnd_seed((uint32_t)time(NULL) * 2654435761u + i * 40503u + 1);
	while (!shared->stop) {
		int line = kinds[kind].fn(i);

		if (line && !shared->stop) {
			printf("FAIL stress: %s: round %llu, line %d, errno %d\n", kinds[kind].name,
			       (unsigned long long)shared->rounds[i], line, errno);
			fflush(stdout);
			_exit(1);
		}
		shared->rounds[i]++;
	}
	_exit(0);
}

static void start(void)
{
	shared->stop = 0;
	for (unsigned i = 0; i < nworkers; i++) {
		shared->rounds[i] = 0;
		fflush(stdout);
		pids[i] = fork();
		if (pids[i] == 0) {
			setpgid(0, 0);
			worker(i);
		}
		if (pids[i] < 0)
			fail("cannot start", kinds[i % nkinds].name, errno);
	}
}

/* A worker that ended by itself. */
static void look_for_ends(void)
{
	int status;

	for (unsigned i = 0; i < nworkers; i++)
		if (pids[i] > 0 && waitpid(pids[i], &status, WNOHANG) == pids[i]) {
			if (status || !shared->stop)
				fail("ended", kinds[i % nkinds].name, status);
			kill(-pids[i], SIGKILL);	/* what it has left behind */
			pids[i] = 0;
		}
}

struct seen { uint64_t rounds, all; time_t since; };

static void look_for_hangs(struct seen *seen)
{
	uint64_t all = 0;

	for (unsigned i = 0; i < nworkers; i++)
		all += shared->rounds[i];
	for (unsigned i = 0; i < nworkers; i++)
		if (!seen[i].since || seen[i].rounds != shared->rounds[i])
			seen[i] = (struct seen){ shared->rounds[i], all, time(NULL) };
		else if (pids[i] > 0 && time(NULL) - seen[i].since > HANG && all - seen[i].all > OTHERS * nworkers)
			fail("no progress", kinds[i % nkinds].name, (long)pids[i]);
}

static void run(unsigned seconds)
{
	time_t end = time(NULL) + seconds;
	struct seen seen[MAX] = { 0 };

	start();
	while (time(NULL) < end && !failed) {
		usleep(200000);
		look_for_ends();
		look_for_hangs(seen);
	}
}

/* Files of processes that were killed: the file server would keep each one's pages. */
static void sweep(const char *folder)
{
	DIR *d = opendir(folder);
	struct dirent *e;

	while (d && (e = readdir(d)))
		if (!strncmp(e->d_name, "stress.", 7))
			unlinkat(dirfd(d), e->d_name, 0);
	if (d)
		closedir(d);
}

/* All end their rounds; who does not is killed, and that is a failure too. */
static void stop(void)
{
	time_t end = time(NULL) + 2 * HANG;
	unsigned left = nworkers;

	shared->stop = 1;
	while (left && time(NULL) < end) {
		usleep(50000);
		look_for_ends();
		left = 0;
		for (unsigned i = 0; i < nworkers; i++)
			left += pids[i] > 0;
	}
	for (unsigned i = 0; i < nworkers; i++)
		if (pids[i] > 0) {
			fail("does not end", kinds[i % nkinds].name, (long)pids[i]);
			kill(-pids[i], SIGKILL);
		}
	while (waitpid(-1, NULL, WNOHANG) > 0)
		;
	sweep("/tmp");
	sweep("/var/tmp");
}

static struct kernel_stat count(void)
{
	struct kernel_stat s = { 0 };

	sys6(SYS_kernel_stat, SYS_ARG(&s), sizeof(s), 0, 0, 0, 0);
	return s;
}

/* What may have come to stay: services keep a few things of their own. */
static const struct { const char *name; int kind; long slack; } counted[] = {
	{ "processes", OBJ_PROC, 0 }, { "threads", OBJ_THREAD, 0 }, { "mems", OBJ_MEM, 24 }, { "ports", OBJ_PORT, 0 },
	{ "files", OBJ_FILE, 24 }, { "evqs", OBJ_EVQ, 0 }, { "timers", OBJ_TIMER, 2 }, { "address spaces", OBJ_VM, 0 },
};
#define NCOUNTED	(sizeof(counted) / sizeof(counted[0]))
#define CHANS_SLACK	4
#define HANDLES_SLACK	64
#define PAGES_SLACK	2048	/* of servers' heaps and the kernel's tables: a leak grows beyond it in an hour */

/* The first thing of which there is more than before: its name, or NULL. */
static const char *more(const struct kernel_stat *a, const struct kernel_stat *b, long *by)
{
	for (unsigned i = 0; i < NCOUNTED; i++) {
		*by = (long)(b->objects[counted[i].kind] - a->objects[counted[i].kind]);
		if (*by > counted[i].slack)
			return counted[i].name;
	}
	*by = (long)(b->chans - a->chans);
	if (*by > CHANS_SLACK)
		return "channels";
	*by = (long)(b->handles - a->handles);
	if (*by > HANDLES_SLACK)
		return "handles";
	*by = (long)(a->pages[PAGES_FREE] + a->pages[PAGES_CACHE]) - (long)(b->pages[PAGES_FREE] + b->pages[PAGES_CACHE]);
	return *by > PAGES_SLACK ? "pages" : NULL;
}

static void compare(const struct kernel_stat *before)
{
	time_t end = time(NULL) + SETTLE;
	struct kernel_stat after;
	const char *what;
	long by;

	do {
		usleep(500000);
		after = count();
		what = more(before, &after, &by);
	} while (what && time(NULL) < end);
	if (what)
		fail("left over", what, by);
	printf("free pages %ld (%+ld), slab bytes %ld (%+ld), handles %ld (%+ld), mems %ld (%+ld), files %ld (%+ld)\n",
	       (long)after.pages[PAGES_FREE], (long)(after.pages[PAGES_FREE] - before->pages[PAGES_FREE]),
	       (long)after.slab_bytes, (long)(after.slab_bytes - before->slab_bytes),
	       (long)after.handles, (long)(after.handles - before->handles),
	       (long)after.objects[OBJ_MEM], (long)(after.objects[OBJ_MEM] - before->objects[OBJ_MEM]),
	       (long)after.objects[OBJ_FILE], (long)(after.objects[OBJ_FILE] - before->objects[OBJ_FILE]));
}

/* Only the kinds named are left. */
static void choose(char **names)
{
	unsigned n = 0;

	for (unsigned i = 0; i < NKINDS; i++)
		for (char **p = names; *p; p++)
			if (!strcmp(*p, kinds[i].name)) {
				kinds[n++] = kinds[i];
				break;
			}
	nkinds = n;
}

int main(int argc, char **argv)
{
	unsigned seconds = argc > 1 ? (unsigned)atoi(argv[1]) : 0, copies = argc > 2 ? (unsigned)atoi(argv[2]) : 2;
	struct kernel_stat before;

	if (argc > 2 && !strcmp(argv[1], "child"))
		return atoi(argv[2]);
	if (argc > 3)
		choose(argv + 3);
	if (!seconds || !copies || !nkinds || copies * nkinds > MAX) {
		fprintf(stderr, "usage: stress SECONDS [COPIES [KIND...]]\n");
		return 2;
	}
	stress_self = strchr(argv[0], '/') ? argv[0] : "/usr/bin/stress";	/* where tests/stress/run puts it */
	signal(SIGPIPE, SIG_IGN);
	nworkers = copies * nkinds;
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	stress_stop = &shared->stop;
	run(seconds < 100 ? seconds / 5 + 1 : 20);
	stop();
	sync();
	sleep(3);
	before = count();
	if (!failed) {
		run(seconds);
		for (unsigned i = 0; i < nkinds; i++)
			printf("%s %llu%c", kinds[i].name, (unsigned long long)shared->rounds[i], i + 1 < nkinds ? ',' : '\n');
		stop();
	}
	sync();
	if (!failed)
		compare(&before);
	if (!failed)
		printf("ok stress of %u seconds\n", seconds);
	return failed;
}
