/* SPDX-License-Identifier: MIT */
/* shutdown: asks init to end everything in order and to switch off, or with -r to reboot. */
#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "../lib/srv.h"

int main(int argc, char **argv)
{
	int reboot = argc == 2 && !strcmp(argv[1], "-r");
	int64_t res;

	if (argc > 2 || (argc == 2 && !reboot)) {
		fprintf(stderr, "usage: shutdown [-r]\n");
		return 2;
	}
	reboot |= !strcmp(program_invocation_short_name, "reboot");
	res = srv_send(srv_start()->names, N_POWER, NULL, reboot ? POWER_REBOOT : POWER_OFF, H_NONE,
		       NULL);
	if (res < 0)
		errx(1, "%s", strerror((int)-res));
	for (;;)
		pause();
}
