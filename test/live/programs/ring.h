// io_uring with the kernel's own calls alone.
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/io_uring.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

struct ring {
	int fd;
	char *sq, *cq;
	struct io_uring_params p;
	struct io_uring_sqe *sqes;
	unsigned tail; // passed to the kernel with ring_submit: a thread of its own takes what is there
};

struct completion {
	unsigned long long user_data;
	int res;
	unsigned flags;
};

static unsigned *ring_at(char *base, unsigned off) { return (unsigned *)(base + off); }

// completions: capacity for this many, 0: the kernel's default; flags: IORING_SETUP_*
static int ring_open(struct ring *r, unsigned entries, unsigned completions, unsigned flags)
{
	memset(r, 0, sizeof(*r));
	r->p.flags = flags;
	if (completions) {
		r->p.flags |= IORING_SETUP_CQSIZE;
		r->p.cq_entries = completions;
	}
	r->fd = syscall(SYS_io_uring_setup, entries, &r->p);
	if (r->fd < 0)
		return -1;
	r->sq = mmap(NULL, r->p.sq_off.array + r->p.sq_entries * 4, PROT_READ | PROT_WRITE, MAP_SHARED, r->fd, IORING_OFF_SQ_RING);
	r->cq = mmap(NULL, r->p.cq_off.cqes + r->p.cq_entries * 16, PROT_READ | PROT_WRITE, MAP_SHARED, r->fd, IORING_OFF_CQ_RING);
	r->sqes = mmap(NULL, r->p.sq_entries * sizeof(*r->sqes), PROT_READ | PROT_WRITE, MAP_SHARED, r->fd, IORING_OFF_SQES);
	return 0;
}

__attribute__((unused)) static void ring_close(struct ring *r)
{
	munmap(r->sq, r->p.sq_off.array + r->p.sq_entries * 4);
	munmap(r->cq, r->p.cq_off.cqes + r->p.cq_entries * 16);
	munmap(r->sqes, r->p.sq_entries * sizeof(*r->sqes));
	close(r->fd);
}

static struct io_uring_sqe *ring_next(struct ring *r, int op, int fd, unsigned long long user_data)
{
	unsigned i = r->tail++ & *ring_at(r->sq, r->p.sq_off.ring_mask);
	struct io_uring_sqe *e = &r->sqes[i];
	memset(e, 0, sizeof(*e));
	e->opcode = op;
	e->fd = fd;
	e->user_data = user_data;
	ring_at(r->sq, r->p.sq_off.array)[i] = i;
	return e;
}

static void ring_submit(struct ring *r, int n)
{
	atomic_store((_Atomic unsigned *)ring_at(r->sq, r->p.sq_off.tail), r->tail);
	syscall(SYS_io_uring_enter, r->fd, n, 0, r->p.flags & IORING_SETUP_SQPOLL ? IORING_ENTER_SQ_WAKEUP : 0, NULL, 0);
}

static int ring_ready(struct ring *r)
{
	return *ring_at(r->cq, r->p.cq_off.head) != atomic_load((_Atomic unsigned *)ring_at(r->cq, r->p.cq_off.tail));
}

static struct completion ring_wait(struct ring *r)
{
	while (!ring_ready(r))
		syscall(SYS_io_uring_enter, r->fd, 0, 1, IORING_ENTER_GETEVENTS, NULL, 0);
	unsigned head = *ring_at(r->cq, r->p.cq_off.head);
	struct io_uring_cqe *e = (struct io_uring_cqe *)(r->cq + r->p.cq_off.cqes) + (head & *ring_at(r->cq, r->p.cq_off.ring_mask));
	struct completion c = {e->user_data, e->res, e->flags};
	atomic_store((_Atomic unsigned *)ring_at(r->cq, r->p.cq_off.head), head + 1);
	return c;
}
