/* SPDX-License-Identifier: MIT */
/* posix_getdents fills any buffer with whole entries, loses none, and tells types when told to. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define CHECK(x) do { if (!(x)) printf("%s:%d: %s, errno %d\n", __FILE__, __LINE__, #x, errno); } while (0)
#define FILES 60

static void list(int fd, size_t room)
{
	static char seen[FILES];
	char *buf = aligned_alloc(16, (room + 15) & ~(size_t)15);
	int files = 0, dirs = 0, dots = 0;
	ssize_t n;

	memset(seen, 0, sizeof(seen));
	lseek(fd, 0, SEEK_SET);
	while ((n = posix_getdents(fd, buf, room, DT_FORCE_TYPE)) > 0) {
		CHECK((size_t)n <= room);
		for (ssize_t i = 0; i < n; ) {
			struct posix_dent *d = (struct posix_dent *)(buf + i);
			int k;
			CHECK(d->d_reclen > 0 && i + d->d_reclen <= n && d->d_ino);
			if (sscanf(d->d_name, "file%d", &k) == 1 && k >= 0 && k < FILES && !seen[k]) {
				seen[k] = 1;
				files += d->d_type == DT_REG;
			} else if (*d->d_name == '.') {
				dots++;
			} else {
				dirs += d->d_type == DT_DIR && !strcmp(d->d_name, "a-long-name-of-a-directory-in-between");
			}
			i += d->d_reclen;
		}
	}
	CHECK(n == 0);
	CHECK(files == FILES && dirs == 1 && dots <= 2);
	free(buf);
}

int main(void)
{
	char name[32], small[16];

	for (int i = 0; i < FILES; i++) {
		sprintf(name, "file%d", i);
		close(open(name, O_CREAT | O_WRONLY, 0666));
	}
	mkdir("a-long-name-of-a-directory-in-between", 0777);
	int fd = open(".", O_RDONLY | O_DIRECTORY);
	list(fd, 64);
	list(fd, 300);
	list(fd, 10000);
	lseek(fd, 0, SEEK_SET);
	CHECK(posix_getdents(fd, small, 8, 0) == -1 && errno == EINVAL);
	CHECK(lseek(fd, 0, SEEK_CUR) == 0);
	CHECK(posix_getdents(fd, small, sizeof(small), 0x4000) == -1 && errno == EOPNOTSUPP);
	CHECK(posix_getdents(-1, small, sizeof(small), 0) == -1 && errno == EBADF);
	return 0;
}
