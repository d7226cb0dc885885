/* SPDX-License-Identifier: MIT */
/* The line discipline: what is typed, what is read, what is shown. */
#include <signal.h>
#include <string.h>
#include "../../os/srv/ptyd/ldisc.h"
#include "check.h"

static struct ldisc l;
static int signalled;

static void on_signal(void *arg, int signo)
{
	(void)arg;
	signalled = signo;
}

static void fresh(void)
{
	signalled = 0;
	ld_init(&l, on_signal, NULL);
}

static void type(const char *s)
{
	ld_input(&l, (const uint8_t *)s, strlen(s));
}

static int reads(const char *want)
{
	uint8_t buf[LD_IN];
	size_t n = ld_ready(&l) ? ld_read(&l, buf, sizeof(buf)) : 0;

	return n == strlen(want) && !memcmp(buf, want, n);
}

static int shows(const char *want)
{
	uint8_t buf[LD_OUT];
	size_t n = ld_drain(&l, buf, sizeof(buf));

	if (n == strlen(want) && !memcmp(buf, want, n))
		return 1;
	fprintf(stderr, "shown: %zu bytes '%.*s'\n", n, (int)n, buf);
	return 0;
}

static void raw(void)
{
	struct termios t;

	fresh();
	t = l.t;
	cfmakeraw(&t);
	ld_set(&l, &t);
}

static void line_is_read_when_complete(void)
{
	fresh();
	type("ab");
	CHECK(!ld_ready(&l));
	type("c\r");
	CHECK(ld_readable(&l) == 4);
	CHECK(reads("abc\n"));
	CHECK(!ld_ready(&l));
	CHECK(shows("abc\r\n"));
}

static void read_gives_one_line(void)
{
	fresh();
	type("one\ntwo\n");
	CHECK(reads("one\n"));
	CHECK(reads("two\n"));
}

static void short_read_leaves_the_rest(void)
{
	uint8_t b[2];

	fresh();
	type("abc\n");
	CHECK(ld_read(&l, b, 2) == 2 && b[0] == 'a' && b[1] == 'b');
	CHECK(reads("c\n"));
}

static void erase_takes_a_character(void)
{
	fresh();
	type("ab\177\177\177c\n");
	CHECK(reads("c\n"));
	CHECK(shows("ab\b \b\b \bc\r\n"));
}

static void erase_takes_a_whole_utf8_character(void)
{
	fresh();
	type("a\303\244\177\n");
	CHECK(reads("a\n"));
	CHECK(shows("a\303\244\b \b\r\n"));
}

static void erase_takes_a_tab_and_a_control(void)
{
	fresh();
	type("a\t\177\n");
	CHECK(reads("a\n"));
	CHECK(shows("a\t\b\b\b\b\b\b\b\r\n"));
	type("\026\001\177\n");
	CHECK(reads("\n"));
	CHECK(shows("^\b^A\b \b\b \b\r\n"));
}

static void werase_takes_a_word(void)
{
	fresh();
	type("foo bar  \027x\n");
	CHECK(reads("foo x\n"));
}

static void kill_takes_the_line(void)
{
	fresh();
	type("foo\025bar\n");
	CHECK(reads("bar\n"));
}

static void eof_ends_without_a_byte(void)
{
	fresh();
	type("\004");
	CHECK(ld_ready(&l));
	CHECK(ld_readable(&l) == 0);
	CHECK(reads(""));
	type("ab\004");
	CHECK(ld_readable(&l) == 2);
	CHECK(reads("ab"));
	CHECK(!ld_ready(&l));
}

static void eof_after_a_full_buffer_is_not_a_second_end(void)
{
	uint8_t b[2];

	fresh();
	type("ab\004");
	CHECK(ld_read(&l, b, 2) == 2);
	CHECK(!ld_ready(&l));
}

static void literal_next_keeps_a_control(void)
{
	fresh();
	type("a\026\003b\n");
	CHECK(reads("a\003b\n"));
	CHECK(signalled == 0);
}

static void intr_signals_and_flushes(void)
{
	fresh();
	type("abc\003");
	CHECK(signalled == SIGINT);
	CHECK(shows("^C"));
	type("d\n");
	CHECK(reads("d\n"));
	type("\034");
	CHECK(signalled == SIGQUIT);
	type("\032");
	CHECK(signalled == SIGTSTP);
}

static void noflsh_keeps_the_line(void)
{
	struct termios t;

	fresh();
	t = l.t;
	t.c_lflag |= NOFLSH;
	ld_set(&l, &t);
	type("abc\003d\n");
	CHECK(reads("abcd\n"));
}

static void raw_passes_all(void)
{
	raw();
	type("\003\004\r\n\177");
	CHECK(reads("\003\004\r\n\177"));
	CHECK(signalled == 0);
	CHECK(shows(""));
}

static void raw_queue_full_takes_no_more(void)
{
	static uint8_t many[LD_IN + 100];

	raw();
	CHECK(ld_input(&l, many, sizeof(many)) == LD_IN);
	CHECK(ld_readable(&l) == LD_IN);
}

static void change_to_raw_gives_the_line_typed_so_far(void)
{
	struct termios t;

	fresh();
	type("ab");
	t = l.t;
	t.c_lflag &= ~(tcflag_t)ICANON;
	ld_set(&l, &t);
	CHECK(reads("ab"));
}

static void stop_holds_output(void)
{
	fresh();
	type("\023");
	ld_output(&l, (const uint8_t *)"x", 1);
	CHECK(shows(""));
	type("\021");
	CHECK(shows("x"));
}

static void output_maps_newlines_and_expands_tabs(void)
{
	struct termios t;

	fresh();
	ld_output(&l, (const uint8_t *)"a\n\tb", 4);
	CHECK(shows("a\r\n\tb"));
	t = l.t;
	t.c_oflag |= TAB3;
	ld_set(&l, &t);
	ld_output(&l, (const uint8_t *)"\rx\ty", 4);
	CHECK(shows("\rx       y"));
	t.c_oflag &= ~(tcflag_t)OPOST;
	ld_set(&l, &t);
	ld_output(&l, (const uint8_t *)"\n", 1);
	CHECK(shows("\n"));
}

static void output_full_takes_no_more(void)
{
	static uint8_t many[LD_OUT * 2];
	size_t n;

	fresh();
	memset(many, '\n', sizeof(many));
	n = ld_output(&l, many, sizeof(many));
	CHECK(n > 0 && n < sizeof(many));
	CHECK(ld_pending(&l) <= LD_OUT);
}

static void echo_off_shows_nothing_but_echonl(void)
{
	struct termios t;

	fresh();
	t = l.t;
	t.c_lflag &= ~(tcflag_t)ECHO;
	ld_set(&l, &t);
	type("secret\n");
	CHECK(shows(""));
	CHECK(reads("secret\n"));
	t.c_lflag |= ECHONL;
	ld_set(&l, &t);
	type("x\n");
	CHECK(shows("\r\n"));
}

static void long_line_keeps_its_end(void)
{
	uint8_t buf[LD_IN];
	size_t n;

	fresh();
	for (int i = 0; i < LD_LINE + 100; i++)
		type("x");
	type("\n");
	n = ld_read(&l, buf, sizeof(buf));
	CHECK(n == LD_LINE && buf[n - 1] == '\n');
}

/* Anything typed in any mode: nothing is written out of bounds (the sanitizers say so). */
static void random_input_breaks_nothing(void)
{
	unsigned seed = 1;
	uint8_t buf[64];

	fresh();
	for (int i = 0; i < 300000; i++) {
		struct termios t = l.t;

		seed = seed * 1103515245 + 12345;
		buf[0] = (uint8_t)(seed >> 16);
		ld_input(&l, buf, 1);
		if (seed >> 28 == 0) {
			t.c_lflag ^= 1u << (seed >> 20 & 15);
			t.c_iflag ^= 1u << (seed >> 12 & 15);
			ld_set(&l, &t);
		}
		if (seed >> 26 == 5 && ld_ready(&l))
			ld_read(&l, buf, seed >> 10 & 63);
		if (seed >> 27 == 9)
			ld_drain(&l, buf, sizeof(buf));
		CHECK(l.in_head - l.in_tail <= LD_IN);
		CHECK(ld_pending(&l) <= LD_OUT);
		CHECK(l.len < LD_LINE);
	}
}

#define T(f) { #f, f }
int main(void)
{
	static const struct test tests[] = {
		T(line_is_read_when_complete), T(read_gives_one_line), T(short_read_leaves_the_rest),
		T(erase_takes_a_character), T(erase_takes_a_whole_utf8_character),
		T(erase_takes_a_tab_and_a_control), T(werase_takes_a_word), T(kill_takes_the_line),
		T(eof_ends_without_a_byte), T(eof_after_a_full_buffer_is_not_a_second_end),
		T(literal_next_keeps_a_control), T(intr_signals_and_flushes), T(noflsh_keeps_the_line),
		T(raw_passes_all), T(raw_queue_full_takes_no_more),
		T(change_to_raw_gives_the_line_typed_so_far), T(stop_holds_output),
		T(output_maps_newlines_and_expands_tabs), T(output_full_takes_no_more),
		T(echo_off_shows_nothing_but_echonl), T(long_line_keeps_its_end),
		T(random_input_breaks_nothing), { NULL, NULL },
	};

	return run_tests(tests);
}
