/* SPDX-License-Identifier: MIT */
/* Exceptions across threads, thread-local and static objects, the stream and string classes. */
#include <atomic>
#include <exception>
#include <iostream>
#include <map>
#include <mutex>
#include <sstream>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace {

std::mutex lock;
std::map<std::string, int> seen;
std::atomic<int> ended{0};
thread_local std::string name = "none";

struct at_exit {
	~at_exit() { ended++; }
};

void work(int n)
{
	thread_local at_exit guard;
	std::ostringstream out;

	(void)guard;
	out << "thread " << n;
	name = out.str();
	try {
		if (n & 1)
			throw std::runtime_error(name);
		std::lock_guard<std::mutex> hold(lock);
		seen[name] = n;
	} catch (const std::exception &e) {
		std::lock_guard<std::mutex> hold(lock);
		seen[e.what()] = -n;
	}
}

}

int main()
{
	std::vector<std::thread> threads;
	int sum = 0;

	for (int i = 0; i < 8; i++)
		threads.emplace_back(work, i);
	for (auto &t : threads)
		t.join();
	for (const auto &[key, value] : seen)
		sum += value;
	std::cout << seen.size() << ' ' << sum << ' ' << ended << ' ' << name << std::endl;
	return !(seen.size() == 8 && sum == 0 + 2 + 4 + 6 - 1 - 3 - 5 - 7 && ended == 8);
}
