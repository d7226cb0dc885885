/* SPDX-License-Identifier: MIT */
/*
 * Finished builds from elsewhere: a folder, or the same folder behind a web server,
 * which `cook export` wrote.  It holds for each build two files:
 *
 *	KEY.signed	a signed file (repo/lib/signed.h) with the payload
 *			calx-build 1\nkey KEY\nname NAME\nobject HASH BYTES\n
 *	KEY.tar.zst	the folder store/KEY; its BLAKE2b-256 and length are in KEY.signed
 *
 * Nothing of an object is looked at before a trusted key has vouched for its hash
 * under this key, and the hash of what came is that one.  Trusted are the public keys
 * below $XDG_CONFIG_HOME/calx, or what COOK_CACHE_KEY names.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../repo/lib/signed.h"
#include "cache.h"

#define SIGNED_FORMAT "calx-build 1\nkey %s\nname %s\nobject %s %" PRIu64 "\n"

char *
cache_key_folder(void)
{
	const char *config = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");

	if (config && *config)
		return fmt("%s/calx", config);
	return fmt("%s/.config/calx", home ? home : "");
}

char *
cache_statement(const struct port *p, const char *hex, uint64_t bytes)
{
	return fmt(SIGNED_FORMAT, p->key, p->name, hex, bytes);
}

static int
read_keys(struct cpk_keys *keys)
{
	const char *own = getenv("COOK_CACHE_KEY");
	char *path = own && *own ? xdup(own) : cache_key_folder();
	struct cpk_error err;
	struct stat st;
	int r;

	memset(keys, 0, sizeof(*keys));
	r = stat(path, &st) == 0 && S_ISDIR(st.st_mode) ? cpk_keys_dir(keys, path, &err) :
		cpk_keys_add(keys, path, &err);
	if (r < 0)
		die("no key that builds from elsewhere can be checked with: %s", err.text);
	if (!keys->n)
		die("no *.pub in %s that builds from elsewhere can be checked with", path);
	free(path);
	return 0;
}

/* A file of the cache to `to`: 0; -ENOENT when there is none; else a message. */
static int
get_file(const char *from, const char *name, const char *to)
{
	char *path = fmt("%s/%s", from, name);
	int r;

	if (strncmp(from, "http://", 7) == 0 || strncmp(from, "https://", 8) == 0) {
		r = fetch_optional(path, to);
	} else if (!exists(path)) {
		r = -ENOENT;
	} else {
		r = copy_file(path, to, 0644);
		if (r < 0)
			warn_("%s: %s", path, strerror(-r));
	}
	free(path);
	return r;
}

/* What a trusted key says of the object of p: its hash and length. */
static int
read_statement(const struct port *p, const char *file, char hex[CPK_HEX], uint64_t *bytes)
{
	static struct cpk_keys keys;
	struct cpk_error err;
	const char *payload;
	char *data, *text, *want = NULL;
	size_t len, plen;
	int r, at;

	if (!keys.n)
		read_keys(&keys);
	data = read_file(file, &len);
	if (!data)
		return -errno;
	r = cpk_signed_check(&keys, data, len, p->name, &payload, &plen, &err);
	if (r < 0) {
		warn_("cache: %s", err.text);
		free(data);
		return r;
	}
	text = fmt("%.*s", (int)plen, payload);
	at = 0;
	r = -EBADMSG;
	if (strncmp(text, "calx-build 1\n", 13) == 0 &&
	    sscanf(text, "calx-build 1\nkey %*s\nname %*s\nobject %64[0-9a-f] %" SCNu64 "%n",
			hex, bytes, &at) == 2 && at) {
		want = cache_statement(p, hex, *bytes);
		r = strcmp(text, want) == 0 ? 0 : -EBADMSG;
	}
	if (r < 0)
		warn_("cache: %s: what is signed is not about this build", p->name);
	free(want);
	free(text);
	free(data);
	return r;
}

static int
check_object(const struct port *p, const char *file, const char *want, uint64_t want_bytes)
{
	int fd = open(file, O_RDONLY | O_CLOEXEC);
	uint8_t hash[CPK_HASH];
	char hex[CPK_HEX];
	uint64_t bytes;
	int r = fd < 0 ? -errno : cpk_hash_fd(fd, hash, &bytes);

	if (fd >= 0)
		close(fd);
	if (r < 0)
		return r;
	cpk_hex(hash, hex);
	if (bytes == want_bytes && strcmp(hex, want) == 0)
		return 0;
	warn_("cache: %s: the object is not the one that was signed", p->name);
	return -EBADMSG;
}

/* The folder where a download is put together; its lock keeps build_sweep() away. */
static int
open_work(const char *work)
{
	char *lock = fmt("%s/.lock", work);
	int fd;

	remove_tree(work);
	make_dirs(work);
	fd = open(lock, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
	free(lock);
	if (fd >= 0)
		flock(fd, LOCK_EX);
	return fd;
}

static int
fetch_into(struct cook *c, struct port *p, const char *work)
{
	char *name = fmt("%s.signed", p->key), *object = fmt("%s.tar.zst", p->key);
	char *statement = fmt("%s/signed", work), *file = fmt("%s/object", work);
	char *tree = fmt("%s/tree", work), *meta = fmt("%s/meta", tree), hex[CPK_HEX];
	uint64_t bytes;
	int r = get_file(c->cache_from, name, statement);

	if (r == 0)
		r = read_statement(p, statement, hex, &bytes);
	if (r == 0)
		r = get_file(c->cache_from, object, file);
	if (r == 0)
		r = check_object(p, file, hex, bytes);
	if (r == 0) {
		make_dirs(tree);
		r = unpack(file, tree, 1, NULL) < 0 || !exists(meta) ? -EBADMSG : 0;
	}
	free(name);
	free(object);
	free(statement);
	free(file);
	free(tree);
	free(meta);
	return r;
}

int
cache_get(struct cook *c, struct port *p)
{
	char *work, *from, *to;
	int lock, guard, r;

	if (!c->cache_from)
		return 0;
	lock = store_lock(c, p->key);
	work = cook_path(c, "build/fetch-%s-%d", p->name, (int)getpid());
	guard = open_work(work);
	r = fetch_into(c, p, work);
	from = fmt("%s/tree", work);
	to = cook_path(c, "store/%s", p->key);
	if (r == 0 && rename(from, to) < 0 && errno != EEXIST && errno != ENOTEMPTY) {
		r = -errno;
		warn_("%s: %s", to, strerror(errno));
	}
	if (r == 0) {
		store_set_last(c, p->name, p->key);
		printf("cached %s\n", p->name);
		fflush(stdout);
	}
	remove_tree(work);
	close(guard);
	close(lock);
	free(work);
	free(from);
	free(to);
	return r == 0 && store_find(c, p);
}
