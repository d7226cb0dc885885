/* SPDX-License-Identifier: MIT */
/* The [test] of pugixml: a value found by XPath, and a document with an end too few. */
#include <pugixml.hpp>
#include <string>

int
main()
{
	pugi::xml_document d;

	if (!d.load_string("<a><b n='1'>x</b><b n='2'>calx</b></a>"))
		return 1;
	if (std::string(d.select_node("//b[@n=2]").node().text().get()) != "calx")
		return 2;
	try {
		d.select_node("//[");
		return 3;
	} catch (const pugi::xpath_exception &) {
	}
	return d.load_string("<a>").status == pugi::status_end_element_mismatch ? 0 : 4;
}
