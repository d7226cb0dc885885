/* SPDX-License-Identifier: MIT */
/* The [test] of jansson: values unpacked and dumped, and the line of an error. */
#include <jansson.h>
#include <string.h>

int
main(void)
{
	json_error_t e;
	json_t *o = json_loads("{\"b\": [1, 2.5], \"a\": \"x\"}", 0, &e);
	const char *s;
	int i;
	double d;

	if (!o || json_unpack(o, "{s:s, s:[i,f]}", "a", &s, "b", &i, &d) || i != 1 || d != 2.5)
		return 1;
	if (strcmp(json_dumps(o, JSON_COMPACT | JSON_SORT_KEYS), "{\"a\":\"x\",\"b\":[1,2.5]}"))
		return 2;
	return !json_loads("{\n\"a\": }", 0, &e) && e.line == 2 ? 0 : 3;
}
