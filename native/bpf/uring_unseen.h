/* Operations of io_uring that end where no tracepoint is: those whose success posts no completion, and those whose completion the ring
 * has no room for. The ring puts a request that has ended on top of its list of free ones, and leaves the result in it: there it is
 * found when the process leaves io_uring_enter or has run what its requests had left to do. */
#ifndef KSYS_URING_UNSEEN_H
#define KSYS_URING_UNSEEN_H

#include "uring_end.h"
#include "uring_twins.h"

#define WATCHED_RINGS 8
#define FREE_REQUESTS (1 << 17) /* that are looked at */
#define URING_SQPOLL 2

/* The rings of a process that are looked at, and where the list began the last time. */
struct uring_watch {
	u32 unseen, overflowed; /* operations that may end unseen; whether others have */
	u64 rings[WATCHED_RINGS], tops[WATCHED_RINGS];
};
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 8192);
	__type(key, u32);
	__type(value, struct uring_watch);
} uring_watches SEC(".maps");

struct uring_watch blank_watch = {};

/* Processes that have one. */
u64 uring_watching = 0;

/* Watches a ring for a process; false when there is no room. */
static __always_inline struct uring_watch *watch(u32 pid, u64 ring)
{
	struct uring_watch *w = bpf_map_lookup_elem(&uring_watches, &pid);
	if (!w) {
		if (bpf_map_update_elem(&uring_watches, &pid, &blank_watch, BPF_NOEXIST))
			return NULL;
		__sync_fetch_and_add(&uring_watching, 1);
		w = bpf_map_lookup_elem(&uring_watches, &pid);
		if (!w)
			return NULL;
	}
	for (u32 i = 0; i < WATCHED_RINGS; i++) {
		if (w->rings[i] == ring)
			return w;
		if (!w->rings[i]) {
			w->rings[i] = ring;
			return w;
		}
	}
	return NULL;
}

/* Counts an operation among those that may end unseen; false when there is no room. */
static __always_inline bool watch_one(struct uring_op *op)
{
	struct uring_watch *w = watch(op->pid, op->ring);
	if (!w)
		return false;
	op->watched = 1;
	__sync_fetch_and_add(&w->unseen, 1);
	return true;
}

static __always_inline void unwatch(u32 pid)
{
	if (!bpf_map_delete_elem(&uring_watches, &pid))
		__sync_fetch_and_add(&uring_watching, -1);
}

/* One operation less that may end unseen. */
static __always_inline void unwatch_one(struct uring_op *op)
{
	u32 pid = op->pid;
	struct uring_watch *w = op->watched ? bpf_map_lookup_elem(&uring_watches, &pid) : NULL;
	if (!w)
		return;
	if (__sync_fetch_and_add(&w->unseen, -1) == 1 && !w->overflowed)
		unwatch(pid);
}

/* An operation is over: it is taken from all other tables. */
__noinline int forget_op(struct uring_op *op, u64 req)
{
	if (!op)
		return 0;
	unwatch_one(op);
	if (may_be_multishot(op->opcode))
		leave_twins(op, req);
	if (op->named)
		forget_names(req);
	return 0;
}

/* Takes what is known of an ended request out of the table; false when somebody else has. */
static __always_inline bool take_op(struct uring_work *w, u64 req, struct uring_op *op)
{
	__builtin_memcpy(&w->op, op, sizeof(w->op));
	return !bpf_map_delete_elem(&uring_ops, &req);
}

/* A request has ended that no completion told of: its record, with the result that it still has, or without one. */
static __always_inline void end_unseen(u64 req, struct uring_op *op, u32 absent, const bool passed)
{
	struct uring_work *w = uring_work();
	if (!w || !take_op(w, req, op))
		return;
	w->end.req = req;
	w->end.res = 0;
	w->end.cqe_flags = 0;
	w->end.again = 0;
	w->end.absent = absent | ABSENT(URING_P_CQE);
	if (!(absent & ABSENT(URING_RES)))
		w->end.res = BPF_CORE_READ((struct io_kiocb *)req, cqe.res);
	emit_uring(&w->op, &w->end, passed);
	forget_op(&w->op, req);
}

static __always_inline long look_at_request(const bool passed)
{
	struct uring_work *w = uring_work();
	u64 req, node, next = 0;
	struct uring_op *op;
	struct look *l;
	if (!w)
		return 1;
	l = &w->look;
	node = l->node;
	if (!node || !(l->left || l->all))
		return 1;
	req = node - bpf_core_field_offset(struct io_kiocb, comp_list);
	op = bpf_map_lookup_elem(&uring_ops, &req);
	/* a request may be taken from the list and be submitted again meanwhile */
	if (op && op->ring == l->ring && op->time < l->began) {
		if (!passed && op->makes >= MAKES_PASSED)
			l->kept = 1;
		else {
			l->left -= op->watched && l->left;
			end_unseen(req, op, 0, passed);
		}
	}
	bpf_probe_read_kernel(&next, sizeof(next), (void *)node);
	l->node = node == l->top ? 0 : next;
	return 0;
}

static long look_at_free(u32 i, void *unused)
{
	return look_at_request(false);
}

static long look_at_free_passed(u32 i, void *unused)
{
	return look_at_request(true);
}

/* Looks at one ring's list. Of a ring with a thread of its own, that thread does. */
static __always_inline void look_at_ring(struct look *l, struct uring_watch *w, u32 i, struct task_struct *t, const bool passed)
{
	struct io_ring_ctx *ring = (void *)w->rings[i];
	l->kept = BPF_CORE_READ(ring, flags) & URING_SQPOLL && !(t->flags & (PF_IO_WORKER | PF_USER_WORKER));
	l->missed |= l->kept;
	if (l->kept)
		return;
	l->ring = (u64)ring;
	l->top = w->tops[i];
	l->began = bpf_ktime_get_boot_ns();
	l->left = w->unseen;
	l->all = w->overflowed;
	l->node = l->first = (u64)BPF_CORE_READ(ring, submit_state.free_list.next);
	bpf_loop(FREE_REQUESTS, passed ? look_at_free_passed : look_at_free, NULL, 0);
	l->missed |= l->kept;
	if (!l->kept)
		w->tops[i] = l->first;
}

/* Finds the operations of the current process that have ended unseen. passed: as in put_in_table. */
static __always_inline void look_at_rings(const bool passed)
{
	struct task_struct *t = bpf_get_current_task_btf();
	u32 pid = t->tgid;
	struct uring_work *work = uring_work();
	struct uring_watch *w;
	if (!uring_watching || !work)
		return;
	work->look.missed = 0;
	for (u32 i = 0; i < WATCHED_RINGS; i++) {
		w = bpf_map_lookup_elem(&uring_watches, &pid);
		if (!w)
			return;
		if (!w->rings[i])
			break;
		look_at_ring(&work->look, w, i, t, passed);
	}
	w = bpf_map_lookup_elem(&uring_watches, &pid);
	if (w && w->overflowed && !work->look.missed) {
		w->overflowed = 0;
		if (!w->unseen)
			unwatch(pid);
	}
}

/* At the end of io_uring_enter: a call's end has no stack left for what came with messages, which is found later. */
__noinline int end_all_unseen(void)
{
	if (HAS_REQUESTS)
		look_at_rings(false);
	return 0;
}

/* A request is taken from the top of its ring's list: if the last look began there, all below has been looked at. */
static __always_inline void move_top(u32 pid, u64 ring, u64 req)
{
	struct uring_watch *w = uring_watching ? bpf_map_lookup_elem(&uring_watches, &pid) : NULL;
	u64 node = req + bpf_core_field_offset(struct io_kiocb, comp_list);
	if (!w)
		return;
	for (u32 i = 0; i < WATCHED_RINGS; i++)
		if (w->rings[i] == ring && w->tops[i] == node)
			w->tops[i] = (u64)BPF_CORE_READ((struct io_ring_ctx *)ring, submit_state.free_list.next);
}

static long end_of_process(void *map, u64 *req, struct uring_op *op, u32 *pid)
{
	if (op->watched && op->pid == *pid)
		end_unseen(*req, op, RESULT_UNKNOWN, false);
	return 0;
}

/* A process has ended: so have its operations, whatever became of them. */
static __always_inline void end_with_process(u32 pid)
{
	look_at_rings(true);
	if (!bpf_map_lookup_elem(&uring_watches, &pid))
		return;
	bpf_for_each_map_elem(&uring_ops, end_of_process, &pid, 0);
	unwatch(pid);
}

#endif
