/* SPDX-License-Identifier: MIT */
/* Threads and what synchronizes them. */
#include <pthread.h>
#include <semaphore.h>

#include "bench.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
static sem_t ping, pong;
static int turn;			/* 0: ours, 1: the other's, 2: end */
static pthread_t other;

static void *
nothing(void *arg)
{
	return arg;
}

static void
create_join(long n)
{
	while (n--) {
		pthread_t t;

		CHECK(pthread_create(&t, NULL, nothing, NULL) ? -1 : 0);
		pthread_join(t, NULL);
	}
}

static void
lock_unlock(long n)
{
	while (n--) {
		pthread_mutex_lock(&mutex);
		pthread_mutex_unlock(&mutex);
	}
}

static void *
cond_other(void *arg)
{
	pthread_mutex_lock(&mutex);
	while (turn != 2) {
		if (turn == 1) {
			turn = 0;
			pthread_cond_signal(&cond);
		}
		pthread_cond_wait(&cond, &mutex);
	}
	pthread_mutex_unlock(&mutex);
	return arg;
}

static void
cond_start(void)
{
	turn = 0;
	CHECK(pthread_create(&other, NULL, cond_other, NULL) ? -1 : 0);
}

static void
cond_stop(void)
{
	pthread_mutex_lock(&mutex);
	turn = 2;
	pthread_cond_broadcast(&cond);
	pthread_mutex_unlock(&mutex);
	pthread_join(other, NULL);
}

static void
cond_ping(long n)
{
	pthread_mutex_lock(&mutex);
	while (n--) {
		turn = 1;
		pthread_cond_signal(&cond);
		while (turn == 1)
			pthread_cond_wait(&cond, &mutex);
	}
	pthread_mutex_unlock(&mutex);
}

static volatile int sem_end;

static void *
sem_other(void *arg)
{
	for (;;) {
		sem_wait(&ping);
		if (sem_end)
			return arg;
		sem_post(&pong);
	}
}

static void
sem_start(void)
{
	sem_end = 0;
	sem_init(&ping, 0, 0);
	sem_init(&pong, 0, 0);
	CHECK(pthread_create(&other, NULL, sem_other, NULL) ? -1 : 0);
}

static void
sem_stop(void)
{
	sem_end = 1;
	sem_post(&ping);
	pthread_join(other, NULL);
}

static void
sem_ping(long n)
{
	while (n--) {
		sem_post(&ping);
		sem_wait(&pong);
	}
}

const struct bench thread_tests[] = {
	{ "thread-create-join", 50, create_join, NULL, NULL },
	{ "mutex", 5000, lock_unlock, NULL, NULL },
	{ "cond-ping-pong", 300, cond_ping, cond_start, cond_stop },
	{ "sem-ping-pong", 300, sem_ping, sem_start, sem_stop },
	{ NULL, 0, NULL, NULL, NULL },
};
