/* SPDX-License-Identifier: MIT */
/* Numbers that are no signals are refused by all that take one. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#define CHECK(x) do { errno = 0; if (!(x) || errno != EINVAL) printf("%s:%d: %s, errno %d\n", __FILE__, __LINE__, #x, errno); } while (0)

static const int bad[] = { -1, 0, 65, 100000 };

int main(void)
{
	struct sigaction sa = { .sa_handler = SIG_IGN };
	sigset_t set;

	sigemptyset(&set);
	for (int i = 0; i < 4; i++) {
		CHECK(sigaddset(&set, bad[i]) == -1);
		CHECK(sigdelset(&set, bad[i]) == -1);
		CHECK(sigismember(&set, bad[i]) == -1);
		CHECK(sigaction(bad[i], &sa, 0) == -1);
		CHECK(signal(bad[i], SIG_IGN) == SIG_ERR);
		CHECK(sigset(bad[i], SIG_IGN) == SIG_ERR);
		CHECK(sighold(bad[i]) == -1);
		CHECK(sigrelse(bad[i]) == -1);
		CHECK(sigignore(bad[i]) == -1);
		CHECK(sigpause(bad[i]) == -1);
		if (!bad[i])
			continue;
		CHECK(kill(getpid(), bad[i]) == -1);
		CHECK(raise(bad[i]) == -1);
	}
	return 0;
}
