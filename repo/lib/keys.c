/* SPDX-License-Identifier: MIT */
/*
 * Key files: "calx-public 1 HEX\n", "calx-secret 1 HEX\n", and a secret under a passphrase:
 * "calx-secret 2 OPS MEM SALT NONCE BOX\n", where BOX is the secret key in XSalsa20-Poly1305 under
 * the key that Argon2id makes of passphrase and SALT with OPS passes over MEM bytes.
 */
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
static const char sealed_magic[] = "calx-secret 2 ";

#define BOX	(CPK_SECRET + crypto_secretbox_MACBYTES)
#define LINE	1024
/* What a key file may ask of the reader: bounds for files made elsewhere. */
#define MAX_OPS	16u
#define MAX_MEM	(1ull << 30)

static int
write_line(const char *file, mode_t mode, const char *line, struct cpk_error *err)
{
	size_t len = strlen(line);
	int fd, bad;

	fd = open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
	if (fd < 0)
		return cpk_fail(err, -errno, "%s: %s", file, strerror(errno));
	bad = write(fd, line, len) != (ssize_t)len || fsync(fd);
	if (close(fd) || bad)
		return cpk_fail(err, -EIO, "%s: cannot write", file);
	return 0;
}

static int
write_key(const char *file, mode_t mode, const char *word, const uint8_t *key, size_t n,
		struct cpk_error *err)
{
	char hex[2 * CPK_SECRET + 1], line[LINE];
	int r;

	sodium_bin2hex(hex, sizeof(hex), key, n);
	snprintf(line, sizeof(line), "%s%s\n", word, hex);
	r = write_line(file, mode, line, err);
	sodium_memzero(hex, sizeof(hex));
	sodium_memzero(line, sizeof(line));
	return r;
}

/* The key of a passphrase; the memory it takes is part of its strength. */
static int
stretch(uint8_t key[crypto_secretbox_KEYBYTES], const char *pass, const uint8_t *salt,
		unsigned long long ops, unsigned long long mem)
{
	return crypto_pwhash(key, crypto_secretbox_KEYBYTES, pass, strlen(pass), salt, ops, (size_t)mem,
			crypto_pwhash_ALG_ARGON2ID13) ? -ENOMEM : 0;
}

static int
write_sealed(const char *file, const uint8_t secret[CPK_SECRET], const char *pass,
		struct cpk_error *err)
{
	uint8_t salt[crypto_pwhash_SALTBYTES], nonce[crypto_secretbox_NONCEBYTES], box[BOX];
	uint8_t key[crypto_secretbox_KEYBYTES];
	char s[2 * sizeof(salt) + 1], n[2 * sizeof(nonce) + 1], b[2 * sizeof(box) + 1], line[LINE];
	unsigned long long ops = crypto_pwhash_OPSLIMIT_MODERATE;
	unsigned long long mem = crypto_pwhash_MEMLIMIT_MODERATE;

	randombytes_buf(salt, sizeof(salt));
	randombytes_buf(nonce, sizeof(nonce));
	if (stretch(key, pass, salt, ops, mem))
		return cpk_fail(err, -ENOMEM, "%s: no %llu MiB of memory for the passphrase", file,
				mem >> 20);
	crypto_secretbox_easy(box, secret, CPK_SECRET, nonce, key);
	sodium_memzero(key, sizeof(key));
	sodium_bin2hex(s, sizeof(s), salt, sizeof(salt));
	sodium_bin2hex(n, sizeof(n), nonce, sizeof(nonce));
	sodium_bin2hex(b, sizeof(b), box, sizeof(box));
	snprintf(line, sizeof(line), "%s%llu %llu %s %s %s\n", sealed_magic, ops, mem, s, n, b);
	return write_line(file, 0600, line, err);
}

int
cpk_key_make(const char *secret_file, const char *public_file, const char *pass,
		struct cpk_error *err)
{
	uint8_t key[CPK_PUBLIC], secret[CPK_SECRET];
	int r;

	crypto_sign_keypair(key, secret);
	r = pass ? write_sealed(secret_file, secret, pass, err) :
		write_key(secret_file, 0600, secret_magic, secret, sizeof(secret), err);
	sodium_memzero(secret, sizeof(secret));
	return r ? r : write_key(public_file, 0644, public_magic, key, sizeof(key), err);
}

static int
read_line(const char *file, char line[LINE], struct cpk_error *err)
{
	FILE *f = fopen(file, "re");
	size_t got;

	if (!f)
		return cpk_fail(err, -errno, "%s: %s", file, strerror(errno));
	got = fread(line, 1, LINE - 1, f);
	fclose(f);
	line[got] = '\0';
	return 0;
}

/* Exactly n bytes of hexadecimal digits. */
static int
unhex(const char *hex, uint8_t *out, size_t n)
{
	size_t got;

	return strlen(hex) != 2 * n || sodium_hex2bin(out, n, hex, 2 * n, NULL, &got, NULL) || got != n ?
		-EBADMSG : 0;
}

/* "WORD HEX\n" of exactly n bytes. */
static int
parse_key(const char *file, char *line, const char *word, uint8_t *key, size_t n,
		struct cpk_error *err)
{
	size_t skip = strlen(word), len = strlen(line);
	int ok = len == skip + 2 * n + 1 && memcmp(line, word, skip) == 0 && line[len - 1] == '\n';

	if (ok)
		line[len - 1] = '\0';
	ok = ok && unhex(line + skip, key, n) == 0;
	return ok ? 0 : cpk_fail(err, -EBADMSG, "%s: is not a key file ('%s...')", file, word);
}

static int
open_box(const char *file, const char *line, const char *pass, uint8_t secret[CPK_SECRET],
		struct cpk_error *err)
{
	uint8_t salt[crypto_pwhash_SALTBYTES], nonce[crypto_secretbox_NONCEBYTES], box[BOX];
	uint8_t key[crypto_secretbox_KEYBYTES];
	char s[2 * sizeof(salt) + 1], n[2 * sizeof(nonce) + 1], b[2 * sizeof(box) + 1];
	unsigned long long ops, mem;
	int r;

	if (sscanf(line + strlen(sealed_magic), "%llu %llu %32[0-9a-f] %48[0-9a-f] %160[0-9a-f]", &ops,
			&mem, s, n, b) != 5 || unhex(s, salt, sizeof(salt)) ||
	    unhex(n, nonce, sizeof(nonce)) || unhex(b, box, sizeof(box)) || !ops || ops > MAX_OPS ||
	    mem > MAX_MEM)
		return cpk_fail(err, -EBADMSG, "%s: is not a key file ('%s...')", file, sealed_magic);
	if (stretch(key, pass, salt, ops, mem))
		return cpk_fail(err, -ENOMEM, "%s: no %llu MiB of memory for the passphrase", file,
				mem >> 20);
	r = crypto_secretbox_open_easy(secret, box, sizeof(box), nonce, key);
	sodium_memzero(key, sizeof(key));
	return r ? cpk_fail(err, -EKEYREJECTED, "%s: wrong passphrase", file) : 0;
}

int
cpk_key_secret(const char *file, uint8_t secret[CPK_SECRET], struct cpk_error *err)
{
	char line[LINE], pass[CPK_MAX_PASS];
	int r = read_line(file, line, err);

	if (r)
		return r;
	if (strncmp(line, sealed_magic, strlen(sealed_magic))) {
		r = parse_key(file, line, secret_magic, secret, CPK_SECRET, err);
	} else {
		r = cpk_passphrase(file, 0, pass, err);
		if (!r)
			r = open_box(file, line, pass, secret, err);
		sodium_memzero(pass, sizeof(pass));
	}
	sodium_memzero(line, sizeof(line));
	return r;
}

int
cpk_key_public(const char *file, uint8_t key[CPK_PUBLIC], struct cpk_error *err)
{
	char line[LINE];
	int r = read_line(file, line, err);

	return r ? r : parse_key(file, line, public_magic, key, CPK_PUBLIC, err);
}

int
cpk_keys_add(struct cpk_keys *keys, const char *file, struct cpk_error *err)
{
	struct cpk_key *k;
	int r;

	if (keys->n == CPK_MAX_KEYS)
		return cpk_fail(err, -E2BIG, "%s: more than %d keys", file, CPK_MAX_KEYS);
	k = &keys->v[keys->n];
	r = cpk_key_public(file, k->key, err);
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
