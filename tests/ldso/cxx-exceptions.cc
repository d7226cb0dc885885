/* SPDX-License-Identifier: MIT */
/*
 * C++ across libraries: exceptions thrown in one that was opened at run time are caught in the program
 * and the other way round, through a frame that cleans up; thread_local objects of a library are
 * destroyed with their threads, and it can be closed afterwards and opened again.
 */
#ifdef IN_plug
#include <stdexcept>
#include <string>
extern "C" int destroyed;
int destroyed;
struct guard {
	std::string s = "made";
	~guard() { __atomic_add_fetch(&destroyed, s == "made", __ATOMIC_SEQ_CST); }
};
static thread_local guard g;
extern "C" int calls(int (*fn)(int), int n)
{
	std::string clean = "up";
	g.s = "made";
	if (n == 0)
		throw std::runtime_error("from the library");
	try {
		return fn(n);
	} catch (int i) {
		return i + (int)clean.size();
	}
}
#else
#include <dlfcn.h>
#include <cstdio>
#include <cstring>
#include <stdexcept>
#include <thread>
static int thrower(int n)
{
	if (n > 1)
		throw std::out_of_range("from the program");
	throw 40;
}
static int round(const char *path)
{
	void *h = dlopen(path, RTLD_NOW);
	if (!h)
		return printf("%s\n", dlerror());
	auto calls = (int (*)(int (*)(int), int))dlsym(h, "calls");
	int *destroyed = (int *)dlsym(h, "destroyed"), bad = 0;
	auto run = [&] {
		bad += calls(thrower, 1) != 42;
		try { calls(thrower, 0); bad++; } catch (const std::exception &e) { bad += strcmp(e.what(), "from the library") != 0; }
		try { calls(thrower, 2); bad++; } catch (const std::out_of_range &e) { bad += e.what()[5] != 't'; }
	};
	std::thread a(run);
	a.join();
	std::thread b(run);
	b.join();
	if (bad || *destroyed != 2)
		printf("%d wrong, %d destroyed\n", bad, *destroyed);
	dlclose(h);
	return 0;
}
int main(int, char **argv)
{
	for (int i = 0; i < 3; i++)
		round(argv[1]);
	return 0;
}
#endif
