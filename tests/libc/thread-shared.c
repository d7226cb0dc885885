/* SPDX-License-Identifier: MIT */
/* Mutex, condition variable, read-write lock, barrier and semaphore between two processes. */
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static struct shared {
	pthread_mutex_t mutex;
	pthread_cond_t cond;
	pthread_rwlock_t rw;
	pthread_barrier_t barrier;
	sem_t sem, back, writing;
	int turn, count;
} *s;

static void init(void)
{
	pthread_mutexattr_t ma;
	pthread_condattr_t ca;
	pthread_rwlockattr_t ra;
	pthread_barrierattr_t ba;

	pthread_mutexattr_init(&ma);
	pthread_mutexattr_setpshared(&ma, PTHREAD_PROCESS_SHARED);
	pthread_mutex_init(&s->mutex, &ma);
	pthread_condattr_init(&ca);
	pthread_condattr_setpshared(&ca, PTHREAD_PROCESS_SHARED);
	pthread_cond_init(&s->cond, &ca);
	pthread_rwlockattr_init(&ra);
	pthread_rwlockattr_setpshared(&ra, PTHREAD_PROCESS_SHARED);
	pthread_rwlock_init(&s->rw, &ra);
	pthread_barrierattr_init(&ba);
	pthread_barrierattr_setpshared(&ba, PTHREAD_PROCESS_SHARED);
	pthread_barrier_init(&s->barrier, &ba, 2);
	sem_init(&s->sem, 1, 0);
	sem_init(&s->back, 1, 0);
	sem_init(&s->writing, 1, 0);
}

/* The two take turns. */
static void ping_pong(int me)
{
	for (int i = 0; i < 100; i++) {
		pthread_mutex_lock(&s->mutex);
		while (s->turn != me)
			pthread_cond_wait(&s->cond, &s->mutex);
		s->turn = !me;
		s->count++;
		pthread_cond_signal(&s->cond);
		pthread_mutex_unlock(&s->mutex);
	}
}

static void both(int me)
{
	int last = 0;

	ping_pong(me);
	for (int i = 0; i < 20; i++)
		last += pthread_barrier_wait(&s->barrier) == PTHREAD_BARRIER_SERIAL_THREAD;
	__atomic_add_fetch(&s->count, last, __ATOMIC_SEQ_CST);
	pthread_barrier_wait(&s->barrier);
	for (int i = 0; i < 50; i++) {
		sem_post(me ? &s->sem : &s->back);
		sem_wait(me ? &s->back : &s->sem);
	}
}

int main(void)
{
	struct timespec past = { 0 };
	int status;
	pid_t pid;

	s = mmap(0, sizeof(*s), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	init();
	alarm(50);
	pid = fork();
	if (!pid) {
		alarm(50);
		both(1);
		pthread_rwlock_wrlock(&s->rw);
		sem_post(&s->writing);
		usleep(100000);
		s->count++;
		pthread_rwlock_unlock(&s->rw);
		_exit(0);
	}
	both(0);
	sem_wait(&s->writing);
	if (pthread_rwlock_tryrdlock(&s->rw) != EBUSY || pthread_rwlock_timedrdlock(&s->rw, &past) != ETIMEDOUT)
		printf("read lock while the child writes\n");
	pthread_rwlock_rdlock(&s->rw);
	if (s->count != 221)
		printf("count %d, not 221\n", s->count);
	pthread_rwlock_unlock(&s->rw);
	waitpid(pid, &status, 0);
	if (status)
		printf("child: status %x\n", status);
	return 0;
}
