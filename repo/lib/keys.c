/* SPDX-License-Identifier: MIT */
/* Key files: "calx-public 1 HEX\n" and "calx-secret 1 HEX\n". */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "local.h"
#include "signed.h"

static const char public_magic[] = "calx-public 1 ";
static const char secret_magic[] = "calx-secret 1 ";

static int
write_key(const char *file, mode_t mode, const char *word, const uint8_t *key, size_t n,
		struct cpk_error *err)
{
	char hex[2 * CPK_SECRET + 1], line[sizeof(hex) + 32];
	int fd, len, bad;

	fd = open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
	if (fd < 0)
		return cpk_fail(err, -errno, "%s: %s", file, strerror(errno));
	sodium_bin2hex(hex, sizeof(hex), key, n);
	len = snprintf(line, sizeof(line), "%s%s\n", word, hex);
	bad = write(fd, line, (size_t)len) != len || fsync(fd);
	sodium_memzero(hex, sizeof(hex));
	sodium_memzero(line, sizeof(line));
	if (close(fd) || bad)
		return cpk_fail(err, -EIO, "%s: cannot write", file);
	return 0;
}

int
cpk_key_make(const char *secret_file, const char *public_file, struct cpk_error *err)
{
	uint8_t key[CPK_PUBLIC], secret[CPK_SECRET];
	int r;

	crypto_sign_keypair(key, secret);
	r = write_key(secret_file, 0600, secret_magic, secret, sizeof(secret), err);
	sodium_memzero(secret, sizeof(secret));
	return r ? r : write_key(public_file, 0644, public_magic, key, sizeof(key), err);
}

/* Reads "WORD HEX\n" of exactly n bytes. */
static int
read_key(const char *file, const char *word, uint8_t *key, size_t n, struct cpk_error *err)
{
	char line[512];
	size_t got, skip = strlen(word), bytes = 0;
	FILE *f = fopen(file, "re");
	int ok;

	if (!f)
		return cpk_fail(err, -errno, "%s: %s", file, strerror(errno));
	got = fread(line, 1, sizeof(line) - 1, f);
	fclose(f);
	line[got] = '\0';
	ok = got == skip + 2 * n + 1 && memcmp(line, word, skip) == 0 && line[got - 1] == '\n' &&
		sodium_hex2bin(key, n, line + skip, 2 * n, NULL, &bytes, NULL) == 0 && bytes == n;
	sodium_memzero(line, sizeof(line));
	return ok ? 0 : cpk_fail(err, -EBADMSG, "%s: is not a key file ('%s...')", file, word);
}

int
cpk_key_secret(const char *file, uint8_t secret[CPK_SECRET], struct cpk_error *err)
{
	return read_key(file, secret_magic, secret, CPK_SECRET, err);
}

int
cpk_keys_add(struct cpk_keys *keys, const char *file, struct cpk_error *err)
{
	struct cpk_key *k;
	int r;

	if (keys->n == CPK_MAX_KEYS)
		return cpk_fail(err, -E2BIG, "%s: more than %d keys", file, CPK_MAX_KEYS);
	k = &keys->v[keys->n];
	r = read_key(file, public_magic, k->key, CPK_PUBLIC, err);
	if (r)
		return r;
	cpk_key_id(k->key, k->id);
	keys->n++;
	return 0;
}

int
cpk_keys_dir(struct cpk_keys *keys, const char *dir, struct cpk_error *err)
{
	struct dirent *e;
	char path[4096];
	int r = 0;
	DIR *d = opendir(dir);

	if (!d)
		return cpk_fail(err, -errno, "%s: %s", dir, strerror(errno));
	while (!r && (e = readdir(d))) {
		size_t n = strlen(e->d_name);

		if (n < 5 || strcmp(e->d_name + n - 4, ".pub"))
			continue;
		if ((size_t)snprintf(path, sizeof(path), "%s/%s", dir, e->d_name) >= sizeof(path))
			r = cpk_fail(err, -ENAMETOOLONG, "%s: name too long", dir);
		else
			r = cpk_keys_add(keys, path, err);
	}
	closedir(d);
	return r;
}
