/* SPDX-License-Identifier: MIT */
/* The [test] of json-c: an array is parsed, extended and printed; half an object is not one. */
#include <json.h>
#include <string.h>

int
main(void)
{
	struct json_object *a = json_tokener_parse("[1, \"x\", {\"b\": true}]"), *b;

	if (!a || json_object_array_length(a) != 3)
		return 1;
	if (!json_object_object_get_ex(json_object_array_get_idx(a, 2), "b", &b) || !json_object_get_boolean(b))
		return 2;
	json_object_array_add(a, json_object_new_int64(1LL << 40));
	if (strcmp(json_object_to_json_string_ext(a, 0), "[1,\"x\",{\"b\":true},1099511627776]"))
		return 3;
	return json_tokener_parse("{\"a\":") ? 4 : 0;
}
