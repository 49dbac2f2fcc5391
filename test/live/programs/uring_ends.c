// uring_ends HOW FOLDER: operations of io_uring whose ends are hard to observe. SAID gets what each did, and what the program did then
// with the descriptors that it had from them.
#include "ring.h"
#include <errno.h>
#include <linux/openat2.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>

// newer than some systems' headers
#define OP_FIXED_FD_INSTALL 54
#define OP_PIPE 62
#define SETUP_DEFER_TASKRUN (1U << 13)

static struct ring ring;
static FILE *said;
static const char *folder;

static char *in(const char *name)
{
	static char paths[16][4096];
	static int i;
	char *path = paths[i++ & 15];
	snprintf(path, 4096, "%s/%s", folder, name);
	return path;
}

#define SAY(res, ...) (fprintf(said, "io_uring_complete\t%d\t", res), fprintf(said, __VA_ARGS__), fprintf(said, "\n"))

static struct io_uring_sqe *op(int opcode, int fd, const void *addr, unsigned long long user_data)
{
	struct io_uring_sqe *e = ring_next(&ring, opcode, fd, user_data);
	e->addr = (unsigned long)addr;
	return e;
}

static int done(void)
{
	ring_submit(&ring, 1);
	return ring_wait(&ring).res;
}

// N requests at once, and one before them that opens a file behind a timeout
static int many(int n)
{
	struct ring other;
	struct __kernel_timespec ts = {1, 0};
	int e = eventfd(0, 0), completed = 0, fd = -1;
	unsigned long one = 1;
	if (ring_open(&other, 256, 65536, 0))
		return 2;
	struct io_uring_sqe *q = op(IORING_OP_TIMEOUT, -1, &ts, 1);
	q->len = 1;
	q->timeout_flags = IORING_TIMEOUT_ETIME_SUCCESS;
	q->flags = IOSQE_IO_LINK;
	op(IORING_OP_OPENAT, AT_FDCWD, in("hidden"), 2);
	ring_submit(&ring, 2);
	for (int i = 0; i < n; i++) {
		ring_next(&other, IORING_OP_POLL_ADD, e, i)->poll32_events = POLLIN;
		if (i % 256 == 255 || i == n - 1)
			ring_submit(&other, i % 256 + 1);
	}
	for (int i = 0; i < 2; i++) {
		struct completion c = ring_wait(&ring);
		if (c.user_data == 2)
			fd = c.res;
	}
	SAY(fd, "opcode=IORING_OP_OPENAT\tevt.rawarg.path=%s", in("hidden"));
	write(e, &one, 8);
	for (; completed < n; completed++)
		ring_wait(&other);
	printf("%d\n", completed);
	return 0;
}

static int listener(struct sockaddr_in *a)
{
	socklen_t len = sizeof(*a);
	int s = socket(AF_INET, SOCK_STREAM, 0);
	*a = (struct sockaddr_in){.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	bind(s, (struct sockaddr *)a, len);
	listen(s, 8);
	getsockname(s, (struct sockaddr *)a, &len);
	return s;
}

static void turn(int fd, const char *opcode)
{
	struct completion c = ring_wait(&ring);
	SAY(c.res, "opcode=%s\tevt.rawarg.fd=%d\tevt.rawarg.cqe_flags=%u", opcode, fd, c.flags);
}

// multishot operations in pairs with one user_data: one in turn, then the other, then both at once
static int twins(void)
{
	struct sockaddr_in a[2];
	int e[2] = {eventfd(0, EFD_NONBLOCK), eventfd(0, EFD_NONBLOCK)}, l[2];
	unsigned long one = 1;
	for (int i = 0; i < 2; i++) {
		struct io_uring_sqe *q = op(IORING_OP_POLL_ADD, e[i], NULL, 7);
		q->poll32_events = POLLIN;
		q->len = IORING_POLL_ADD_MULTI;
	}
	ring_submit(&ring, 2);
	for (int i = 0; i < 6; i++) {
		write(e[i % 2], &one, 8);
		turn(e[i % 2], "IORING_OP_POLL_ADD");
		read(e[i % 2], &one, 8);
		one = 1;
	}
	for (int i = 0; i < 2; i++) {
		l[i] = listener(&a[i]);
		op(IORING_OP_ACCEPT, l[i], NULL, 7)->ioprio = IORING_ACCEPT_MULTISHOT;
	}
	ring_submit(&ring, 2);
	for (int i = 0; i < 6; i++) {
		int c = socket(AF_INET, SOCK_STREAM, 0);
		connect(c, (struct sockaddr *)&a[i / 2 % 2], sizeof(a[0]));
		turn(l[i / 2 % 2], "IORING_OP_ACCEPT");
	}
	struct io_uring_sqe *q = op(IORING_OP_ASYNC_CANCEL, e[1], NULL, 8);
	q->cancel_flags = IORING_ASYNC_CANCEL_FD;
	ring_submit(&ring, 1);
	for (int i = 0; i < 2; i++) {
		struct completion c = ring_wait(&ring);
		SAY(c.res, "opcode=%s\tevt.rawarg.fd=%d", c.user_data == 8 ? "IORING_OP_ASYNC_CANCEL" : "IORING_OP_POLL_ADD", e[1]);
	}
	return 0;
}

static void until(int (*is)(const char *, int), const char *path, int mode)
{
	while (is(path, mode) != 0)
		usleep(1000);
}
static int gone(const char *path, int mode) { return access(path, mode) == 0; }

// without a completion if they succeed
static int silent(void)
{
	int fd = dup(0);
	close(fd);
	op(IORING_OP_OPENAT, AT_FDCWD, in("silent"), 1)->flags = IOSQE_CQE_SKIP_SUCCESS;
	ring_submit(&ring, 1);
	while (fcntl(fd, F_GETFD) < 0)
		usleep(1000);
	SAY(fd, "opcode=IORING_OP_OPENAT\tevt.rawarg.path=%s", in("silent"));
	char b[4];
	fprintf(said, "read\t%zd\tfd.name=%s\n", read(fd, b, 4), in("silent"));
	op(IORING_OP_CLOSE, fd, NULL, 2)->flags = IOSQE_CQE_SKIP_SUCCESS;
	ring_submit(&ring, 1);
	while (fcntl(fd, F_GETFD) >= 0)
		usleep(1000);
	SAY(0, "opcode=IORING_OP_CLOSE\tevt.rawarg.fd=%d\tfd.name=%s", fd, in("silent"));
	struct io_uring_sqe *q = op(IORING_OP_MKDIRAT, AT_FDCWD, in("made"), 3);
	q->len = 0700;
	q->flags = IOSQE_CQE_SKIP_SUCCESS;
	ring_submit(&ring, 1);
	until(access, in("made"), F_OK);
	SAY(0, "opcode=IORING_OP_MKDIRAT\tevt.rawarg.path=%s", in("made"));
	// it fails, which is completed, and the next one is not
	op(IORING_OP_OPENAT, AT_FDCWD, in("absent"), 4)->flags = IOSQE_CQE_SKIP_SUCCESS | IOSQE_IO_LINK;
	op(IORING_OP_UNLINKAT, AT_FDCWD, in("kept"), 5);
	ring_submit(&ring, 2);
	SAY(ring_wait(&ring).res, "opcode=IORING_OP_OPENAT\tevt.rawarg.path=%s", in("absent"));
	SAY(-ECANCELED, "opcode=IORING_OP_UNLINKAT\tevt.rawarg.path=%s", in("kept"));
	q = op(IORING_OP_UNLINKAT, AT_FDCWD, in("silent"), 6);
	q->flags = IOSQE_CQE_SKIP_SUCCESS;
	if (ring.p.flags & SETUP_DEFER_TASKRUN) {
		ring_submit(&ring, 1);
		until(gone, in("silent"), F_OK);
		SAY(0, "opcode=IORING_OP_UNLINKAT\tevt.rawarg.path=%s", in("silent"));
		return 0;
	}
	// the file is gone before the kernel has noted the result: a linked operation completes after that
	q->flags |= IOSQE_IO_LINK;
	op(IORING_OP_NOP, -1, NULL, 7);
	ring_submit(&ring, 2);
	struct completion last = ring_wait(&ring);
	SAY(0, "opcode=IORING_OP_UNLINKAT\tevt.rawarg.path=%s", in("silent"));
	SAY(last.res, "opcode=IORING_OP_NOP\tevt.rawarg.user_data=7");
	return 0;
}

// more rings than the limit, while an operation of the first one waits; closing: each is closed with one that waits
static int rings(int closing)
{
	static struct ring others[10];
	static char byte;
	char name[16];
	int ends[2];
	pipe(ends);
	struct io_uring_sqe *waiting = op(IORING_OP_READ, ends[0], &byte, 1);
	waiting->len = 1;
	waiting->flags = IOSQE_CQE_SKIP_SUCCESS;
	ring_submit(&ring, 1);
	for (int i = 0; i < 10; i++) {
		struct ring *r = &others[i];
		if (ring_open(r, 8, 0, 0))
			return 2;
		snprintf(name, sizeof(name), "ring%d", i);
		struct io_uring_sqe *q = ring_next(r, IORING_OP_MKDIRAT, AT_FDCWD, i);
		q->addr = (unsigned long)in(name);
		q->len = 0700;
		q->flags = IOSQE_CQE_SKIP_SUCCESS;
		ring_submit(r, 1);
		until(access, in(name), F_OK);
		// the end of a call in which the ring is checked
		ring_submit(r, 0);
		SAY(0, "opcode=IORING_OP_MKDIRAT\tevt.rawarg.path=%s", in(name));
		if (!closing)
			continue;
		q = ring_next(r, IORING_OP_READ, ends[0], i);
		q->addr = (unsigned long)&byte;
		q->len = 1;
		q->flags = IOSQE_CQE_SKIP_SUCCESS;
		ring_submit(r, 1);
		ring_close(r);
	}
	return 0;
}

// more completions than the capacity
static int full(void)
{
	struct ring small;
	if (ring_open(&small, 64, 64, 0))
		return 2;
	for (int k = 0; k < 4; k++) {
		for (int i = 0; i < 64; i++)
			ring_next(&small, IORING_OP_NOP, -1, 1000 + k * 64 + i);
		ring_submit(&small, 64);
	}
	for (int i = 0; i < 256; i++) {
		struct completion c = ring_wait(&small);
		SAY(c.res, "opcode=IORING_OP_NOP\tevt.rawarg.user_data=%llu", c.user_data);
	}
	return 0;
}

static int paths(void)
{
	struct open_how how = {.flags = O_RDWR | O_CREAT, .mode = 0600};
	struct statx st;
	char value[8];
	struct io_uring_sqe *q = op(IORING_OP_OPENAT, AT_FDCWD, in(""), 1);
	q->open_flags = O_RDONLY | O_DIRECTORY;
	int d = done(), res;
	SAY(d, "opcode=IORING_OP_OPENAT\tevt.rawarg.path=%s", in(""));
	q = op(IORING_OP_OPENAT2, d, "a", 1);
	q->off = (unsigned long)&how;
	q->len = sizeof(how);
	res = done();
	SAY(res, "opcode=IORING_OP_OPENAT2\tevt.rawarg.dirfd=%d\tevt.rawarg.path=a\tevt.abspath=%s", d, in("a"));
	q = op(IORING_OP_LINKAT, d, "a", 1);
	q->len = d;
	q->addr2 = (unsigned long)"b";
	res = done();
	SAY(res, "opcode=IORING_OP_LINKAT\tevt.rawarg.path=b\tevt.rawarg.target=a\tfs.path.source=%s\tfs.path.target=%s", in("b"), in("a"));
	q = op(IORING_OP_RENAMEAT, d, "b", 1);
	q->len = d;
	q->addr2 = (unsigned long)"c";
	res = done();
	SAY(res, "opcode=IORING_OP_RENAMEAT\tevt.rawarg.path=b\tevt.rawarg.target=c\tfs.path.source=%s\tfs.path.target=%s", in("b"), in("c"));
	q = op(IORING_OP_SYMLINKAT, d, "to what", 1);
	q->addr2 = (unsigned long)"s";
	res = done();
	SAY(res, "opcode=IORING_OP_SYMLINKAT\tevt.rawarg.dirfd=%d\tevt.rawarg.path=s\tevt.rawarg.link=to what", d);
	q = op(IORING_OP_STATX, d, "c", 1);
	q->off = (unsigned long)&st;
	res = done();
	SAY(res, "opcode=IORING_OP_STATX\tevt.rawarg.path=c");
	q = op(IORING_OP_SETXATTR, 0, "user.x", 1);
	q->addr2 = (unsigned long)"v";
	q->addr3 = (unsigned long)in("c");
	q->len = 1;
	res = done();
	SAY(res, "opcode=IORING_OP_SETXATTR\tevt.rawarg.path=%s\tevt.rawarg.xattr=user.x", in("c"));
	q = op(IORING_OP_GETXATTR, 0, "user.x", 1);
	q->addr2 = (unsigned long)value;
	q->addr3 = (unsigned long)in("c");
	q->len = sizeof(value);
	res = done();
	SAY(res, "opcode=IORING_OP_GETXATTR\tevt.rawarg.path=%s\tevt.rawarg.xattr=user.x", in("c"));
	// as long as a path may be
	char *longest = malloc(4096);
	memset(longest, '/', 4095);
	strcpy(longest + 4095 - 4, "long");
	op(IORING_OP_UNLINKAT, AT_FDCWD, longest, 1);
	res = done();
	SAY(res, "opcode=IORING_OP_UNLINKAT\tevt.rawarg.path=%s", longest);
	return 0;
}

static void send_fd(int s, int fd)
{
	char c[CMSG_SPACE(sizeof(int))] = {0};
	struct iovec v = {"x", 1};
	struct msghdr m = {.msg_iov = &v, .msg_iovlen = 1, .msg_control = c, .msg_controllen = sizeof(c)};
	struct cmsghdr *h = CMSG_FIRSTHDR(&m);
	h->cmsg_level = SOL_SOCKET;
	h->cmsg_type = SCM_RIGHTS;
	h->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(h), &fd, sizeof(fd));
	sendmsg(s, &m, 0);
}

static int passed_in(const void *control)
{
	int fd;
	memcpy(&fd, CMSG_DATA((struct cmsghdr *)control), sizeof(fd));
	return fd;
}

// descriptors that arrive with a message, from the ring's own files, as a pipe
static int made(void)
{
	static char buffers[4][256];
	char c[64], x[8];
	struct iovec v = {x, sizeof(x)};
	struct msghdr m = {.msg_iov = &v, .msg_iovlen = 1, .msg_control = c, .msg_controllen = sizeof(c)};
	int s[2], file = open(in("passed"), O_RDWR | O_CREAT, 0600), ends[2] = {-1, -1}, fd;
	socketpair(AF_UNIX, SOCK_STREAM, 0, s);
	for (int flags = 0; flags <= IOSQE_CQE_SKIP_SUCCESS; flags += IOSQE_CQE_SKIP_SUCCESS) {
		m.msg_controllen = sizeof(c);
		memset(c, 0, sizeof(c));
		op(IORING_OP_RECVMSG, s[1], &m, 1)->flags = flags;
		ring_submit(&ring, 1);
		send_fd(s[0], file);
		if (!flags)
			ring_wait(&ring);
		while (!(fd = passed_in(c)))
			usleep(1000);
		fprintf(said, "write\t%zd\tevt.rawarg.fd=%d\tfd.name=%s\n", write(fd, "1", 1), fd, in("passed"));
	}
	struct io_uring_sqe *q = op(IORING_OP_PROVIDE_BUFFERS, 4, buffers, 2);
	q->len = sizeof(buffers[0]);
	q->buf_group = 3;
	done();
	m.msg_controllen = sizeof(c);
	m.msg_iovlen = 0;
	q = op(IORING_OP_RECVMSG, s[1], &m, 3);
	q->ioprio = IORING_RECV_MULTISHOT;
	q->flags = IOSQE_BUFFER_SELECT;
	q->buf_group = 3;
	ring_submit(&ring, 1);
	for (int i = 0; i < 2; i++) {
		send_fd(s[0], file);
		struct completion e = ring_wait(&ring);
		char *b = buffers[e.flags >> IORING_CQE_BUFFER_SHIFT];
		fd = passed_in(b + sizeof(struct io_uring_recvmsg_out));
		fprintf(said, "write\t%zd\tevt.rawarg.fd=%d\tfd.name=%s\n", write(fd, "1", 1), fd, in("passed"));
	}
	syscall(SYS_io_uring_register, ring.fd, IORING_REGISTER_FILES, &file, 1);
	op(OP_FIXED_FD_INSTALL, 0, NULL, 4)->flags = IOSQE_FIXED_FILE;
	fd = done();
	SAY(fd, "opcode=IORING_OP_FIXED_FD_INSTALL\tevt.rawarg.file_index=0");
	fprintf(said, "write\t%zd\tevt.rawarg.fd=%d\tfd.name=%s\n", write(fd, "1", 1), fd, in("passed"));
	op(OP_PIPE, 0, ends, 5);
	if (done() == 0) {
		fprintf(said, "write\t%zd\tevt.rawarg.fd=%d\tfd.type=pipe\n", write(ends[1], "12", 2), ends[1]);
		fprintf(said, "read\t%zd\tevt.rawarg.fd=%d\tfd.type=pipe\n", read(ends[0], x, 2), ends[0]);
	}
	return 0;
}

// copying operations: from a file, from a pipe twice, and from one of the ring's own files, which has no number
static int copies(void)
{
	int from = open(in("kept"), O_RDONLY), to = open(in("copy"), O_WRONLY | O_CREAT, 0600), a[2], b[2], res;
	pipe(a);
	pipe(b);
	struct io_uring_sqe *q = op(IORING_OP_SPLICE, a[1], NULL, 1);
	q->splice_fd_in = from;
	q->off = -1;
	q->len = 4;
	res = done();
	SAY(res, "opcode=IORING_OP_SPLICE\tevt.rawarg.fd=%d\tevt.rawarg.fd_in=%d\tfd.type=pipe\tfd.other.num=%d\tfd.other.name=%s", a[1], from, from, in("kept"));
	q = op(IORING_OP_TEE, b[1], NULL, 2);
	q->splice_fd_in = a[0];
	q->len = 4;
	res = done();
	SAY(res, "opcode=IORING_OP_TEE\tevt.rawarg.fd=%d\tevt.rawarg.fd_in=%d\tfd.type=pipe\tfd.other.type=pipe", b[1], a[0]);
	q = op(IORING_OP_SPLICE, to, (void *)-1, 3);
	q->splice_fd_in = b[0];
	q->len = 4;
	res = done();
	SAY(res, "opcode=IORING_OP_SPLICE\tevt.rawarg.fd=%d\tevt.rawarg.fd_in=%d\tfd.name=%s\tfd.other.type=pipe", to, b[0], in("copy"));
	syscall(SYS_io_uring_register, ring.fd, IORING_REGISTER_FILES, &from, 1);
	q = op(IORING_OP_SPLICE, a[1], NULL, 4);
	q->splice_fd_in = 0;
	q->splice_flags = SPLICE_F_FD_IN_FIXED;
	q->off = -1;
	q->len = 4;
	res = done();
	SAY(res, "opcode=IORING_OP_SPLICE\tevt.rawarg.fd=%d\tevt.rawarg.user_data=4\tfd.type=pipe", a[1]);
	return 0;
}

int main(int argc, char **argv)
{
	const char *how = argv[1];
	int end = 2;
	folder = argv[2];
	said = fopen(getenv("SAID"), "w");
	if (!said || ring_open(&ring, 64, 0, argc > 3 && *how == 's' ? strtoul(argv[3], NULL, 0) : 0))
		return 2;
	if (!strcmp(how, "many"))
		end = many(atoi(argv[3]));
	else if (!strcmp(how, "twins"))
		end = twins();
	else if (!strcmp(how, "silent"))
		end = silent();
	else if (!strcmp(how, "rings"))
		end = rings(!strcmp(argv[3], "closing"));
	else if (!strcmp(how, "full"))
		end = full();
	else if (!strcmp(how, "paths"))
		end = paths();
	else if (!strcmp(how, "made"))
		end = made();
	else if (!strcmp(how, "copies"))
		end = copies();
	fclose(said);
	return end;
}
