/* SPDX-License-Identifier: MIT */
/* cook export: writes what is built as a folder that cache.c reads. */
#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../repo/lib/signed.h"
#include "cache.h"
#include "job.h"

#define LEVEL "9"			/* of zstd; most of the content is compressed already */

struct writer {
	struct archive *a;
	const char *key;
};

static int
put_content(struct archive *a, const char *path)
{
	static char buf[65536];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : 0;

	while (fd >= 0 && (n = read(fd, buf, sizeof(buf))) > 0)
		if (archive_write_data(a, buf, (size_t)n) != n)
			n = -1;
	if (fd >= 0)
		close(fd);
	return n < 0 ? -EIO : 0;
}

/* One path of the store's folder; owners and times say nothing there. */
static int
put_path(const char *path, const char *name, void *arg)
{
	struct writer *w = arg;
	struct archive_entry *e = archive_entry_new();
	char *as = fmt("%s/%s", w->key, name), target[4096];
	struct stat st;
	ssize_t n;
	int r = lstat(path, &st) < 0 ? -errno : 0;

	if (r == 0) {
		archive_entry_set_pathname(e, as);
		archive_entry_set_mode(e, st.st_mode);
		archive_entry_set_mtime(e, COOK_EPOCH, 0);
		archive_entry_set_size(e, S_ISREG(st.st_mode) ? st.st_size : 0);
		n = S_ISLNK(st.st_mode) ? readlink(path, target, sizeof(target) - 1) : 0;
		target[n > 0 ? n : 0] = '\0';
		if (S_ISLNK(st.st_mode))
			archive_entry_set_symlink(e, target);
		if (archive_write_header(w->a, e) != ARCHIVE_OK)
			r = -EIO;
	}
	if (r == 0 && S_ISREG(st.st_mode))
		r = put_content(w->a, path);
	archive_entry_free(e);
	free(as);
	return r;
}

static int
write_object(struct cook *c, const struct port *p, const char *to)
{
	char *from = cook_path(c, "store/%s", p->key);
	struct writer w = { .a = archive_write_new(), .key = p->key };
	int r = -EIO;

	if (archive_write_set_format_pax_restricted(w.a) == ARCHIVE_OK &&
	    archive_write_add_filter_zstd(w.a) == ARCHIVE_OK &&
	    archive_write_set_filter_option(w.a, "zstd", "compression-level", LEVEL) == ARCHIVE_OK &&
	    archive_write_open_filename(w.a, to) == ARCHIVE_OK)
		r = tree_walk(from, put_path, &w);
	if (archive_write_close(w.a) != ARCHIVE_OK)
		r = -EIO;
	if (r < 0)
		warn_("%s: %s", to, archive_error_string(w.a) ? archive_error_string(w.a) :
				strerror(-r));
	archive_write_free(w.a);
	free(from);
	return r;
}

static int
write_signed(const struct port *p, const char *object, const char *to,
		const uint8_t secret[CPK_SECRET])
{
	int fd = open(object, O_RDONLY | O_CLOEXEC), r;
	char hex[CPK_HEX], *text, *data = NULL;
	uint8_t hash[CPK_HASH];
	struct cpk_error err;
	uint64_t bytes;
	size_t len;

	if (fd < 0)
		return -errno;
	r = cpk_hash_fd(fd, hash, &bytes);
	close(fd);
	if (r < 0)
		return r;
	cpk_hex(hash, hex);
	text = cache_statement(p, hex, bytes);
	r = cpk_sign(secret, text, strlen(text), &data, &len, &err);
	if (r == 0)
		r = write_file(to, data, len, 0644);
	free(data);
	free(text);
	return r;
}

/* The statement goes last: where it is, the object is complete. */
static int
export_port(struct cook *c, const struct port *p, const char *dir, const uint8_t *secret)
{
	char *object = fmt("%s/%s.tar.zst", dir, p->key), *tmp = fmt("%s.tmp", object);
	char *statement = fmt("%s/%s.signed", dir, p->key);
	int r = 0;

	if (!exists(statement)) {
		r = write_object(c, p, tmp);
		if (r == 0 && rename(tmp, object) < 0)
			r = -errno;
		if (r == 0)
			r = write_signed(p, object, statement, secret);
		if (r == 0)
			printf("export %s\n", p->name);
		else
			warn_("%s: cannot export: %s", p->name, strerror(-r));
		unlink(tmp);
	}
	free(object);
	free(tmp);
	free(statement);
	return r;
}

static void
read_secret(uint8_t secret[CPK_SECRET])
{
	char *dir = cache_key_folder(), *file = fmt("%s/repo.key", dir);
	struct cpk_error err;

	if (cpk_key_secret(file, secret, &err) < 0)
		die("%s (made by: repo key %s/repo)", err.text, dir);
	free(file);
	free(dir);
}

int
cmd_export(struct cook *c, int argc, char **argv)
{
	uint8_t secret[CPK_SECRET];
	int failed = 0;
	size_t i;

	if (argc < 1)
		misuse("usage: cook export DIR [NAME...]");
	read_secret(secret);
	want_named(c, argc - 1, argv + 1);
	sched_scan(c);
	if (make_dirs(argv[0]) < 0)
		die("%s: %s", argv[0], strerror(errno));
	for (i = 0; i < c->nports; i++)
		if (c->port[i].wanted && c->port[i].state == PORT_DONE &&
		    export_port(c, &c->port[i], argv[0], secret) < 0)
			failed = 1;
	return failed;
}
