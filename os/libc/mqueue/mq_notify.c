/* SPDX-License-Identifier: MIT */
/* mq_notify.c: word of the first message of a queue; SIGEV_THREAD by a thread that reads a pipe. */
#include <errno.h>
#include <fcntl.h>
#include <mqueue.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include "../internal/plat.h"
#include "../internal/ret.h"

struct notice {
	int fd;
	void (*fn)(union sigval);
	union sigval value;
};

static void *wait_for_byte(void *arg)
{
	struct notice n = *(struct notice *)arg;
	char c;
	long got;

	free(arg);
	do
		got = plat_read(n.fd, &c, 1);
	while (got == -EINTR);
	plat_close(n.fd);
	if (got == 1)
		n.fn(n.value);
	return NULL;
}

/* Starts the thread that waits at the pipe; it ends when the other end is closed. */
static int start(const struct sigevent *ev, int fd)
{
	struct notice *n = malloc(sizeof(*n));
	sigset_t all, old;
	pthread_attr_t attr;
	pthread_t t;
	int err;

	if (!n)
		return ENOMEM;
	*n = (struct notice){ fd, ev->sigev_notify_function, ev->sigev_value };
	pthread_attr_init(&attr);
	if (ev->sigev_notify_attributes)
		attr = *ev->sigev_notify_attributes;
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	err = pthread_create(&t, &attr, wait_for_byte, n);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	if (err)
		free(n);
	return err;
}

static int notify_thread(mqd_t q, const struct sigevent *ev)
{
	int fds[2], err = plat_pipe2(fds, O_CLOEXEC);

	if (err)
		return err;
	err = plat_mq_notify(q, ev, fds[1]);
	plat_close(fds[1]);
	if (!err && (err = -start(ev, fds[0])))
		plat_mq_notify(q, NULL, -1);
	if (err)
		plat_close(fds[0]);
	return err;
}

int mq_notify(mqd_t q, const struct sigevent *ev)
{
	if (ev && ev->sigev_notify == SIGEV_THREAD)
		return __ret(notify_thread(q, ev));
	return __ret(plat_mq_notify(q, ev, -1));
}
