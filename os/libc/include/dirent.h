/* SPDX-License-Identifier: MIT */
/* dirent.h: directories. */
#ifndef _DIRENT_H
#define _DIRENT_H

#include <features.h>

#define __NEED_ino_t
#define __NEED_off_t
#if __VISIBLE_POSIX2024
#define __NEED_reclen_t
#define __NEED_size_t
#define __NEED_ssize_t
#endif
#include <bits/alltypes.h>

__BEGIN_DECLS

typedef struct __dirstream DIR;
struct dirent {
	ino_t d_ino;
	off_t d_off;
	unsigned short d_reclen;
	unsigned char d_type;
	char d_name[256];
};

int closedir(DIR *);
DIR *fdopendir(int);
DIR *opendir(const char *);
struct dirent *readdir(DIR *);
int readdir_r(DIR *__restrict, struct dirent *__restrict, struct dirent **__restrict);
void rewinddir(DIR *);
int dirfd(DIR *);
int alphasort(const struct dirent **, const struct dirent **);
int scandir(const char *, struct dirent ***, int (*)(const struct dirent *),
	int (*)(const struct dirent **, const struct dirent **));

#if __VISIBLE_POSIX2024
struct posix_dent {
	ino_t d_ino;
	reclen_t d_reclen;
	unsigned char d_type;
	char d_name[];
};

#define DT_UNKNOWN 0
#define DT_FIFO 1
#define DT_CHR 2
#define DT_DIR 4
#define DT_BLK 6
#define DT_REG 8
#define DT_LNK 10
#define DT_SOCK 12
#define DT_FORCE_TYPE 1

ssize_t posix_getdents(int, void *, size_t, int);
#endif

#if __VISIBLE_XSI
void seekdir(DIR *, long);
long telldir(DIR *);
#endif

#if __VISIBLE_MORE
#define d_fileno d_ino
#define _DIRENT_HAVE_D_RECLEN
#define _DIRENT_HAVE_D_OFF
#define _DIRENT_HAVE_D_TYPE
#define DT_WHT 14
#define IFTODT(x) ((x) >> 12 & 017)
#define DTTOIF(x) ((x) << 12)

#ifndef MAXNAMLEN
#define MAXNAMLEN 255
#endif

int versionsort(const struct dirent **, const struct dirent **);
int scandirat(int, const char *, struct dirent ***, int (*)(const struct dirent *),
	int (*)(const struct dirent **, const struct dirent **));
ssize_t getdents(int, struct dirent *, size_t);
#endif

#ifdef _LARGEFILE64_SOURCE
#define dirent64 dirent
#define readdir64 readdir
#define readdir64_r readdir_r
#define scandir64 scandir
#define alphasort64 alphasort
#define versionsort64 versionsort
#endif

__END_DECLS

#endif
