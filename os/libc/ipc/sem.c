/* SPDX-License-Identifier: MIT */
/* sem.c: semaphores of System V. */
#include <stdarg.h>
#include <sys/sem.h>
#include "../internal/cancel.h"
#include "../internal/plat.h"
#include "../internal/ret.h"

int semget(key_t key, int n, int flags)
{
	return __ret(plat_semget(key, n, flags));
}

int semtimedop(int id, struct sembuf *ops, size_t n, const struct timespec *timeout)
{
	return __ret(plat_semtimedop(id, ops, n, timeout));
}

int semop(int id, struct sembuf *ops, size_t n)
{
	return semtimedop(id, ops, n, 0);
}

/* The fourth argument is a union of an int and pointers; it is passed like the largest. */
int semctl(int id, int num, int cmd, ...)
{
	unsigned long arg = 0;
	va_list ap;

	va_start(ap, cmd);
	switch (cmd) {
	case SETVAL:
	case GETALL:
	case SETALL:
	case IPC_STAT:
	case IPC_SET:
	case IPC_INFO:
	case SEM_INFO:
	case SEM_STAT:
		arg = va_arg(ap, unsigned long);
	}
	va_end(ap);
	return __ret(plat_semctl(id, num, cmd, arg));
}
