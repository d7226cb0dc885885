/* SPDX-License-Identifier: MIT */
/* Work with threads: locks, conditions, semaphores, locks whose owner dies. */
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include "stress.h"

#define THREADS	6
#define TURNS	40

struct ring {
	pthread_mutex_t lock;
	pthread_cond_t moved;
	int at;
	long sum;
	sem_t ready;
};

struct runner { struct ring *ring; int number; };

/* Each takes its turn in order. */
static void *run(void *arg)
{
	struct runner *r = arg;
	struct ring *g = r->ring;

	sem_post(&g->ready);
	for (int i = 0; i < TURNS; i++) {
		pthread_mutex_lock(&g->lock);
		while (g->at % THREADS != r->number)
			pthread_cond_wait(&g->moved, &g->lock);
		g->sum += g->at++;
		pthread_cond_broadcast(&g->moved);
		pthread_mutex_unlock(&g->lock);
	}
	return r;
}

int work_threads(unsigned worker)
{
	struct ring g = { PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0, 0, { { 0 } } };
	struct runner r[THREADS];
	pthread_t t[THREADS];
	int made = 0;

	(void)worker;
	sem_init(&g.ready, 0, 0);
	for (; made < THREADS; made++) {
		r[made] = (struct runner){ &g, made };
		NEED(pthread_create(&t[made], NULL, run, &r[made]) == 0);
	}
	for (int i = 0; i < THREADS; i++)
		while (sem_wait(&g.ready) && errno == EINTR)
			;
	for (int i = 0; i < THREADS; i++) {
		void *res;

		NEED(pthread_join(t[i], &res) == 0 && res == &r[i]);
	}
	NEED(g.sum == (long)THREADS * TURNS * (THREADS * TURNS - 1) / 2);
	sem_destroy(&g.ready);
	return 0;
}

/* A process is killed, sometimes with the lock: whoever comes next gets it. */
int work_robust(unsigned worker)
{
	pthread_mutex_t *m = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pthread_mutexattr_t attr;
	pid_t pid;
	int r;

	(void)worker;
	NEED(m != MAP_FAILED);
	pthread_mutexattr_init(&attr);
	pthread_mutexattr_setpshared(&attr, PTHREAD_PROCESS_SHARED);
	pthread_mutexattr_setrobust(&attr, PTHREAD_MUTEX_ROBUST);
	pthread_mutex_init(m, &attr);
	pid = fork();
	NEED(pid >= 0);
	if (pid == 0)
		for (;;) {
			if (pthread_mutex_lock(m) == EOWNERDEAD)
				pthread_mutex_consistent(m);
			pthread_mutex_unlock(m);
		}
	for (int i = 0; i < 50; i++) {
		NEED(pthread_mutex_lock(m) == 0);
		NEED(pthread_mutex_unlock(m) == 0);
	}
	usleep(rnd() % 3000);
	kill(pid, SIGKILL);
	r = pthread_mutex_lock(m);
	NEED(r == 0 || r == EOWNERDEAD);
	if (r == EOWNERDEAD)
		NEED(pthread_mutex_consistent(m) == 0);
	NEED(pthread_mutex_unlock(m) == 0);
	NEED(status_of(pid) == SIGKILL);
	munmap(m, 4096);
	return 0;
}
