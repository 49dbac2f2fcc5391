// Requests to a server at 127.0.0.1 at a fixed rate, over several connections, for a number of seconds. It prints what work.c prints. The
// latency of a request counts from the time at which it was due, also while all connections wait for replies. Replies to the same
// request have the same length, which a first reply shows.
// usage: requests PORT CONNECTIONS RATE SECONDS REQUEST...     RATE 0: as fast as possible
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>
#include "latency.h"

struct connection {
	int fd;
	int waiting;
	size_t missing;
	uint64_t due;
};

static struct latency latency;
static char **requests;
static size_t *replies;
static int kinds;

static void fail(const char *what)
{
	perror(what);
	exit(1);
}

static int connected(int port)
{
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), one = 1;
	if (fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof to) < 0)
		fail("connect");
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
	return fd;
}

/* the length of a reply: what comes until nothing more has come for 100 ms */
static size_t replyLength(int port, const char *request)
{
	char data[65536];
	struct timeval wait = {.tv_sec = 5};
	size_t length = 0;
	int fd = connected(port);
	if (write(fd, request, strlen(request)) < 0)
		fail("write");
	for (;;) {
		setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
		ssize_t n = recv(fd, data, sizeof data, 0);
		if (n <= 0)
			break;
		length += n;
		wait = (struct timeval){.tv_usec = 100000};
	}
	close(fd);
	if (length == 0)
		fail("no reply");
	return length;
}

static void request(struct connection *c, uint64_t number, uint64_t due)
{
	int kind = number % kinds;
	size_t length = strlen(requests[kind]);
	c->waiting = 1;
	c->missing = replies[kind];
	c->due = due;
	if (write(c->fd, requests[kind], length) != (ssize_t)length)
		fail("write");
}

static void reply(struct connection *c)
{
	char data[65536];
	ssize_t n = recv(c->fd, data, sizeof data, 0);
	if (n <= 0 || (size_t)n > c->missing)
		fail("reply");
	c->missing -= n;
	if (c->missing > 0)
		return;
	c->waiting = 0;
	latencyAdd(&latency, nowNs() - c->due);
}

int main(int argc, char **argv)
{
	if (argc < 6)
		return fprintf(stderr, "usage: requests PORT CONNECTIONS RATE SECONDS REQUEST...\n"), 2;
	int port = atoi(argv[1]), count = atoi(argv[2]);
	double rate = atof(argv[3]);
	requests = argv + 5;
	kinds = argc - 5;
	replies = calloc(kinds, sizeof *replies);
	struct connection *all = calloc(count, sizeof *all);
	struct epoll_event *events = calloc(count, sizeof *events);
	for (int i = 0; i < kinds; i++)
		replies[i] = replyLength(port, requests[i]);
	int poll = epoll_create1(EPOLL_CLOEXEC);
	for (int i = 0; i < count; i++) {
		all[i].fd = connected(port);
		struct epoll_event e = {.events = EPOLLIN, .data.ptr = &all[i]};
		if (epoll_ctl(poll, EPOLL_CTL_ADD, all[i].fd, &e) < 0)
			fail("epoll_ctl");
	}
	/* what could not be sent in twice the time is left out: the latencies show that it was too much */
	uint64_t from = nowNs(), end = from + atof(argv[4]) * 1e9, last = 2 * end - from, sent = 0;
	int free = count;
	for (;;) {
		uint64_t now = nowNs();
		uint64_t due = now >= last ? end : rate > 0 ? from + (uint64_t)(sent * 1e9 / rate) : now;
		for (int i = 0; i < count && free > 0 && due <= now && due < end; i++) {
			if (all[i].waiting)
				continue;
			request(&all[i], sent++, due);
			free--;
			due = rate > 0 ? from + (uint64_t)(sent * 1e9 / rate) : now;
		}
		if (free == count && due >= end)
			break;
		uint64_t wait = free == 0 || due >= end ? 1000000000 : due > now ? due - now : 0;
		struct timespec limit = {wait / 1000000000, wait % 1000000000};
		int n = epoll_pwait2(poll, events, count, &limit, NULL);
		for (int i = 0; i < n; i++) {
			struct connection *c = events[i].data.ptr;
			reply(c);
			free += !c->waiting;
		}
		if (nowNs() > last + 10000000000ULL)
			fail("the server does not reply");
	}
	latencyPrint(&latency, (nowNs() - from) / 1e9);
	return 0;
}
