/* Operations of io_uring that end without a tracepoint: those whose success posts no completion, and those whose completion
 * does not fit into the completion queue. The kernel puts a request that has ended on top of the io_uring's list of free
 * ones, and leaves the result in it: it is found there when the process leaves io_uring_enter or has run the remaining work
 * of its requests. uring_watch.h: which io_urings are searched. */
#ifndef KSYS_URING_UNSEEN_H
#define KSYS_URING_UNSEEN_H

#include "uring_end.h"
#include "uring_twins.h"
#include "uring_watch.h"

#define FREE_REQUESTS (1 << 17) /* maximum that is visited */
#define URING_SQPOLL 2
#define REF_DEAD 2 /* __PERCPU_REF_DEAD */

/* An operation is over: removes it from all other tables. */
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

/* Removes an ended request from the table; false if another CPU has removed it. */
static __always_inline bool take_op(struct uring_work *w, u64 req, struct uring_op *op)
{
	__builtin_memcpy(&w->op, op, sizeof(w->op));
	return !bpf_map_delete_elem(&uring_ops, &req);
}

/* A request has ended without a completion: writes its record, with the result that it still has, or without one. */
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
	/* a request may be taken from the list and be submitted again concurrently */
	if (op && op->ring == l->ring && op->time < l->began) {
		if (!passed && op->makes >= MAKES_PASSED)
			l->kept = 1;
		else {
			l->left -= op->watched && l->left;
			end_unseen(req, op, 0, passed);
		}
	}
	bpf_probe_read_kernel(&next, sizeof(next), (void *)node);
	l->node = node == l->top || next == l->first ? 0 : next; /* a list that is being changed may contain a cycle */
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

/* Whether an io_uring was closed: then its list must not be read, and its memory may have been reused. Its reference counter
 * points back at it as long as it exists. */
static __always_inline bool is_closed(struct io_ring_ctx *ring)
{
	struct percpu_ref *refs = (void *)ring + bpf_core_field_offset(struct io_ring_ctx, refs);
	struct percpu_ref_data *data = BPF_CORE_READ(refs, data);
	return !data || BPF_CORE_READ(data, ref) != refs || BPF_CORE_READ(refs, percpu_count_ptr) & REF_DEAD;
}

/* Starts an iteration over an io_uring's list; -1: it was closed, 0: the running thread must not read the list. If the
 * io_uring has a thread of its own, only that thread does. With a stack of its own. */
__noinline int begin_look(struct look *l, u64 at)
{
	struct io_ring_ctx *ring = (void *)at;
	if (!HAS_REQUESTS || !l)
		return 0;
	if (is_closed(ring))
		return -1;
	if (BPF_CORE_READ(ring, flags) & URING_SQPOLL && !(bpf_get_current_task_btf()->flags & (PF_IO_WORKER | PF_USER_WORKER)))
		return 0;
	l->kept = 0;
	l->ring = at;
	l->began = bpf_ktime_get_boot_ns();
	l->node = l->first = (u64)BPF_CORE_READ(ring, submit_state.free_list.next);
	return 1;
}

static __always_inline void look_at_ring(struct look *l, struct watched_ring *r, const bool passed)
{
	int begun = begin_look(l, r->at);
	if (begun < 0) {
		r->at = 0;
		r->unseen = r->overflowed = 0;
	}
	if (begun <= 0)
		return;
	l->top = r->top;
	l->left = r->unseen;
	l->all = r->overflowed;
	r->overflowed = 0;
	bpf_loop(FREE_REQUESTS, passed ? look_at_free_passed : look_at_free, NULL, 0);
	if (l->kept)
		r->overflowed |= l->all;
	else
		r->top = l->first;
}

/* Finds the operations of the current process that have ended unseen. passed: as in put_in_table. */
static __always_inline void look_at_rings(const bool passed)
{
	u32 pid = bpf_get_current_pid_tgid() >> 32;
	struct uring_work *work = uring_work();
	struct uring_watch *w;
	if (!uring_watching || !work)
		return;
	for (u32 i = 0; i < WATCHED_RINGS; i++) {
		w = bpf_map_lookup_elem(&uring_watches, &pid);
		if (!w)
			return;
		if (in_use(&w->rings[i]))
			look_at_ring(&work->look, &w->rings[i], passed);
	}
	w = bpf_map_lookup_elem(&uring_watches, &pid);
	if (w)
		unwatch_if_idle(w, pid);
}

/* At the end of io_uring_enter: the exit side has no stack left for descriptors in messages, which are found later. */
__noinline int end_all_unseen(void)
{
	if (HAS_REQUESTS)
		look_at_rings(false);
	return 0;
}

/* A request is taken from the top of its io_uring's list: if the last iteration started there, all below has been visited. */
static __always_inline void move_top(u32 pid, u64 ring, u64 req)
{
	struct uring_watch *w = uring_watching ? bpf_map_lookup_elem(&uring_watches, &pid) : NULL;
	struct watched_ring *r = w ? place_of(w, ring) : NULL;
	if (r && r->top == req + bpf_core_field_offset(struct io_kiocb, comp_list))
		r->top = (u64)BPF_CORE_READ((struct io_ring_ctx *)ring, submit_state.free_list.next);
}

static long end_of_process(void *map, u64 *req, struct uring_op *op, u32 *pid)
{
	if (op->watched && op->pid == *pid)
		end_unseen(*req, op, RESULT_UNKNOWN, false);
	return 0;
}

/* A process has ended: so have its operations, with unknown results. */
static __always_inline void end_with_process(u32 pid)
{
	look_at_rings(true);
	if (!bpf_map_lookup_elem(&uring_watches, &pid))
		return;
	bpf_for_each_map_elem(&uring_ops, end_of_process, &pid, 0);
	unwatch(pid);
}

#endif
