/* SPDX-License-Identifier: MIT */
/*
 * Makes packages for the tests, good ones through the library and bad ones by hand:
 *   pack write DIR OUT       the package of a folder
 *   pack verify FILE         0 when it is good, else the reason
 *   pack print FILE          its manifest, parsed and printed again
 *   pack raw OUT SPEC...     a tar in zstd; SPEC: "TYPE MODE OWNER PATH CONTENT|TARGET"
 *   pack compare A B         prints <, = or >
 */
#include <archive.h>
#include <archive_entry.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../repo/lib/cpk.h"

static struct cpk_error err;

static int
report(int r)
{
	if (r < 0)
		puts(err.text);
	return r < 0;
}

static int
write_package(const char *dir, const char *out)
{
	struct cpk_manifest m = { 0 };
	int r;

	m.name = strdup("pkg");
	m.version = strdup("1.0");
	m.release = 2;
	m.arch = strdup("any");
	m.license = strdup("MIT");
	m.summary = strdup("A test");
	m.origin = strdup("ports/pkg");
	cpk_list_add(&m.depends, "other >= 2");
	r = cpk_scan(&m, dir, NULL, &err);
	if (r == 0)
		r = cpk_write(out, &m, dir, 1000000000, 3, &err);
	cpk_manifest_free(&m);
	return report(r);
}

static int
print_manifest(const char *file)
{
	struct cpk_reader *r;
	char *text;
	size_t len;

	if (cpk_open(&r, file, &err) < 0)
		return report(-1);
	if (cpk_manifest_print(cpk_reader_manifest(r), &text, &len) == 0) {
		fwrite(text, 1, len, stdout);
		free(text);
	}
	cpk_close(r);
	return 0;
}

/* "@FILE" stands for the content of a file. */
static char *
content(const char *s, size_t *len)
{
	FILE *f = *s == '@' ? fopen(s + 1, "rb") : NULL;
	char *text = calloc(1, 1 << 20);

	if (!f) {
		*len = strlen(s);
		memcpy(text, s, *len);
		return text;
	}
	*len = fread(text, 1, 1 << 20, f);
	fclose(f);
	return text;
}

static void
put_raw(struct archive *a, char *spec)
{
	struct archive_entry *e = archive_entry_new();
	char *field[5] = { 0 }, *data;
	size_t len, i;

	for (i = 0; i < 5; i++) {
		field[i] = spec;
		spec = i < 4 ? strchr(spec, ' ') : NULL;
		if (!spec)
			break;
		*spec++ = '\0';
	}
	data = content(field[4] ? field[4] : "", &len);
	archive_entry_set_pathname(e, field[3]);
	archive_entry_set_perm(e, (mode_t)strtol(field[1], NULL, 8));
	archive_entry_set_uname(e, field[2]);
	archive_entry_set_gname(e, field[2]);
	switch (*field[0]) {
	case 'd': archive_entry_set_filetype(e, AE_IFDIR); break;
	case 'l': archive_entry_set_filetype(e, AE_IFLNK); archive_entry_set_symlink(e, data); break;
	case 'h': archive_entry_set_hardlink(e, data); break;
	case 'c': archive_entry_set_filetype(e, AE_IFCHR); break;
	case 'p': archive_entry_set_filetype(e, AE_IFIFO); break;
	default:
		archive_entry_set_filetype(e, AE_IFREG);
		archive_entry_set_size(e, (int64_t)len);
	}
	archive_write_header(a, e);
	if (*field[0] == 'f')
		archive_write_data(a, data, len);
	archive_entry_free(e);
	free(data);
}

static int
write_raw(const char *out, int n, char **specs)
{
	struct archive *a = archive_write_new();
	int i;

	archive_write_set_format_pax_restricted(a);
	archive_write_add_filter_zstd(a);
	if (archive_write_open_filename(a, out) != ARCHIVE_OK)
		return 1;
	for (i = 0; i < n; i++)
		put_raw(a, specs[i]);
	archive_write_close(a);
	archive_write_free(a);
	return 0;
}

int
main(int argc, char **argv)
{
	int c;

	if (cpk_init() < 0 || argc < 3)
		return 2;
	if (strcmp(argv[1], "write") == 0 && argc == 4)
		return write_package(argv[2], argv[3]);
	if (strcmp(argv[1], "verify") == 0)
		return report(cpk_verify(argv[2], &err));
	if (strcmp(argv[1], "print") == 0)
		return print_manifest(argv[2]);
	if (strcmp(argv[1], "extract") == 0 && argc == 4)
		return report(cpk_extract(argv[2], argv[3], &err));
	if (strcmp(argv[1], "raw") == 0)
		return write_raw(argv[2], argc - 3, argv + 3);
	if (strcmp(argv[1], "compare") == 0 && argc == 4) {
		c = cpk_version_cmp(argv[2], argv[3]);
		puts(c < 0 ? "<" : c > 0 ? ">" : "=");
		return 0;
	}
	return 2;
}
