/* SPDX-License-Identifier: MIT */
/* Numbers that are no signals are refused by all that take one. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define CHECK(x) do { errno = 0; if (!(x) || errno != EINVAL) printf("%s:%d: %s, errno %d\n", __FILE__, __LINE__, #x, errno); } while (0)

static const int bad[] = { -1, 0, 65, 100000 };

static void names_and_back(void)
{
	char name[SIG2STR_MAX];
	int sig;

	for (int i = 0; i <= SIGRTMAX; i++)
		if (!sig2str(i, name) && (str2sig(name, &sig) || sig != i))
			printf("%d is %s is %d\n", i, name, sig);
	if (sig2str(0, name) || strcmp(name, "EXIT") || sig2str(SIGRTMIN, name) || strcmp(name, "RTMIN") || !str2sig("NONE", &sig))
		printf("names of signals\n");
}

int main(void)
{
	struct sigaction sa = { .sa_handler = SIG_IGN };
	sigset_t set;

	names_and_back();
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
