/* SPDX-License-Identifier: MIT */
/* The [test] of cmocka: one test passes, one fails by an assertion, one by a signal. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <signal.h>

static void good(void **s) { (void)s; assert_int_equal(42, 6 * 7); }
static void bad(void **s) { (void)s; assert_string_equal("a", "b"); }
static void crash(void **s) { (void)s; raise(SIGSEGV); }

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(good), cmocka_unit_test(bad), cmocka_unit_test(crash) };

	return cmocka_run_group_tests(tests, NULL, NULL) == 2 ? 0 : 1;
}
