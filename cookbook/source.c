/* SPDX-License-Identifier: MIT */
/*
 * Sources: a file counts only by its sha256, wherever it came from.  They are kept
 * in sources/SHA256; CALX_SOURCES names further folders with such files, CALX_MIRROR a folder
 * or a web server's folder that is asked before anybody else.
 */
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "cook.h"

int
sha256_file(const char *path, char hex[65])
{
	unsigned char buf[65536], hash[32];
	crypto_hash_sha256_state st;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		return -errno;
	crypto_hash_sha256_init(&st);
	while ((n = read(fd, buf, sizeof(buf))) > 0)
		crypto_hash_sha256_update(&st, buf, (size_t)n);
	close(fd);
	if (n < 0)
		return -EIO;
	crypto_hash_sha256_final(&st, hash);
	sodium_bin2hex(hex, 65, hash, sizeof(hash));
	return 0;
}

char *
recipe_fill(const struct recipe *r, const char *s)
{
	const char *at;
	struct buf b = { 0 };

	for (; (at = strchr(s, '{')); s = at) {
		buf_add(&b, s, (size_t)(at - s));
		if (strncmp(at, "{version}", 9) == 0) {
			buf_str(&b, r->version);
			at += 9;
		} else if (strncmp(at, "{name}", 6) == 0) {
			buf_str(&b, r->name);
			at += 6;
		} else {
			buf_add(&b, at++, 1);
		}
	}
	buf_str(&b, s);
	return b.s;
}

char *
source_expand(const struct recipe *r, size_t i)
{
	return recipe_fill(r, r->source.v[i]);
}

/* A file called by its hash in the folders of CALX_SOURCES, or NULL. */
static char *
in_own_folders(const char *sha256)
{
	const char *dirs = getenv("CALX_SOURCES");
	size_t n;

	for (; dirs && *dirs; dirs += n + (dirs[n] == ':')) {
		char *path;

		n = strcspn(dirs, ":");
		path = fmt("%.*s/%s", (int)n, dirs, sha256);
		if (n && exists(path))
			return path;
		free(path);
	}
	return NULL;
}

static int
matches(const char *path, const char *want, const char *from)
{
	char hex[65];
	int r = sha256_file(path, hex);

	if (r < 0) {
		warn_("%s: %s", path, strerror(-r));
		return 0;
	}
	if (strcmp(hex, want) != 0) {
		warn_("%s: sha256 is %s, the recipe wants %s", from, hex, want);
		return 0;
	}
	return 1;
}

/* Fetches url as `to`; what does not match is thrown away.  Without sha256 all is taken. */
static int
fetch_checked(const char *url, const char *to, const char *sha256)
{
	char *part = fmt("%s.part", to);
	int r = -1;

	fprintf(stderr, "fetch %s\n", strrchr(url, '/') + 1);
	if (fetch_url(url, part) == 0) {
		if (sha256 && !matches(part, sha256, url))
			unlink(part);
		else
			r = rename(part, to);
	}
	free(part);
	return r;
}

/* What `cook mirror` wrote: 0; -ENOENT, without a message, when it has no such file. */
static int
from_own_mirror(const char *to, const char *sha256)
{
	const char *base = getenv("CALX_MIRROR");
	char *from, *part;
	int r;

	if (!base || !*base || !sha256)
		return -ENOENT;
	if (strncmp(base, "file://", 7) == 0)
		base += 7;
	from = fmt("%s/%s", base, sha256);
	part = fmt("%s.part", to);
	r = strstr(base, "://") ? fetch_optional(from, part) :
		exists(from) ? copy_file(from, part, 0644) : -ENOENT;
	if (r == 0) {
		r = matches(part, sha256, from) ? rename(part, to) : -1;
		if (r < 0)
			unlink(part);
	}
	free(from);
	free(part);
	return r;
}

static int
fetch_any(const char *spec, const char *to, const char *sha256)
{
	struct list bases = { 0 };
	size_t i;
	int r = -1;

	if (from_own_mirror(to, sha256) == 0)
		return 0;

	if (strncmp(spec, "https://", 8) == 0)
		return fetch_checked(spec, to, sha256);
	mirror_list(&bases);
	if (!bases.n)
		warn_("%s: no mirror in apt's configuration; set CALX_DEBIAN_MIRROR", spec);
	for (i = 0; r < 0 && i < bases.n; i++) {
		char *url = fmt("%s/pool/%s", bases.v[i], spec + strlen("debian:"));

		r = fetch_checked(url, to, sha256);
		free(url);
	}
	cpk_list_free(&bases);
	return r;
}

int
source_have(const struct cook *c, const struct recipe *r, size_t i)
{
	char *path, *own;
	int have;

	if (!*r->sha256.v[i])
		return 1;
	path = cook_path(c, "sources/%s", r->sha256.v[i]);
	own = in_own_folders(r->sha256.v[i]);
	have = own || exists(path);
	free(own);
	free(path);
	return have;
}

char *
source_get(const struct cook *c, const struct recipe *r, size_t i)
{
	const char *sha256 = r->sha256.v[i];
	char *path = in_own_folders(sha256), *spec, *lock_path;
	int lock, ok;

	if (path && matches(path, sha256, path))
		return path;
	free(path);
	path = cook_path(c, "sources/%s", sha256);
	lock_path = cook_path(c, "sources/.%s.lock", sha256);
	lock = open(lock_path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
	free(lock_path);
	if (lock >= 0)
		flock(lock, LOCK_EX);
	spec = source_expand(r, i);
	ok = exists(path) && matches(path, sha256, path);
	if (!ok) {
		unlink(path);
		ok = fetch_any(spec, path, sha256) == 0;
	}
	if (!ok)
		warn_("%s: cannot get the source %s", r->file, spec);
	free(spec);
	close(lock);
	if (ok)
		return path;
	free(path);
	return NULL;
}

int
source_fetch_new(const struct cook *c, const struct recipe *r, size_t i, char hex[65])
{
	char *spec = source_expand(r, i), *tmp = cook_path(c, "sources/.new-%d", (int)getpid());
	char *to;
	int bad = fetch_any(spec, tmp, NULL);

	if (bad == 0 && sha256_file(tmp, hex) < 0)
		bad = -1;
	if (bad == 0) {
		to = cook_path(c, "sources/%s", hex);
		bad = rename(tmp, to);
		free(to);
	}
	if (bad < 0)
		warn_("%s: cannot get the source %s", r->file, spec);
	unlink(tmp);
	free(spec);
	free(tmp);
	return bad;
}
