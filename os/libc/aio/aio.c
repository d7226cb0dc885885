/* SPDX-License-Identifier: MIT */
/* Asynchronous input and output: a thread for each request. */
#include <aio.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

/* Guards the state of all requests; done is told when one has ended. */
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t done = PTHREAD_COND_INITIALIZER;

enum { OP_SYNC = 100, OP_DSYNC };

struct group { int left; struct sigevent ev; };	/* of lio_listio with LIO_NOWAIT */
struct job { struct aiocb *cb; struct group *group; };

static void notify(struct sigevent *ev)
{
	if (ev->sigev_notify == SIGEV_SIGNAL)
		sigqueue(getpid(), ev->sigev_signo, ev->sigev_value);
	else if (ev->sigev_notify == SIGEV_THREAD)
		ev->sigev_notify_function(ev->sigev_value);
}

static ssize_t perform(struct aiocb *cb)
{
	ssize_t r;
	switch (cb->aio_lio_opcode) {
	case LIO_READ:
		r = pread(cb->aio_fildes, (void *)cb->aio_buf, cb->aio_nbytes, cb->aio_offset);
		if (r < 0 && errno == ESPIPE)
			r = read(cb->aio_fildes, (void *)cb->aio_buf, cb->aio_nbytes);
		return r;
	case LIO_WRITE:
		r = pwrite(cb->aio_fildes, (void *)cb->aio_buf, cb->aio_nbytes, cb->aio_offset);
		if (r < 0 && errno == ESPIPE)
			r = write(cb->aio_fildes, (void *)cb->aio_buf, cb->aio_nbytes);
		return r;
	case OP_DSYNC:
		return fdatasync(cb->aio_fildes);
	}
	return fsync(cb->aio_fildes);
}

static void *work(void *arg)
{
	struct job job = *(struct job *)arg;
	struct sigevent ev = job.cb->aio_sigevent;
	int last = 0;
	free(arg);
	ssize_t r = perform(job.cb);
	pthread_mutex_lock(&mutex);
	job.cb->__ret = r;
	job.cb->__err = r < 0 ? errno : 0;
	if (job.group)
		last = --job.group->left == 0;
	pthread_cond_broadcast(&done);
	pthread_mutex_unlock(&mutex);
	notify(&ev);
	if (last) {
		notify(&job.group->ev);
		free(job.group);
	}
	return NULL;
}

static int start(struct aiocb *cb, int op, struct group *group)
{
	struct job *job = malloc(sizeof(*job));
	pthread_attr_t attr;
	pthread_t t;
	sigset_t all, old;
	int e;
	if (!job) {
		errno = EAGAIN;
		return -1;
	}
	*job = (struct job){ cb, group };
	cb->aio_lio_opcode = op;
	cb->__err = EINPROGRESS;
	pthread_attr_init(&attr);
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, &old);
	e = pthread_create(&t, &attr, work, job);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	if (!e)
		return 0;
	free(job);
	cb->__err = errno = EAGAIN;
	cb->__ret = -1;
	return -1;
}

int aio_read(struct aiocb *cb)
{
	return start(cb, LIO_READ, NULL);
}

int aio_write(struct aiocb *cb)
{
	return start(cb, LIO_WRITE, NULL);
}

int aio_fsync(int op, struct aiocb *cb)
{
	return start(cb, op == O_DSYNC ? OP_DSYNC : OP_SYNC, NULL);
}

int aio_error(const struct aiocb *cb)
{
	return cb->__err;
}

ssize_t aio_return(struct aiocb *cb)
{
	return cb->__ret;
}

/* A request that a thread works on cannot be taken back. */
int aio_cancel(int fd, struct aiocb *cb)
{
	if (cb && cb->aio_fildes != fd) {
		errno = EINVAL;
		return -1;
	}
	return cb && cb->__err != EINPROGRESS ? AIO_ALLDONE : AIO_NOTCANCELED;
}

static int pending(const struct aiocb *const list[], int n)
{
	int any = 0;
	for (int i = 0; i < n; i++) {
		if (!list[i])
			continue;
		if (list[i]->__err != EINPROGRESS)
			return 0;
		any = 1;
	}
	return any;
}

int aio_suspend(const struct aiocb *const list[], int n, const struct timespec *timeout)
{
	struct timespec at;
	int e = 0;
	if (timeout) {
		clock_gettime(CLOCK_REALTIME, &at);
		at.tv_sec += timeout->tv_sec;
		at.tv_nsec += timeout->tv_nsec;
		if (at.tv_nsec >= 1000000000) {
			at.tv_nsec -= 1000000000;
			at.tv_sec++;
		}
	}
	pthread_mutex_lock(&mutex);
	while (!e && pending(list, n))
		e = timeout ? pthread_cond_timedwait(&done, &mutex, &at) : pthread_cond_wait(&done, &mutex);
	pthread_mutex_unlock(&mutex);
	if (!e)
		return 0;
	errno = e == ETIMEDOUT ? EAGAIN : e;
	return -1;
}

static int wait_all(struct aiocb *const list[], int n)
{
	int bad = 0;
	pthread_mutex_lock(&mutex);
	for (int i = 0; i < n; i++) {
		while (list[i] && list[i]->__err == EINPROGRESS)
			pthread_cond_wait(&done, &mutex);
		bad |= list[i] && list[i]->aio_lio_opcode != LIO_NOP && list[i]->__err;
	}
	pthread_mutex_unlock(&mutex);
	if (bad)
		errno = EIO;
	return bad ? -1 : 0;
}

int lio_listio(int mode, struct aiocb *restrict const *restrict list, int n,
	struct sigevent *restrict ev)
{
	struct group *group = NULL;
	int failed = 0;
	if (n < 0 || (mode != LIO_WAIT && mode != LIO_NOWAIT)) {
		errno = EINVAL;
		return -1;
	}
	if (mode == LIO_NOWAIT && ev && ev->sigev_notify != SIGEV_NONE) {
		if (!(group = malloc(sizeof(*group)))) {
			errno = EAGAIN;
			return -1;
		}
		*group = (struct group){ 1, *ev };
	}
	for (int i = 0; i < n; i++) {
		if (!list[i] || list[i]->aio_lio_opcode == LIO_NOP)
			continue;
		pthread_mutex_lock(&mutex);
		if (group)
			group->left++;
		pthread_mutex_unlock(&mutex);
		if (start(list[i], list[i]->aio_lio_opcode, group) < 0) {
			failed = 1;
			pthread_mutex_lock(&mutex);
			if (group)
				group->left--;
			pthread_mutex_unlock(&mutex);
		}
	}
	if (group) {
		/* Our own share of the group ends here: an empty list tells at once. */
		pthread_mutex_lock(&mutex);
		int last = --group->left == 0;
		pthread_mutex_unlock(&mutex);
		if (last) {
			notify(&group->ev);
			free(group);
		}
	}
	if (mode == LIO_WAIT && wait_all((struct aiocb *const *)list, n) < 0)
		return -1;
	if (failed)
		errno = EAGAIN;
	return failed ? -1 : 0;
}
