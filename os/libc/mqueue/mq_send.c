/* SPDX-License-Identifier: MIT */
/* mq_send.c: sending to and receiving from message queues. */
#include <mqueue.h>
#include <stddef.h>
#include "../internal/cancel.h"
#include "../internal/plat.h"

int mq_timedsend(mqd_t q, const char *text, size_t len, unsigned prio, const struct timespec *deadline)
{
	int old = __cp_enter();

	return __cp_leave(old, plat_mq_timedsend(q, text, len, prio, deadline));
}

int mq_send(mqd_t q, const char *text, size_t len, unsigned prio)
{
	return mq_timedsend(q, text, len, prio, NULL);
}

ssize_t mq_timedreceive(mqd_t q, char *restrict text, size_t len, unsigned *restrict prio,
	const struct timespec *restrict deadline)
{
	int old = __cp_enter();

	return __cp_leave(old, plat_mq_timedreceive(q, text, len, prio, deadline));
}

ssize_t mq_receive(mqd_t q, char *text, size_t len, unsigned *prio)
{
	return mq_timedreceive(q, text, len, prio, NULL);
}
