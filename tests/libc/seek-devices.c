/* SPDX-License-Identifier: MIT */
/* Devices without an end can be sought in, as tail -c does, and still give what they give. */
#include <assert.h>
#include <fcntl.h>
#include <unistd.h>

int main(void)
{
	static const char *const names[] = { "/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom" };
	char buf[64];

	for (int i = 0; i < 5; i++) {
		int fd = open(names[i], O_RDWR);

		assert(fd >= 0 && lseek(fd, 0, SEEK_CUR) == 0 && lseek(fd, -4096, SEEK_END) == 0);
		assert(lseek(fd, 100, SEEK_SET) >= 0);
		for (int k = 0; k < 2; k++)
			assert(read(fd, buf, sizeof(buf)) == (i ? (ssize_t)sizeof(buf) : 0));
		assert(pread(fd, buf, 10, 1 << 20) == (i ? 10 : 0));
		assert(write(fd, buf, 10) == (i == 2 ? -1 : 10));
		close(fd);
	}
	return 0;
}
