/* SPDX-License-Identifier: MIT */
/* All tests of the calxfs library; each exits with 1 when it fails. */
#ifndef FSTEST_TESTS_H
#define FSTEST_TESTS_H

void test_names(void);		/* behaviour.c */
void test_many_names(void);
void test_large_file(void);
void test_sparse(void);
void test_times(void);
void test_orphans(void);
void test_readdir_cookies(void);
void test_model(void);		/* random.c */
void test_model_small(void);
void test_crash(void);		/* crash.c */
void test_flips(void);		/* damage.c */
void test_fuzz(void);
void test_full(void);		/* full.c */
void test_reserve(void);
void test_failing(void);
void test_churn(void);		/* churn.c */
void test_xattrs(void);		/* attrs.c */
void test_twins(void);

#endif
