/* SPDX-License-Identifier: MIT */
/* getfsent and its family: /etc/fstab through the functions of mntent. Not for several threads. */
#include <fstab.h>
#include <mntent.h>
#include <stdio.h>
#include <string.h>

static FILE *table;

int setfsent(void)
{
	endfsent();
	table = setmntent(_PATH_FSTAB, "r");
	return table != NULL;
}

void endfsent(void)
{
	if (table)
		endmntent(table);
	table = NULL;
}

struct fstab *getfsent(void)
{
	static const char *const types[] = { FSTAB_RW, FSTAB_RQ, FSTAB_RO, FSTAB_SW, FSTAB_XX };
	static struct fstab fs;
	struct mntent *m;

	if ((!table && !setfsent()) || !(m = getmntent(table)))
		return NULL;
	fs = (struct fstab){ m->mnt_fsname, m->mnt_dir, m->mnt_type, m->mnt_opts, "??", m->mnt_freq, m->mnt_passno };
	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++) {
		if (hasmntopt(m, types[i])) {
			fs.fs_type = types[i];
			break;
		}
	}
	return &fs;
}

struct fstab *getfsspec(const char *spec)
{
	struct fstab *fs = NULL;

	if (setfsent())
		while ((fs = getfsent()) && strcmp(fs->fs_spec, spec))
			;
	return fs;
}

struct fstab *getfsfile(const char *file)
{
	struct fstab *fs = NULL;

	if (setfsent())
		while ((fs = getfsent()) && strcmp(fs->fs_file, file))
			;
	return fs;
}
