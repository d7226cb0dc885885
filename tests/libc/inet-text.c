/* SPDX-License-Identifier: MIT */
/* Addresses as text and back; names that need no server; errors of getaddrinfo. */
#include <arpa/inet.h>
#include <assert.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

static void same(const char *in, const char *out)
{
	unsigned char a[16];
	char buf[INET6_ADDRSTRLEN];

	assert(inet_pton(AF_INET6, in, a) == 1);
	assert(inet_ntop(AF_INET6, a, buf, sizeof(buf)) && !strcmp(buf, out));
}

int main(void)
{
	static const char *const bad6[] = { "", ":", ":::", "1:2:3:4:5:6:7", "1::2::3", "12345::", "1:2:3:4:5:6:7:8:9",
		"::1.2.3", "1:2:3:4:5:6:7:", ":1:2:3:4:5:6:7", "g::" };
	static const char *const bad4[] = { "", "1.2.3", "1.2.3.4.5", "256.1.1.1", "1..2.3", "01.2.3.4", "1.2.3.4 " };
	struct addrinfo *ai, hints = { .ai_flags = AI_NUMERICHOST, .ai_socktype = SOCK_STREAM };
	struct in_addr a;
	unsigned char b[16];
	char host[64], serv[16];

	same("::", "::");
	same("::1", "::1");
	same("1:0:0:2:0:0:0:3", "1:0:0:2::3");
	same("2001:DB8::0:1", "2001:db8::1");
	same("::ffff:1.2.3.4", "::ffff:1.2.3.4");
	same("1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8");
	for (size_t i = 0; i < sizeof(bad6) / sizeof(*bad6); i++)
		assert(inet_pton(AF_INET6, bad6[i], b) == 0);
	for (size_t i = 0; i < sizeof(bad4) / sizeof(*bad4); i++)
		assert(inet_pton(AF_INET, bad4[i], b) == 0);
	assert(inet_aton("0x7f.1", &a) && a.s_addr == htonl(0x7f000001) && !inet_aton("1.2.3.256", &a));
	assert(inet_addr("1.2.3.4") == htonl(0x01020304) && inet_addr("x") == INADDR_NONE);
	assert(getaddrinfo("10.1.2.3", "8080", &hints, &ai) == 0 && !ai->ai_next);
	assert(getnameinfo(ai->ai_addr, ai->ai_addrlen, host, sizeof(host), serv, sizeof(serv),
		NI_NUMERICHOST | NI_NUMERICSERV) == 0 && !strcmp(host, "10.1.2.3") && !strcmp(serv, "8080"));
	freeaddrinfo(ai);
	assert(getaddrinfo("no.number", 0, &hints, &ai) == EAI_NONAME && getaddrinfo(0, 0, 0, &ai) == EAI_NONAME);
	hints.ai_flags = 1 << 30;
	assert(getaddrinfo("1.2.3.4", 0, &hints, &ai) == EAI_BADFLAGS);
	hints.ai_flags = AI_PASSIVE;
	assert(getaddrinfo(0, "http", &hints, &ai) == 0 && ntohs(((struct sockaddr_in *)ai->ai_addr)->sin_port) == 80);
	freeaddrinfo(ai);
	assert(getaddrinfo("localhost", 0, &hints, &ai) == 0);
	freeaddrinfo(ai);
	return 0;
}
