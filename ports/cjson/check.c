/* SPDX-License-Identifier: MIT */
/* The [test] of cjson: what is parsed, changed and printed. */
#include <cjson/cJSON.h>
#include <string.h>

int
main(void)
{
	cJSON *o = cJSON_Parse("{\"a\": [1, 2.5, \"x\\u00e9\"]}");
	cJSON *a = cJSON_GetObjectItem(o, "a");

	if (!a || cJSON_GetArraySize(a) != 3 || cJSON_GetArrayItem(a, 1)->valuedouble != 2.5)
		return 1;
	cJSON_AddNullToObject(o, "b");
	return strcmp(cJSON_PrintUnformatted(o), "{\"a\":[1,2.5,\"x\xc3\xa9\"],\"b\":null}") != 0;
}
