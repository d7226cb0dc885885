/* SPDX-License-Identifier: MIT */
/* POSIX timers: by signal with its value, overrun, by thread, on CPU time, by nothing; interval timers. */
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static sem_t sem;
static volatile int seen;

static void notify(union sigval v)
{
	seen = v.sival_int;
	sem_post(&sem);
	pthread_exit(0);
}

static void by_thread(void)
{
	struct sigevent ev = { .sigev_notify = SIGEV_THREAD, .sigev_notify_function = notify, .sigev_value.sival_int = 77 };
	struct itimerspec t = { { 0, 5000000 }, { 0, 5000000 } };
	timer_t id;

	sem_init(&sem, 0, 0);
	if (timer_create(CLOCK_MONOTONIC, &ev, &id))
		perror("SIGEV_THREAD");
	timer_settime(id, 0, &t, 0);
	for (int i = 0; i < 4; i++)
		sem_wait(&sem);
	if (seen != 77)
		printf("value %d\n", seen);
	if (timer_delete(id))
		perror("timer_delete");
}

static void by_signal(void)
{
	struct sigevent ev = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGRTMIN + 1, .sigev_value.sival_int = 5 };
	struct itimerspec t = { { 0, 1000000 }, { 0, 1000000 } }, left;
	sigset_t set;
	siginfo_t si;
	timer_t id;

	sigemptyset(&set);
	sigaddset(&set, SIGRTMIN + 1);
	timer_create(CLOCK_REALTIME, &ev, &id);
	timer_settime(id, 0, &t, 0);
	usleep(50000);
	if (timer_gettime(id, &left) || left.it_interval.tv_nsec != 1000000)
		printf("timer_gettime\n");
	if (sigwaitinfo(&set, &si) != SIGRTMIN + 1 || si.si_code != SI_TIMER || si.si_int != 5)
		printf("signal %d code %d value %d\n", si.si_signo, si.si_code, si.si_int);
	if (timer_getoverrun(id) < 5)
		printf("overrun %d\n", timer_getoverrun(id));
	timer_settime(id, 0, &(struct itimerspec){ 0 }, &left);
	if (!left.it_value.tv_nsec && !left.it_value.tv_sec)
		printf("was not armed\n");
	timer_delete(id);
	if (timer_settime(id, 0, &t, 0) != -1 || errno != EINVAL)
		printf("settime of a deleted timer\n");
}

static void got(int sig)
{
	seen = sig;
}

/* Runs in user mode until a signal was seen; a minute of CPU time is too much. */
static void burn(void)
{
	struct timespec a, b;
	volatile unsigned n;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &a);
	do {
		for (n = 0; n < 1000000 && !seen; n++);
		clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &b);
	} while (!seen && b.tv_sec - a.tv_sec < 60);
}

static void on_cpu_time(clockid_t clock, const char *name)
{
	struct sigevent ev = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1 };
	struct itimerspec t = { .it_value = { 0, 30000000 } };
	struct timespec a, b;
	timer_t id;

	seen = 0;
	signal(SIGUSR1, got);
	if (timer_create(clock, &ev, &id)) {
		printf("%s: %d\n", name, errno);
		return;
	}
	clock_gettime(clock, &a);
	timer_settime(id, 0, &t, 0);
	usleep(60000);
	clock_gettime(clock, &b);
	if (seen && (b.tv_sec - a.tv_sec) * 1000000000 + b.tv_nsec - a.tv_nsec < 30000000)
		printf("%s: sleeping counts\n", name);
	burn();
	if (seen != SIGUSR1)
		printf("%s: did not expire\n", name);
	timer_delete(id);
}

static void intervals(int which, int sig)
{
	struct itimerval t = { .it_value = { 0, 20000 } }, left;

	seen = 0;
	signal(sig, got);
	if (setitimer(which, &t, 0) || getitimer(which, &left) || left.it_value.tv_usec > 40000)
		printf("setitimer %d: %d\n", which, errno);
	burn();
	if (seen != sig)
		printf("timer %d did not expire\n", which);
}

int main(void)
{
	struct sigevent none = { .sigev_notify = SIGEV_NONE };
	struct itimerspec t = { .it_value = { 100, 0 } }, left;
	sigset_t set;
	timer_t id;

	alarm(60);
	/* In all threads that will be. */
	sigemptyset(&set);
	sigaddset(&set, SIGRTMIN + 1);
	sigprocmask(SIG_BLOCK, &set, 0);
	by_thread();
	by_signal();
	on_cpu_time(CLOCK_PROCESS_CPUTIME_ID, "process");
	on_cpu_time(CLOCK_THREAD_CPUTIME_ID, "thread");
	alarm(0);
	intervals(ITIMER_REAL, SIGALRM);
	intervals(ITIMER_VIRTUAL, SIGVTALRM);
	intervals(ITIMER_PROF, SIGPROF);
	if (timer_create(CLOCK_MONOTONIC, &none, &id) || timer_settime(id, 0, &t, 0) || timer_gettime(id, &left)
			|| left.it_value.tv_sec < 98 || left.it_value.tv_sec > 100)
		printf("SIGEV_NONE\n");
	if (timer_create(12345, 0, &id) != -1 || errno != EINVAL)
		printf("a clock that does not exist\n");
	return 0;
}
