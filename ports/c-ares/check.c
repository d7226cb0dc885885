/* SPDX-License-Identifier: MIT */
/* The [test] of c-ares: a query is encoded, read back, and a name is refused. */
#include <ares.h>
#include <string.h>

int
main(void)
{
	unsigned char *q;
	ares_channel_t *c;
	ares_dns_record_t *r;
	int len;
	const char *name;

	if (ares_library_init(ARES_LIB_INIT_ALL) || ares_init(&c))
		return 1;
	if (ares_create_query("calx.example", ARES_CLASS_IN, ARES_REC_TYPE_A, 7, 1, &q, &len, 0))
		return 2;
	if (ares_dns_parse(q, len, 0, &r) ||
	    ares_dns_record_query_get(r, 0, &name, NULL, NULL) || strcmp(name, "calx.example"))
		return 3;
	ares_destroy(c);
	return ares_create_query("a..b", 1, 1, 7, 1, &q, &len, 0) == ARES_EBADNAME ? 0 : 4;
}
