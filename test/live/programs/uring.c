// Does things through io_uring with the kernel's own calls alone: opens, writes, reads and closes a file, fails at one,
// waits for a timeout, accepts two connections with one multishot operation. SAID gets what each completion said.
#include <fcntl.h>
#include <linux/io_uring.h>
#include <netinet/in.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

static int ring;
static char *sq, *cq;
static struct io_uring_params p;
static struct io_uring_sqe *sqes;
static FILE *said;

static unsigned *at(char *base, unsigned off) { return (unsigned *)(base + off); }

static struct io_uring_sqe *next(int op, int fd, unsigned long long user_data)
{
	unsigned tail = *at(sq, p.sq_off.tail), i = tail & *at(sq, p.sq_off.ring_mask);
	struct io_uring_sqe *e = &sqes[i];
	memset(e, 0, sizeof(*e));
	e->opcode = op;
	e->fd = fd;
	e->user_data = user_data;
	at(sq, p.sq_off.array)[i] = i;
	atomic_store((_Atomic unsigned *)at(sq, p.sq_off.tail), tail + 1);
	return e;
}

static void submit(int n) { syscall(SYS_io_uring_enter, ring, n, 0, 0, NULL, 0); }

static int completed(const char *opcode, int fd)
{
	unsigned head = *at(cq, p.cq_off.head);
	struct io_uring_cqe *e;
	while (head == atomic_load((_Atomic unsigned *)at(cq, p.cq_off.tail)))
		syscall(SYS_io_uring_enter, ring, 0, 1, IORING_ENTER_GETEVENTS, NULL, 0);
	e = (struct io_uring_cqe *)(cq + p.cq_off.cqes) + (head & *at(cq, p.cq_off.ring_mask));
	int res = e->res;
	fprintf(said, "io_uring_complete\t%d\topcode=%s\tevt.rawarg.user_data=%llu", res, opcode, (unsigned long long)e->user_data);
	if (fd >= 0)
		fprintf(said, "\tevt.rawarg.fd=%d", fd);
	fprintf(said, "\n");
	atomic_store((_Atomic unsigned *)at(cq, p.cq_off.head), head + 1);
	return res;
}

int main(int argc, char **argv)
{
	char *path = argv[1], buf[16];
	struct __kernel_timespec ts = {0, 20000000};
	said = fopen(getenv("SAID"), "w");
	ring = syscall(SYS_io_uring_setup, 8, &p);
	if (ring < 0 || !said)
		return 2;
	sq = mmap(NULL, p.sq_off.array + p.sq_entries * 4, PROT_READ | PROT_WRITE, MAP_SHARED, ring, IORING_OFF_SQ_RING);
	cq = mmap(NULL, p.cq_off.cqes + p.cq_entries * 16, PROT_READ | PROT_WRITE, MAP_SHARED, ring, IORING_OFF_CQ_RING);
	sqes = mmap(NULL, p.sq_entries * sizeof(*sqes), PROT_READ | PROT_WRITE, MAP_SHARED, ring, IORING_OFF_SQES);

	struct io_uring_sqe *e = next(IORING_OP_OPENAT, AT_FDCWD, 1);
	e->addr = (unsigned long)path;
	e->open_flags = O_RDWR | O_CREAT;
	e->len = 0600;
	submit(1);
	int fd = completed("IORING_OP_OPENAT", -1);
	e = next(IORING_OP_WRITE, fd, 2);
	e->addr = (unsigned long)"hello";
	e->len = 5;
	submit(1);
	completed("IORING_OP_WRITE", fd);
	e = next(IORING_OP_READ, fd, 0xfedcba98ull);
	e->addr = (unsigned long)buf;
	e->len = 16;
	e->off = 1;
	submit(1);
	completed("IORING_OP_READ", fd);
	next(IORING_OP_CLOSE, fd, 4);
	submit(1);
	completed("IORING_OP_CLOSE", fd);
	next(IORING_OP_READ, 999, 5);
	submit(1);
	completed("IORING_OP_READ", 999);
	e = next(IORING_OP_TIMEOUT, -1, 6);
	e->addr = (unsigned long)&ts;
	e->len = 1;
	submit(1);
	completed("IORING_OP_TIMEOUT", -1);

	struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof(a);
	int s = socket(AF_INET, SOCK_STREAM, 0);
	bind(s, (struct sockaddr *)&a, len);
	listen(s, 8);
	getsockname(s, (struct sockaddr *)&a, &len);
	e = next(IORING_OP_ACCEPT, s, 7);
	e->ioprio = IORING_ACCEPT_MULTISHOT;
	submit(1);
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
