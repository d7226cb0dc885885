/* SPDX-License-Identifier: MIT */
/*
 * The serial line that the kernel's log and a driver share. Two processes write lines of k (the log's) and of d (the
 * driver's) at once; the host looks whether each came whole (whole_lines of tests/kernel/run).
 */
#include "calx.h"
#include "abi/dev.h"

#define COM1	0x3f8
#define LINES	100
#define LENGTH	60

TEST(what_a_driver_sends_is_bounded)
{
	char buf[DEV_OUTS_MAX + 1];
	struct dev_range r = { DEV_R_IO, 0, 0x80, 0x80 };
	long d = sc(dev_restrict, H_HIGH, &r, 1);

	memset(buf, 0, sizeof buf);
	EQ(sc(dev_io, d, DEV_OUTS8, 0x80, buf, 0), 0);
	EQ(sc(dev_io, d, DEV_OUTS8, 0x80, buf, 5), 5);
	EQ(sc(dev_io, d, DEV_OUTS8, 0x80, buf, sizeof buf), DEV_OUTS_MAX);
	EQ(sc(dev_io, d, DEV_OUTS8, 0x80, 8, 5), -EFAULT);
	EQ(sc(dev_io, d, DEV_OUTS8, COM1, buf, 5), -EPERM);
	EQ(sc(dev_io, d, 7, 0x80, buf, 5), -EINVAL);
}

TEST(lines_of_the_log_and_of_a_driver_do_not_mix)
{
	char line[LENGTH + 1];
	long pid = fork_();

	memset(line, pid ? 'd' : 'k', LENGTH);
	line[LENGTH] = '\n';
	for (int i = 0; i < LINES; i++) {
		if (pid)
			EQ(sc(dev_io, H_HIGH, DEV_OUTS8, COM1, line, sizeof line), sizeof line);
		else
			EQ(sc(log, line, sizeof line), sizeof line);
	}
	if (!pid)
		quit(0);
	EQ(wait_for(pid), 0);
}
