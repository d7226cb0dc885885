/* SPDX-License-Identifier: MIT */
/* The [test] of fmt: text by position, width and base, and an exception for a bad format. */
#include <fmt/format.h>
#include <string>

int
main()
{
	if (fmt::format("{1} {0:>5} {2:#x}", 42, "a", 255) != "a    42 0xff")
		return 1;
	try {
		(void)fmt::format(fmt::runtime(std::string("{:q}")), 1);
	} catch (const fmt::format_error &) {
		return fmt::format("{:.3f}", 3.14159) == "3.142" ? 0 : 2;
	}
	return 3;
}
