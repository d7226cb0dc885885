/* SPDX-License-Identifier: MIT */
/* What a C++ program asks of compiler and libraries: templates, streams, exceptions, threads. */
#include <iostream>
#include <stdexcept>
#include <thread>
#include <vector>

static int sum(const std::vector<int> &v)
{
	int n = 0;
	for (int i : v)
		n += i;
	throw std::runtime_error(std::to_string(n));
}

int main()
{
	std::vector<int> v;
	std::thread t([&v] { v = { 10, 14, 18 }; });

	t.join();
	try {
		sum(v);
	} catch (const std::exception &e) {
		std::cout << "caught " << e.what() << " of " << v.size() << std::endl;
	}
	return 0;
}
