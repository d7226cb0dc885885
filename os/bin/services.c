/* SPDX-License-Identifier: MIT */
/* services: what init runs; starting, stopping and restarting it. */
#include <err.h>
#include <stdio.h>
#include <string.h>
#include "../lib/srv.h"

static int list(void)
{
	static char buf[16384];
	struct msg m = { .w = { N_SERVICES }, .r = { { 0, 0 }, { (uint64_t)buf, sizeof(buf) - 1 } } };
	int64_t n = sys_call(srv_start()->names, &m);

	if (n < 0)
		errx(1, "init does not answer: %s", strerror((int)-n));
	printf("NAME PID STATE RESTARTS\n%s", buf);
	return 0;
}

int main(int argc, char **argv)
{
	static const char *const verbs[] = { "start", "stop", "restart" };
	int64_t res;

	if (argc == 1)
		return list();
	for (unsigned i = 0; i < 3 && argc == 3; i++) {
		if (strcmp(argv[1], verbs[i]))
			continue;
		res = srv_send(srv_start()->names, N_SERVICE, argv[2], SERVICE_START + i, H_NONE, NULL);
		if (res < 0)
			errx(1, "%s: %s", argv[2], strerror((int)-res));
		return 0;
	}
	fprintf(stderr, "usage: services [start|stop|restart NAME]\n");
	return 2;
}
