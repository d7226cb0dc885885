/* SPDX-License-Identifier: MIT */
/* spawn_impl.h: the list behind posix_spawn_file_actions_t. Paths are copies owned by it. */
#ifndef PROCESS_SPAWN_IMPL_H
#define PROCESS_SPAWN_IMPL_H

#include "../internal/plat.h"

struct actions {
	int count, room;
	struct plat_spawn_act list[];
};

#endif
