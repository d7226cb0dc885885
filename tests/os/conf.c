/* SPDX-License-Identifier: MIT */
/* init's definitions of services and the kernel's command line. */
#include <errno.h>
#include <string.h>
#include "../../os/srv/init/init.h"
#include "check.h"

char init_cmdline[512];
static struct conf c;
static char why[128];

static int parse(const char *text)
{
	why[0] = '\0';
	return conf_parse(text, strlen(text), &c, why);
}

static void full_definition(void)
{
	CHECK(!parse("# comment\n name = x \nexec = /sbin/x a  b\nwait = /\nrestart = failure\n"
		     "login = yes\ndev = io:0x60-0x64 irq:1\n"));
	CHECK(!strcmp(c.name, "x") && !strcmp(c.argv[0], "/sbin/x") && !strcmp(c.argv[2], "b"));
	CHECK(!c.argv[3] && !strcmp(c.wait, "/") && c.restart == RESTART_FAILURE && c.login);
	CHECK(c.nrange == 2 && c.range[0].first == 0x60 && c.range[0].last == 0x64);
	CHECK(c.range[1].kind == DEV_R_IRQ && c.range[1].first == 1 && c.range[1].last == 1);
}

static void last_line_without_newline(void)
{
	CHECK(!parse("name = x\nexec = /x"));
}

static void unknown_key_is_refused_with_its_line(void)
{
	CHECK(parse("name = x\ncolour = red\n") == -EINVAL);
	CHECK(strstr(why, "line 2"));
}

static void wrong_values_are_refused(void)
{
	CHECK(parse("name = x\nexec = x\n"));
	CHECK(parse("name = x\nexec = /x\nrestart = maybe\n"));
	CHECK(parse("name = x\nexec = /x\nlogin = true\n"));
	CHECK(parse("name = x\nexec = /x\ndev = io:5-4\n"));
	CHECK(parse("name = x\nexec = /x\ndev = io:zz\n"));
	CHECK(parse("name = x\nexec = /x\ndev = moon\n"));
	CHECK(parse("name = x\n"));
	CHECK(parse("exec = /x\n"));
	CHECK(parse("name\n"));
}

static void too_many_are_refused(void)
{
	CHECK(parse("name = x\nexec = /x 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17\n"));
	CHECK(parse("name = x\nexec = /x\ndev = pci pci pci pci pci pci\n"));
}

static void long_lines_are_refused(void)
{
	static char text[4096];

	memset(text, 'a', sizeof(text) - 1);
	CHECK(parse(text) == -EINVAL);
}

static void random_text_breaks_nothing(void)
{
	static const char alphabet[] = "name=exc/ \n#dviorst:0x-9pu\t";
	char text[200];
	unsigned seed = 7;

	for (int i = 0; i < 200000; i++) {
		unsigned n = 0;

		while (n < sizeof(text) - 1) {
			seed = seed * 1103515245 + 12345;
			if ((seed >> 16) % 97 == 0)
				break;
			text[n++] = alphabet[(seed >> 16) % (sizeof(alphabet) - 1)];
		}
		text[n] = '\0';
		parse(text);
	}
}

static void command_line_words(void)
{
	char v[16];

	strcpy(init_cmdline, "quiet test=/bin/x console=serial\n");
	CHECK(cmdline_get("test", v, sizeof(v)) && !strcmp(v, "/bin/x"));
	CHECK(cmdline_get("console", v, sizeof(v)) && !strcmp(v, "serial"));
	CHECK(!cmdline_get("quiet", v, sizeof(v)));
	CHECK(!cmdline_get("tes", v, sizeof(v)));
}

#define T(f) { #f, f }
int main(void)
{
	static const struct test tests[] = {
		T(full_definition), T(last_line_without_newline),
		T(unknown_key_is_refused_with_its_line), T(wrong_values_are_refused),
		T(too_many_are_refused), T(long_lines_are_refused), T(random_text_breaks_nothing),
		T(command_line_words), { NULL, NULL },
	};

	return run_tests(tests);
}
