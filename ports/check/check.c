/* SPDX-License-Identifier: MIT */
/* The [test] of check: a suite with one test that passes, one that fails and one that crashes. */
#include <check.h>
#include <stdlib.h>

START_TEST(good) { ck_assert_int_eq(6 * 7, 42); } END_TEST
START_TEST(bad) { ck_assert_str_eq("a", "b"); } END_TEST
START_TEST(crash) { abort(); } END_TEST

int
main(void)
{
	Suite *s = suite_create("s");
	TCase *c = tcase_create("c");
	SRunner *r;

	tcase_add_test(c, good);
	tcase_add_test(c, bad);
	tcase_add_test(c, crash);
	suite_add_tcase(s, c);
	r = srunner_create(s);
	srunner_run_all(r, CK_SILENT);
	return srunner_ntests_run(r) == 3 && srunner_ntests_failed(r) == 2 ? 0 : 1;
}
