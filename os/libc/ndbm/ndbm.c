/* SPDX-License-Identifier: MIT */
/*
 * ndbm: a database of keys and data. NAME.pag is a log of records {key length, data length, key, data}
 * in the machine's byte order, a data length of GONE for a deletion; the last record of a key counts.
 * NAME.dir holds the format's name. An open database keeps an index of all live records in memory;
 * one that is closed after writing is packed when more than half of the log is dead. One process
 * writes at a time: the log is locked from open to close, shared for readers.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <ndbm.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define GONE 0xffffffffu
#define FORMAT "calx ndbm 1\n"
#define LARGEST (1u << 30)

struct head { uint32_t key, data; };

/* A live record; off is where its head lies. hash is kept so that most others need not be read. */
struct slot { off_t off; uint32_t hash; int used; };

struct __dbm {
	int fd, readonly, error;
	off_t end, live;		/* of the log; bytes of it that count */
	struct slot *slot;		/* open addressing, a power of two; off -1: deleted */
	size_t slots, taken, next;	/* taken counts deleted ones; next: where dbm_nextkey goes on */
	char *key, *data;		/* what the last calls returned */
	char *path;
};

static uint32_t hash_of(const void *p, size_t n)
{
	const unsigned char *s = p;
	uint32_t h = 2166136261u;
	while (n--)
		h = (h ^ *s++) * 16777619u;
	return h;
}

static int read_all(DBM *db, void *p, size_t n, off_t at)
{
	for (char *d = p; n; ) {
		ssize_t k = pread(db->fd, d, n, at);
		if (k <= 0) {
			if (k == 0)
				errno = EIO;
			return -1;
		}
		d += k, at += k, n -= k;
	}
	return 0;
}

static int write_all(int fd, const void *p, size_t n, off_t at)
{
	for (const char *s = p; n; ) {
		ssize_t k = pwrite(fd, s, n, at);
		if (k < 0)
			return -1;
		s += k, at += k, n -= k;
	}
	return 0;
}

/* Is the record at off the key's? -1: it cannot be read. */
static int same(DBM *db, off_t off, const void *key, size_t n)
{
	struct head h;
	char *p;
	int r;

	if (read_all(db, &h, sizeof(h), off) < 0)
		return -1;
	if (h.key != n)
		return 0;
	if (!(p = malloc(n + 1)))
		return -1;
	r = read_all(db, p, n, off + sizeof(h)) < 0 ? -1 : !memcmp(p, key, n);
	free(p);
	return r;
}

static int grow(DBM *db)
{
	size_t n = db->slots ? db->slots * 2 : 64;
	struct slot *new = calloc(n, sizeof(*new));

	if (!new)
		return -1;
	db->taken = 0;
	for (size_t i = 0; i < db->slots; i++) {
		if (!db->slot[i].used || db->slot[i].off < 0)
			continue;
		size_t k = db->slot[i].hash & (n - 1);
		while (new[k].used)
			k = (k + 1) & (n - 1);
		new[k] = db->slot[i];
		db->taken++;
	}
	free(db->slot);
	db->slot = new;
	db->slots = n;
	return 0;
}

/* The slot of the key, or the free one where it belongs; NULL on error. */
static struct slot *find(DBM *db, datum key)
{
	uint32_t h = hash_of(key.dptr, key.dsize);

	if (db->taken * 2 >= db->slots && grow(db) < 0)
		return NULL;
	for (size_t k = h & (db->slots - 1); ; k = (k + 1) & (db->slots - 1)) {
		struct slot *s = &db->slot[k];
		int r = 0;
		if (!s->used) {
			s->hash = h;
			return s;
		}
		if (s->off >= 0 && s->hash == h && (r = same(db, s->off, key.dptr, key.dsize)))
			return r < 0 ? NULL : s;
	}
}

/* Makes the record at off, size bytes long, the one that counts for the key. */
static int enter(DBM *db, datum key, off_t off, off_t size, int gone)
{
	struct slot *s = find(db, key);
	struct head h;

	if (!s)
		return -1;
	if (s->used) {
		if (read_all(db, &h, sizeof(h), s->off) < 0)
			return -1;
		db->live -= sizeof(h) + h.key + (off_t)h.data;
	}
	if (gone) {
		s->off = s->used ? -1 : s->off;
		return 0;
	}
	db->taken += !s->used;
	s->used = 1;
	s->off = off;
	db->live += size;
	return 0;
}

/* Reads the log; a torn record at its end is cut off, as it was never finished. */
static int scan(DBM *db)
{
	off_t size = lseek(db->fd, 0, SEEK_END);
	struct head h;

	while (db->end + (off_t)sizeof(h) <= size) {
		if (read_all(db, &h, sizeof(h), db->end) < 0)
			return -1;
		off_t n = sizeof(h) + h.key + (h.data == GONE ? 0 : (off_t)h.data);
		if (h.key > LARGEST || db->end + n > size)
			break;
		char *key = malloc(h.key + 1);
		int r = key ? read_all(db, key, h.key, db->end + sizeof(h)) : -1;
		if (r == 0)
			r = enter(db, (datum){ key, h.key }, db->end, n, h.data == GONE);
		free(key);
		if (r < 0)
			return -1;
		db->end += n;
	}
	if (size > db->end && !db->readonly)
		return ftruncate(db->fd, db->end);
	return 0;
}

static int open_file(const char *name, const char *suffix, int flags, mode_t mode)
{
	char path[PATH_MAX];
	if (snprintf(path, sizeof(path), "%s%s", name, suffix) >= (int)sizeof(path)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	return open(path, flags | O_CLOEXEC, mode);
}

/* NAME.dir: written when it is new, else it must say the format. */
static int check_dir(const char *name, int flags, mode_t mode)
{
	char text[sizeof(FORMAT)] = "";
	int fd = open_file(name, ".dir", flags, mode), r = -1;
	ssize_t n;

	if (fd < 0)
		return -1;
	n = pread(fd, text, sizeof(text), 0);
	if (n == 0 && (flags & O_ACCMODE) != O_RDONLY)
		r = write_all(fd, FORMAT, sizeof(FORMAT) - 1, 0);
	else if (n == 0 || !strcmp(text, FORMAT))
		r = 0;
	else
		errno = EINVAL;
	close(fd);
	return r;
}

DBM *dbm_open(const char *name, int flags, mode_t mode)
{
	DBM *db = calloc(1, sizeof(*db));

	/* Writing needs reading. */
	if ((flags & O_ACCMODE) == O_WRONLY)
		flags = (flags & ~O_ACCMODE) | O_RDWR;
	if (!db)
		return NULL;
	db->readonly = (flags & O_ACCMODE) == O_RDONLY;
	db->fd = -1;
	db->path = strdup(name);
	if (db->path && check_dir(name, flags, mode) == 0)
		db->fd = open_file(name, ".pag", flags & ~O_EXCL, mode);
	if (db->fd >= 0 && flock(db->fd, db->readonly ? LOCK_SH : LOCK_EX) == 0 && grow(db) == 0 && scan(db) == 0)
		return db;
	int e = errno;
	dbm_close(db);
	errno = e;
	return NULL;
}

/* Copies what counts into a new log and puts it into the old one's place. */
static void pack(DBM *db)
{
	char tmp[PATH_MAX], pag[PATH_MAX];
	struct stat st;
	off_t at = 0;
	int fd, bad = 0;

	if (snprintf(pag, sizeof(pag), "%s.pag", db->path) >= (int)sizeof(pag) ||
		snprintf(tmp, sizeof(tmp), "%s.pag.new", db->path) >= (int)sizeof(tmp))
		return;
	if (fstat(db->fd, &st) < 0 || (fd = open(tmp, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, st.st_mode & 0777)) < 0)
		return;
	for (size_t i = 0; i < db->slots && !bad; i++) {
		struct head h;
		char *p = NULL;
		if (!db->slot[i].used || db->slot[i].off < 0)
			continue;
		bad = read_all(db, &h, sizeof(h), db->slot[i].off) < 0;
		size_t n = bad ? 0 : sizeof(h) + h.key + (size_t)h.data;
		bad = bad || !(p = malloc(n)) || read_all(db, p, n, db->slot[i].off) < 0 || write_all(fd, p, n, at) < 0;
		at += n;
		free(p);
	}
	close(fd);
	if (bad || rename(tmp, pag) < 0)
		unlink(tmp);
}

void dbm_close(DBM *db)
{
	if (db->fd >= 0) {
		if (!db->readonly && db->end > 65536 && db->live < db->end / 2)
			pack(db);
		close(db->fd);
	}
	free(db->slot);
	free(db->key);
	free(db->data);
	free(db->path);
	free(db);
}

static datum failed(DBM *db)
{
	db->error = 1;
	return (datum){ NULL, 0 };
}

/* n bytes of the log at off, kept in *place until the next such call. */
static datum piece(DBM *db, char **place, off_t off, size_t n)
{
	char *p = malloc(n + 1);

	if (!p || read_all(db, p, n, off) < 0) {
		free(p);
		return failed(db);
	}
	free(*place);
	*place = p;
	return (datum){ p, n };
}

datum dbm_fetch(DBM *db, datum key)
{
	struct slot *s = find(db, key);
	struct head h;

	if (!s)
		return failed(db);
	if (!s->used)
		return (datum){ NULL, 0 };
	if (read_all(db, &h, sizeof(h), s->off) < 0)
		return failed(db);
	return piece(db, &db->data, s->off + sizeof(h) + h.key, h.data);
}

/* Appends a record in one write; data NULL is a deletion. */
static int append(DBM *db, datum key, const datum *data)
{
	struct head h = { key.dsize, data ? data->dsize : GONE };
	size_t n = sizeof(h) + key.dsize + (data ? data->dsize : 0);
	char *p;

	if (db->readonly) {
		errno = EPERM;
		return -1;
	}
	if (key.dsize > LARGEST || (data && data->dsize > LARGEST)) {
		errno = EINVAL;
		return -1;
	}
	if (!(p = malloc(n)))
		return -1;
	memcpy(p, &h, sizeof(h));
	memcpy(p + sizeof(h), key.dptr, key.dsize);
	if (data)
		memcpy(p + sizeof(h) + key.dsize, data->dptr, data->dsize);
	int r = write_all(db->fd, p, n, db->end);
	free(p);
	if (r < 0 || enter(db, key, db->end, n, !data) < 0) {
		db->error = 1;
		return -1;
	}
	db->end += n;
	return 0;
}

int dbm_store(DBM *db, datum key, datum data, int mode)
{
	struct slot *s = find(db, key);

	if (s && s->used && mode == DBM_INSERT)
		return 1;
	return s ? append(db, key, &data) : -1;
}

int dbm_delete(DBM *db, datum key)
{
	struct slot *s = find(db, key);

	if (s && !s->used)
		errno = ENOENT;
	return s && s->used ? append(db, key, NULL) : -1;
}

datum dbm_nextkey(DBM *db)
{
	struct head h;

	for (; db->next < db->slots; db->next++) {
		struct slot *s = &db->slot[db->next];
		if (!s->used || s->off < 0)
			continue;
		db->next++;
		if (read_all(db, &h, sizeof(h), s->off) < 0)
			return failed(db);
		return piece(db, &db->key, s->off + sizeof(h), h.key);
	}
	return (datum){ NULL, 0 };
}

datum dbm_firstkey(DBM *db)
{
	db->next = 0;
	return dbm_nextkey(db);
}

int dbm_error(DBM *db)
{
	return db->error;
}

int dbm_clearerr(DBM *db)
{
	db->error = 0;
	return 0;
}
