/* SPDX-License-Identifier: MIT */
/* Condition variables, read-write locks, barriers, semaphores and once, under contention. */
#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <time.h>

#define THREADS 6
#define ROUNDS 2000

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t full = PTHREAD_COND_INITIALIZER, empty = PTHREAD_COND_INITIALIZER;
static pthread_rwlock_t rw = PTHREAD_RWLOCK_INITIALIZER;
static pthread_barrier_t barrier;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static sem_t sem;
static int box, taken, inits, serial, a, b;

static void init(void)
{
	inits++;
}

static void *consume(void *arg)
{
	(void)arg;
	for (int i = 0; i < ROUNDS; i++) {
		pthread_mutex_lock(&lock);
		while (!box)
			pthread_cond_wait(&full, &lock);
		box = 0;
		taken++;
		pthread_cond_signal(&empty);
		pthread_mutex_unlock(&lock);
	}
	return 0;
}

static void *produce(void *arg)
{
	(void)arg;
	for (int i = 0; i < ROUNDS; i++) {
		pthread_mutex_lock(&lock);
		while (box)
			pthread_cond_wait(&empty, &lock);
		box = 1;
		pthread_cond_broadcast(&full);
		pthread_mutex_unlock(&lock);
	}
	return 0;
}

static void *mixed(void *arg)
{
	pthread_once(&once, init);
	for (int i = 0; i < ROUNDS; i++) {
		if (i % 8 == (int)(long)arg) {
			pthread_rwlock_wrlock(&rw);
			a++;
			b++;
		} else {
			pthread_rwlock_rdlock(&rw);
			assert(a == b);
		}
		pthread_rwlock_unlock(&rw);
		sem_post(&sem);
	}
	for (int i = 0; i < 50; i++)
		if (pthread_barrier_wait(&barrier) == PTHREAD_BARRIER_SERIAL_THREAD)
			__atomic_add_fetch(&serial, 1, __ATOMIC_SEQ_CST);
	return 0;
}

static void run(void *(*even)(void *), void *(*odd)(void *))
{
	pthread_t t[THREADS];

	for (long i = 0; i < THREADS; i++)
		assert(pthread_create(&t[i], 0, i % 2 ? odd : even, (void *)i) == 0);
	for (int i = 0; i < THREADS; i++)
		assert(pthread_join(t[i], 0) == 0);
}

int main(void)
{
	struct timespec t;

	run(produce, consume);
	assert(taken == ROUNDS * THREADS / 2 && !box);
	assert(pthread_barrier_init(&barrier, 0, 0) == EINVAL);
	assert(pthread_barrier_init(&barrier, 0, THREADS) == 0);
	assert(sem_init(&sem, 0, 0) == 0);
	run(mixed, mixed);
	assert(inits == 1 && serial == 50 && a == b);
	for (int i = 0; i < ROUNDS * THREADS; i++)
		assert(sem_wait(&sem) == 0);
	assert(sem_trywait(&sem) == -1 && errno == EAGAIN);
	clock_gettime(CLOCK_REALTIME, &t);
	assert(sem_timedwait(&sem, &t) == -1 && errno == ETIMEDOUT);
	pthread_mutex_lock(&lock);
	assert(pthread_cond_timedwait(&full, &lock, &t) == ETIMEDOUT);
	assert(pthread_barrier_destroy(&barrier) == 0 && pthread_cond_destroy(&full) == 0);
	return 0;
}
