/* SPDX-License-Identifier: MIT */
/* ps, run as a program: who is chosen, which columns there are, what is wrong. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "../check.h"

static int status;

/* What a command prints; its status. */
static const char *output(const char *command)
{
	static char text[65536];
	FILE *f = popen(command, "r");
	size_t n = fread(text, 1, sizeof(text) - 1, f);

	text[n] = 0;
	status = WEXITSTATUS(pclose(f));
	return text;
}

static const char *of_self(const char *options)
{
	char line[128];

	snprintf(line, sizeof(line), "ps %s -p %d 2>&1", options, (int)getpid());
	return output(line);
}

static void columns_are_those_asked_for(void)
{
	char want[64];

	snprintf(want, sizeof(want), "%5d %5d\n", (int)getpid(), (int)getppid());
	CHECK(!strcmp(of_self("-o pid= -o ppid="), want));
	snprintf(want, sizeof(want), "  PID WHO,ELSE\n%5d root    \n", (int)getpid());
	CHECK(!strncmp(of_self("-o pid -o user=WHO,ELSE"), want, 20));
	CHECK(!strcmp(of_self("-o comm="), "ps\n"));
	CHECK(strstr(of_self("-o args"), "COMMAND\n") && strstr(of_self("-o args"), "/ps"));
}

static void all_have_a_line(void)
{
	const char *t = output("ps -e -o comm=");

	CHECK(status == 0 && strstr(t, "init") && strstr(t, "procd\n") && strstr(t, "fs") && strstr(t, "ps"));
	t = output("ps -ef");
	CHECK(status == 0 && !strncmp(t, "UID", 3) && strstr(t, "ps -ef"));
	t = output("ps aux");
	CHECK(status == 0 && !strncmp(t, "USER", 4) && strstr(t, "[procd]") && strstr(t, "ps aux"));
}

static void others_are_left_out(void)
{
	char line[64], want[32];
	pid_t pid = fork();

	if (!pid) {
		setuid(12345);
		execl("/bin/sleep", "sleep", "1000", NULL);
		_exit(127);
	}
	snprintf(want, sizeof(want), "%5d\n", (int)pid);
	for (int i = 0; i < 1000 && !strstr(output("ps -u 12345 -o comm= 2>&1"), "sleep"); i++)
		usleep(10000);
	CHECK(status == 0 && strstr(output("ps -U 12345 -o pid="), want));
	CHECK(strlen(output("ps -u 12345 -o pid=")) == 6);
	CHECK(!strstr(output("ps -o pid="), want));
	snprintf(line, sizeof(line), "ps -o pid= %d", (int)pid);
	CHECK(strstr(output(line), want));
	kill(pid, SIGSTOP);
	waitpid(pid, NULL, WUNTRACED);
	snprintf(line, sizeof(line), "ps -o s= %d", (int)pid);
	CHECK(!strcmp(output(line), "T\n"));
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	output(line);
	CHECK(status == 1);
}

static void wrong_words_are_told(void)
{
	CHECK(strstr(of_self("-o pid,nothing"), "nothing: no such column") && status == 2);
	CHECK(strstr(output("ps h 2>&1"), "h: not a process id") && status == 2);
	CHECK(strstr(output("ps -u nobody-at-all 2>&1"), "not a user") && status == 2);
	CHECK(strstr(output("ps -Q 2>&1"), "usage") && status == 2);
}

static const struct test tests[] = {
	{ "columns_are_those_asked_for", columns_are_those_asked_for },
	{ "all_have_a_line", all_have_a_line },
	{ "others_are_left_out", others_are_left_out },
	{ "wrong_words_are_told", wrong_words_are_told },
	{ NULL, NULL },
};

int main(void)
{
	return run_tests(tests);
}
