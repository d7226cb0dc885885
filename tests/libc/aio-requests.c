/* SPDX-License-Identifier: MIT */
/* Asynchronous reading and writing, lists, waiting. */
#include <aio.h>
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

int main(void)
{
	char in[6] = "";
	int fd = open("f", O_RDWR | O_CREAT, 0600);
	struct aiocb w = { .aio_fildes = fd, .aio_buf = "hello", .aio_nbytes = 5, .aio_lio_opcode = LIO_WRITE,
		.aio_sigevent.sigev_notify = SIGEV_NONE };
	struct aiocb r = { .aio_fildes = fd, .aio_buf = in, .aio_nbytes = 5,
		.aio_sigevent.sigev_notify = SIGEV_NONE };
	struct aiocb bad = { .aio_fildes = -1, .aio_sigevent.sigev_notify = SIGEV_NONE };
	const struct aiocb *wait[] = { &r };
	struct aiocb *list[] = { &w, NULL };
	assert(lio_listio(LIO_WAIT, list, 2, NULL) == 0 && aio_error(&w) == 0 && aio_return(&w) == 5);
	assert(aio_read(&r) == 0);
	while (aio_suspend(wait, 1, NULL) < 0)
		assert(errno == EINTR);
	assert(aio_return(&r) == 5 && !strcmp(in, "hello"));
	assert(aio_read(&bad) == 0);
	wait[0] = &bad;
	aio_suspend(wait, 1, NULL);
	assert(aio_error(&bad) == EBADF && aio_return(&bad) == -1);
	return 0;
}
