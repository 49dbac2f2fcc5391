/* Operations of one io_uring with the same user_data. A completion that is not a multishot operation's last one contains its
 * io_uring and its user_data, not its request: if several match, the one that is running is used. Those that wait for a file
 * run in the order in which their files became ready, and are marked while they run. */
#ifndef KSYS_URING_TWINS_H
#define KSYS_URING_TWINS_H

#include "uring_op.h"

#define URING_TWINS 32            /* maximum that is compared */
#define URING_RUNS 0x3fffffff     /* of a request's poll_refs: nonzero from the time at which the file is ready until it has been handled */

struct uring_key {
	u64 ring, user_data;
};
/* The request that was submitted last; others are linked to it. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 65536); /* set before load (capture/table_sizes.cc) */
	__type(key, struct uring_key);
	__type(value, u64);
} uring_newest SEC(".maps");

/* Number of linked requests: while it is 0, the order in which files become ready is not needed. */
u64 uring_twins = 0;

/* Whether an operation may have several completions. Operations unknown to this version may. */
static __always_inline bool may_be_multishot(u8 opcode)
{
	switch (opcode) {
	case 6: /* POLL_ADD */
	case 9: /* SENDMSG */
	case URING_RECVMSG:
	case URING_TIMEOUT:
	case URING_ACCEPT:
	case 26: /* SEND */
	case 27: /* RECV */
	case URING_CMD:
	case 49: /* READ_MULTISHOT */
	case 58: /* RECV_ZC */
		return true;
	}
	return opcode > URING_PIPE;
}

/* Makes a request findable by its user_data, before it is stored; false if that fails. */
static __always_inline bool join_twins(struct uring_op *op, u64 req)
{
	struct uring_key k = { .ring = op->ring, .user_data = op->user_data };
	u64 *newest = bpf_map_lookup_elem(&uring_newest, &k), older = newest ? *newest : 0;
	struct uring_op *o = older ? bpf_map_lookup_elem(&uring_ops, &older) : NULL;
	if (bpf_map_update_elem(&uring_newest, &k, &req, BPF_ANY))
		return false;
	if (!o || older == req)
		return true;
	o->newer = req;
	op->older = older;
	__sync_fetch_and_add(&uring_twins, 1);
	return true;
}

static __always_inline void leave_twins(struct uring_op *op, u64 req)
{
	struct uring_key k = { .ring = op->ring, .user_data = op->user_data };
	u64 *newest, older = op->older, newer = op->newer;
	struct uring_op *o = older ? bpf_map_lookup_elem(&uring_ops, &older) : NULL;
	struct uring_op *n = newer ? bpf_map_lookup_elem(&uring_ops, &newer) : NULL;
	if (o && o->newer == req)
		o->newer = newer;
	if (n && n->older == req)
		n->older = older;
	if (older || newer)
		__sync_fetch_and_add(&uring_twins, -1);
	if (newer)
		return;
	newest = bpf_map_lookup_elem(&uring_newest, &k);
	if (!newest || *newest != req)
		return;
	if (older)
		*newest = older;
	else
		bpf_map_delete_elem(&uring_newest, &k);
}

static __always_inline bool polled(u8 opcode)
{
	return opcode != URING_TIMEOUT && opcode != URING_CMD;
}

static long look_at_twin(u32 i, void *unused)
{
	struct uring_work *w = uring_work();
	struct io_kiocb *req;
	struct uring_op *op;
	struct search *s;
	u64 key;
	if (!w)
		return 1;
	s = &w->search;
	key = s->req;
	req = (void *)key;
	op = key ? bpf_map_lookup_elem(&uring_ops, &key) : NULL;
	if (!op || op->user_data != s->user_data || op->ring != s->ring)
		return 1;
	if (!i) {
		s->first = key;
		s->opcode = op->opcode;
		s->fd = op->fd;
	}
	if (op->opcode != s->opcode)
		s->opcodes = s->others = 1;
	if (op->fd != s->fd)
		s->others = 1;
	if (BPF_CORE_READ(req, poll_refs.counter) & URING_RUNS) {
		if (!s->running || op->woken < s->woken) {
			s->running = key;
			s->woken = op->woken;
		}
	} else if (!polled(op->opcode) || (!i && !op->woken)) {
		s->idle = key; /* nothing has to become ready for it, or it is being submitted */
		s->idles++;
	}
	s->req = op->older;
	return 0;
}

/* The request of a completion; `unsure` if others that do something else could match as well. */
struct uring_meant {
	u64 req;
	u32 unsure;
};
enum { UNSURE_FILE = 1, UNSURE_OPCODE = 2 };

/* Finds the request of a completion with this user_data; 0 if none is known. */
__noinline int find_meant(struct uring_meant *m, u64 ring, u64 user_data)
{
	struct uring_key k = { .ring = ring, .user_data = user_data };
	u64 *newest = bpf_map_lookup_elem(&uring_newest, &k);
	struct uring_work *w = uring_work();
	struct search *s;
	if (!m || !newest || !w)
		return 0;
	s = &w->search;
	__builtin_memset(s, 0, sizeof(*s));
	s->ring = ring;
	s->user_data = user_data;
	s->req = *newest;
	bpf_loop(URING_TWINS, look_at_twin, NULL, 0);
	m->req = s->running ? s->running : s->idle ? s->idle : s->first;
	m->unsure = 0;
	if (s->others && (s->req || (!s->running && s->idles != 1)))
		m->unsure = UNSURE_FILE | (s->opcodes ? UNSURE_OPCODE : 0);
	return m->req != 0;
}

#endif
