/* SPDX-License-Identifier: MIT */
/* spawn_actions.c: file actions of posix_spawn. */
#include <errno.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include "../internal/hidden.h"
#include "spawn_impl.h"

int posix_spawn_file_actions_init(posix_spawn_file_actions_t *fa)
{
	fa->__actions = 0;
	return 0;
}

int posix_spawn_file_actions_destroy(posix_spawn_file_actions_t *fa)
{
	struct actions *a = fa->__actions;

	for (int i = 0; a && i < a->count; i++)
		free((char *)a->list[i].path);
	free(a);
	fa->__actions = 0;
	return 0;
}

static int add(posix_spawn_file_actions_t *fa, struct plat_spawn_act act)
{
	struct actions *a = fa->__actions;
	int room = a ? a->room : 0;

	if (act.path && !(act.path = strdup(act.path)))
		return ENOMEM;
	if (!a || a->count == room) {
		room = room ? 2 * room : 8;
		a = realloc(a, sizeof(*a) + room * sizeof(a->list[0]));
		if (!a) {
			free((char *)act.path);
			return ENOMEM;
		}
		if (!fa->__actions)
			a->count = 0;
		a->room = room;
		fa->__actions = a;
	}
	a->list[a->count++] = act;
	return 0;
}

int posix_spawn_file_actions_addopen(posix_spawn_file_actions_t *restrict fa, int fd,
	const char *restrict path, int flags, mode_t mode)
{
	if (fd < 0)
		return EBADF;
	return add(fa, (struct plat_spawn_act){ .kind = PLAT_ACT_OPEN, .fd = fd, .path = path,
		.flags = flags, .mode = mode });
}

int posix_spawn_file_actions_addclose(posix_spawn_file_actions_t *fa, int fd)
{
	return fd < 0 ? EBADF : add(fa, (struct plat_spawn_act){ .kind = PLAT_ACT_CLOSE, .fd = fd });
}

int posix_spawn_file_actions_adddup2(posix_spawn_file_actions_t *fa, int fd, int newfd)
{
	if (fd < 0 || newfd < 0)
		return EBADF;
	return add(fa, (struct plat_spawn_act){ .kind = PLAT_ACT_DUP2, .fd = fd, .newfd = newfd });
}

int posix_spawn_file_actions_addchdir(posix_spawn_file_actions_t *restrict fa, const char *restrict path)
{
	return add(fa, (struct plat_spawn_act){ .kind = PLAT_ACT_CHDIR, .path = path });
}
weak_alias(posix_spawn_file_actions_addchdir, posix_spawn_file_actions_addchdir_np);

int posix_spawn_file_actions_addfchdir(posix_spawn_file_actions_t *fa, int fd)
{
	return fd < 0 ? EBADF : add(fa, (struct plat_spawn_act){ .kind = PLAT_ACT_FCHDIR, .fd = fd });
}
weak_alias(posix_spawn_file_actions_addfchdir, posix_spawn_file_actions_addfchdir_np);

int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *fa, int fd)
{
	return fd < 0 ? EBADF : add(fa, (struct plat_spawn_act){ .kind = PLAT_ACT_CLOSEFROM, .fd = fd });
}
