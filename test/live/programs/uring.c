// Operations through io_uring with the kernel's own calls alone: opens, writes, reads and closes a file, fails at one,
// waits for a timeout, accepts two connections with one multishot operation. SAID gets the result of each completion.
#include "ring.h"
#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>

static struct ring ring;
static FILE *said;

static int completed(const char *opcode, int fd)
{
	struct completion e = ring_wait(&ring);
	fprintf(said, "io_uring_complete\t%d\topcode=%s\tevt.rawarg.user_data=%llu", e.res, opcode, (unsigned long long)e.user_data);
	if (fd >= 0)
		fprintf(said, "\tevt.rawarg.fd=%d", fd);
	fprintf(said, "\n");
	return e.res;
}

int main(int argc, char **argv)
{
	char *path = argv[1], buf[16];
	struct __kernel_timespec ts = {0, 20000000};
	said = fopen(getenv("SAID"), "w");
	if (ring_open(&ring, 8, 0, 0) || !said)
		return 2;

	struct io_uring_sqe *e = ring_next(&ring, IORING_OP_OPENAT, AT_FDCWD, 1);
	e->addr = (unsigned long)path;
	e->open_flags = O_RDWR | O_CREAT;
	e->len = 0600;
	ring_submit(&ring, 1);
	int fd = completed("IORING_OP_OPENAT", -1);
	e = ring_next(&ring, IORING_OP_WRITE, fd, 2);
	e->addr = (unsigned long)"hello";
	e->len = 5;
	ring_submit(&ring, 1);
	completed("IORING_OP_WRITE", fd);
	e = ring_next(&ring, IORING_OP_READ, fd, 0xfedcba98ull);
	e->addr = (unsigned long)buf;
	e->len = 16;
	e->off = 1;
	ring_submit(&ring, 1);
	completed("IORING_OP_READ", fd);
	ring_next(&ring, IORING_OP_CLOSE, fd, 4);
	ring_submit(&ring, 1);
	completed("IORING_OP_CLOSE", fd);
	ring_next(&ring, IORING_OP_READ, 999, 5);
	ring_submit(&ring, 1);
	completed("IORING_OP_READ", 999);
	e = ring_next(&ring, IORING_OP_TIMEOUT, -1, 6);
	e->addr = (unsigned long)&ts;
	e->len = 1;
	ring_submit(&ring, 1);
	completed("IORING_OP_TIMEOUT", -1);

	struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof(a);
	int s = socket(AF_INET, SOCK_STREAM, 0);
	bind(s, (struct sockaddr *)&a, len);
	listen(s, 8);
	getsockname(s, (struct sockaddr *)&a, &len);
	e = ring_next(&ring, IORING_OP_ACCEPT, s, 7);
	e->ioprio = IORING_ACCEPT_MULTISHOT;
	ring_submit(&ring, 1);
	for (int i = 0; i < 2; i++) {
		int c = socket(AF_INET, SOCK_STREAM, 0);
		connect(c, (struct sockaddr *)&a, len);
		int got = completed("IORING_OP_ACCEPT", s);
		write(c, "ping", 4);
		read(got, buf, 4);
	}
	fclose(said);
	return 0;
}
