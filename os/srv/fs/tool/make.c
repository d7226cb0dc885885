/* SPDX-License-Identifier: MIT */
/* calxfs mkfs, check, info. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "tool.h"

static uint64_t parse_size(const char *s)
{
	char *end;
	uint64_t n = strtoull(s, &end, 10);
	int shift = *end == 'K' ? 10 : *end == 'M' ? 20 : *end == 'G' ? 30 : *end == 'T' ? 40 : 0;

	if (end == s || (*end && (!shift || end[1])) || n > (1ull << 53 >> shift))
		die("%s: not a size", s);
	return n << shift;
}

static void parse_uuid(uint8_t *uuid, const char *s)
{
	int k = 0;

	for (; *s && k < 32; s++) {
		int v = *s >= '0' && *s <= '9' ? *s - '0' : (*s | 32) >= 'a' && (*s | 32) <= 'f' ? (*s | 32) - 'a' + 10 : -1;

		if (*s == '-')
			continue;
		if (v < 0)
			break;
		uuid[k / 2] = (uint8_t)(uuid[k / 2] << 4 | v);
		k++;
	}
	if (*s || k != 32)
		die("not a UUID");
}

/* With SOURCE_DATE_EPOCH the same call makes the same UUID. */
static void choose_uuid(uint8_t *uuid, const char *label, uint64_t size)
{
	int64_t epoch = tool_epoch();
	uint64_t a, b;

	if (epoch < 0 && getentropy(uuid, 16) == 0)
		return;
	a = cfs_xxh64(&epoch, sizeof epoch, size);
	b = cfs_xxh64(label ? label : "", label ? strlen(label) : 0, a);
	memcpy(uuid, &a, 8);
	memcpy(uuid + 8, &b, 8);
	uuid[6] = (uuid[6] & 15) | 0x40;
	uuid[8] = (uuid[8] & 63) | 0x80;
}

int cmd_mkfs(int argc, char **argv)
{
	struct cfs_mkfs_opt opt = { .label = "" };
	const char *uuid = NULL;
	struct cfs_io io;
	uint64_t size, mem = KEY_MEM;
	bool encrypt = false;
	int c, fd, err;

	while ((c = getopt(argc, argv, "1EL:M:U:")) != -1) {
		if (c == '1')
			opt.single = true;
		else if (c == 'E')
			encrypt = true;
		else if (c == 'M')
			mem = parse_size(optarg);
		else if (c == 'L')
			opt.label = optarg;
		else if (c == 'U')
			uuid = optarg;
		else
			return -1;
	}
	if (argc - optind != 2)
		return -1;
	if (mem < KEY_MEM_LEAST || mem > 4ull << 30)
		die("a key takes 1M to 4G of memory");
	if (encrypt)
		opt.crypt = tool_new_key(mem);
	size = parse_size(argv[optind + 1]);
	if (uuid)
		parse_uuid(opt.uuid, uuid);
	else
		choose_uuid(opt.uuid, opt.label, size);
	fd = open(argv[optind], O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	if (fd < 0 || ftruncate(fd, (off_t)size) < 0)
		die_err(-errno, "%s", argv[optind]);
	tool_io(&io, fd, size / CFS_PAGE);
	err = cfs_mkfs(&io, &opt);
	if (!err && close(fd) < 0)
		err = -errno;
	if (err)
		die_err(err, "%s", argv[optind]);
	return 0;
}

static void print(void *arg, const char *line)
{
	FILE *f = arg;

	fprintf(f, "%s\n", line);
}

int cmd_check(int argc, char **argv)
{
	struct cfs_check_opt opt = { .data = true, .msg = print, .arg = stderr };
	struct cfs_check_stat st;
	struct cfs_io io;
	bool quiet = false;
	int c, fd, r;

	while ((c = getopt(argc, argv, "nqr")) != -1) {
		if (c == 'n')
			opt.data = false;
		else if (c == 'q')
			quiet = true;
		else if (c == 'r')
			opt.repair = true;
		else
			return -1;
	}
	if (argc - optind != 1)
		return -1;
	fd = open(argv[optind], (opt.repair ? O_RDWR : O_RDONLY) | O_CLOEXEC);
	if (fd < 0)
		die_err(-errno, "%s", argv[optind]);
	tool_io(&io, fd, (uint64_t)lseek(fd, 0, SEEK_END) / CFS_PAGE);
	opt.crypt = tool_key(&io);
	r = cfs_check(&io, &opt, &st);
	if (r < 0)
		die_err(r, "%s: cannot be checked", argv[optind]);
	if (!quiet)
		printf("%s: %llu faults, %llu repaired; %llu files, %llu directories, %llu inodes; %llu nodes, %llu data blocks\n",
		       argv[optind], (unsigned long long)st.errors, (unsigned long long)st.repaired,
		       (unsigned long long)st.files,
		       (unsigned long long)st.dirs, (unsigned long long)st.inodes, (unsigned long long)st.nodes,
		       (unsigned long long)st.data_blocks);
	if (opt.repair && fsync(fd) < 0 && errno != EINVAL)
		die_err(-errno, "%s", argv[optind]);
	return r ? 1 : 0;
}

int cmd_info(int argc, char **argv)
{
	struct cfs_statfs st;
	struct cfs *fs;

	if (argc != 2)
		return -1;
	fs = tool_mount(argv[1], CFS_RDONLY);
	cfs_statfs(fs, &st);
	printf("label %s\nuuid ", st.label);
	for (int i = 0; i < 16; i++)
		printf("%s%02x", i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "", st.uuid[i]);
	printf("\nencrypted %s\nmetadata %s\nsnapshots %llu", st.encrypted ? "yes" : "no",
	       st.doubled ? "twice" : "once", (unsigned long long)st.snapshots);
	printf("\nblocks %llu\nfree %llu\navailable %llu\ngeneration %llu\n", (unsigned long long)st.blocks,
	       (unsigned long long)st.free, (unsigned long long)st.avail, (unsigned long long)st.gen);
	cfs_abandon(fs);
	return 0;
}
