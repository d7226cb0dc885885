/* SPDX-License-Identifier: MIT */
/* The passphrase of encrypted images: the first line of the file that CALXFS_KEYFILE names. */
#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tool.h"

static struct cfs_crypt crypt;

static size_t passphrase(char *buf, size_t size)
{
	const char *name = getenv("CALXFS_KEYFILE");
	FILE *f;

	if (!name || !*name)
		die("CALXFS_KEYFILE does not say where the passphrase is");
	f = fopen(name, "re");
	if (!f)
		die_err(-errno, "%s", name);
	if (!fgets(buf, (int)size, f))
		die("%s: no passphrase in it", name);
	fclose(f);
	buf[strcspn(buf, "\n")] = 0;
	if (!*buf)
		die("%s: the first line is empty", name);
	return strlen(buf);
}

const struct cfs_crypt *tool_new_key(uint64_t mem)
{
	char pass[1024];
	size_t n = passphrase(pass, sizeof pass);
	int err = key_new(&crypt, pass, n, mem);

	sodium_memzero(pass, sizeof pass);
	if (err)
		die_err(err, "making a key");
	return &crypt;
}

const struct cfs_crypt *tool_key(const struct cfs_io *io)
{
	uint8_t info[128];
	char pass[1024];
	size_t n;
	int err;

	if (cfs_cryptinfo(io, info))
		return NULL;
	n = passphrase(pass, sizeof pass);
	err = key_open(&crypt, info, pass, n);
	sodium_memzero(pass, sizeof pass);
	if (err == -EKEYREJECTED)
		die("wrong passphrase");
	if (err)
		die_err(err, "the image is encrypted");
	return &crypt;
}
