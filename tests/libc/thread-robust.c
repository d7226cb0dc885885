/* SPDX-License-Identifier: MIT */
/* Robust mutexes: the next one to lock learns that the owner has died, thread or killed process. */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static pthread_mutex_t *m;
static volatile int *step;

static void want(const char *what, int got, int wanted)
{
	if (got != wanted)
		printf("%s: %d, not %d\n", what, got, wanted);
}

static void *lock_and_end(void *arg)
{
	return (void *)(long)pthread_mutex_lock(m);
}

static void thread_dies(void)
{
	pthread_t t;

	pthread_create(&t, 0, lock_and_end, 0);
	pthread_join(t, 0);
	want("after a thread", pthread_mutex_lock(m), EOWNERDEAD);
	want("consistent", pthread_mutex_consistent(m), 0);
	want("unlock", pthread_mutex_unlock(m), 0);
	want("again", pthread_mutex_trylock(m), 0);
	want("consistent without need", pthread_mutex_consistent(m), EINVAL);
	want("unlock", pthread_mutex_unlock(m), 0);
}

static void process_dies(int how)
{
	int status;
	pid_t pid = fork();

	if (!pid) {
		pthread_mutex_lock(m);
		*step = 1;
		if (how == SIGKILL)
			for (;;)
				pause();
		_exit(0);
	}
	while (!*step)
		usleep(1000);
	*step = 0;
	if (how == SIGKILL) {
		struct timespec soon;
		clock_gettime(CLOCK_REALTIME, &soon);
		soon.tv_nsec += 20000000;
		if (soon.tv_nsec >= 1000000000)
			soon.tv_sec++, soon.tv_nsec -= 1000000000;
		want("while it lives", pthread_mutex_timedlock(m, &soon), ETIMEDOUT);
		kill(pid, SIGKILL);
	}
	want("after a process", pthread_mutex_lock(m), EOWNERDEAD);
	waitpid(pid, &status, 0);
	want("consistent", pthread_mutex_consistent(m), 0);
	want("unlock", pthread_mutex_unlock(m), 0);
}

/* Killed anywhere between lock and unlock, the unlock's wake included: the others go on. */
static void killed_while_unlocking(void)
{
	for (int i = 0; i < 40; i++) {
		pid_t pid = fork();
		int r, status;

		if (!pid)
			for (;;) {
				if (pthread_mutex_lock(m) == EOWNERDEAD)
					pthread_mutex_consistent(m);
				pthread_mutex_unlock(m);
			}
		for (int n = 0; n < 20; n++) {
			if (pthread_mutex_lock(m) == EOWNERDEAD)
				pthread_mutex_consistent(m);
			if (n == 10)
				kill(pid, SIGKILL);
			pthread_mutex_unlock(m);
		}
		r = pthread_mutex_lock(m);
		if (r == EOWNERDEAD)
			pthread_mutex_consistent(m);
		else
			want("after a kill anywhere", r, 0);
		pthread_mutex_unlock(m);
		waitpid(pid, &status, 0);
	}
}

/* One is asleep in lock when the owner is killed. */
static void waiter_is_woken(void)
{
	pid_t owner = fork(), waiter;
	int status;

	if (!owner) {
		pthread_mutex_lock(m);
		*step = 1;
		for (;;)
			pause();
	}
	while (!*step)
		usleep(1000);
	*step = 0;
	waiter = fork();
	if (!waiter) {
		alarm(20);
		_exit(pthread_mutex_lock(m) != EOWNERDEAD || pthread_mutex_consistent(m) || pthread_mutex_unlock(m));
	}
	usleep(50000);
	kill(owner, SIGKILL);
	waitpid(waiter, &status, 0);
	want("waiter", status, 0);
	waitpid(owner, &status, 0);
}

static void given_up(void)
{
	pthread_t t;

	pthread_create(&t, 0, lock_and_end, 0);
	pthread_join(t, 0);
	want("lock", pthread_mutex_lock(m), EOWNERDEAD);
	want("unlock", pthread_mutex_unlock(m), 0);
	want("lock of one given up", pthread_mutex_lock(m), ENOTRECOVERABLE);
	want("trylock of one given up", pthread_mutex_trylock(m), ENOTRECOVERABLE);
}

int main(void)
{
	pthread_mutexattr_t a;

	m = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	step = (int *)(m + 1);
	pthread_mutexattr_init(&a);
	pthread_mutexattr_setpshared(&a, PTHREAD_PROCESS_SHARED);
	pthread_mutexattr_setrobust(&a, PTHREAD_MUTEX_ROBUST);
	pthread_mutex_init(m, &a);
	thread_dies();
	process_dies(0);
	process_dies(SIGKILL);
	waiter_is_woken();
	killed_while_unlocking();
	given_up();
	return 0;
}
