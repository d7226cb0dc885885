/* SPDX-License-Identifier: MIT */
/* Power and the wall clock: what only the holder of DEV_R_POWER may change. */
#include "defs.h"
#include "dev/dev.h"
#include "obj/wall.h"
#include "sys/sys.h"

long sys_power(long h, long op)
{
	int err = dev_check((handle_t)h, DEV_R_POWER, (uint64_t)op, (uint64_t)op);

	if (err)
		return err;
	if (op == POWER_OFF)
		power_off();
	if (op == POWER_REBOOT)
		power_reboot();
	return -EINVAL;
}

long sys_clock_set(long h, long wall)
{
	int err = dev_check((handle_t)h, DEV_R_POWER, POWER_OFF, POWER_OFF);

	if (err)
		return err;
	if (wall < 0)
		return -EINVAL;
	time_set_wall(wall);
	wall_changed();
	return 0;
}
