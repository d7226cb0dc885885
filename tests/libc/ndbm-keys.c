/* SPDX-License-Identifier: MIT */
/* An ndbm database keeps what was stored, replaced and deleted, across closing and packing. */
#include <errno.h>
#include <fcntl.h>
#include <ndbm.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define CHECK(x) do { if (!(x)) printf("%s:%d: %s, errno %d\n", __FILE__, __LINE__, #x, errno); } while (0)
#define N 500

static datum text(char *buf, const char *fmt, int i)
{
	return (datum){ buf, (size_t)sprintf(buf, fmt, i) };
}

static int is(datum d, const char *s)
{
	return d.dptr && d.dsize == strlen(s) && !memcmp(d.dptr, s, d.dsize);
}

int main(void)
{
	char k[32], v[400];
	struct stat st;
	int count = 0;
	DBM *db = dbm_open("db", O_RDWR | O_CREAT, 0640);

	CHECK(db);
	if (!db)
		return 1;
	for (int round = 0; round < 3; round++)
		for (int i = 0; i < N; i++)
			CHECK(dbm_store(db, text(k, "key%d", i), text(v, "%0200d", i + round), DBM_REPLACE) == 0);
	CHECK(dbm_store(db, text(k, "key%d", 7), text(v, "%d", 0), DBM_INSERT) == 1);
	for (int i = 0; i < N; i += 2)
		CHECK(dbm_delete(db, text(k, "key%d", i)) == 0);
	CHECK(dbm_delete(db, text(k, "key%d", 0)) == -1);
	dbm_close(db);
	CHECK(stat("db.dir", &st) == 0 && stat("db.pag", &st) == 0 && (st.st_mode & 0777) == 0640);
	CHECK(st.st_size < N * 210);

	CHECK((db = dbm_open("db", O_RDONLY, 0)) != NULL);
	for (int i = 0; i < N; i++) {
		datum d = dbm_fetch(db, text(k, "key%d", i));
		sprintf(v, "%0200d", i + 2);
		CHECK(i % 2 ? is(d, v) : !d.dptr);
	}
	for (datum d = dbm_firstkey(db); d.dptr; d = dbm_nextkey(db))
		count++;
	CHECK(count == N / 2);
	CHECK(dbm_store(db, text(k, "key%d", 1), text(v, "%d", 1), DBM_REPLACE) == -1 && errno == EPERM);
	CHECK(dbm_error(db) == 0);
	dbm_close(db);

	/* A record that was not written whole is forgotten. */
	truncate("db.pag", st.st_size - 5);
	CHECK((db = dbm_open("db", O_RDWR, 0)) != NULL);
	count = 0;
	for (datum d = dbm_firstkey(db); d.dptr; d = dbm_nextkey(db))
		count++;
	CHECK(count == N / 2 - 1);
	dbm_close(db);
	CHECK(!dbm_open("none", O_RDWR, 0) && errno == ENOENT);
	return 0;
}
