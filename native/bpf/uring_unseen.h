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
#define REF_DEAD 2 /* __PERCPU_REF_DEAD */
#define BEING_TAKEN 1 /* in place of a ring's address */

/* A ring that is looked at: how many of its operations may end unseen, whether others have, and where its list began the last time.
 * While neither is so it is not looked at, and another ring may have its place. CPUs look for places side by side: whoever wants
 * one that is not in use marks it, and whoever wants its own counts first and looks whether it still is. */
struct watched_ring {
	u64 at, top;
	u32 unseen, overflowed;
};

/* The rings of a process that are looked at. Its operations that may end unseen are counted here as well: those of a ring that is
 * gone end with the process. */
struct uring_watch {
	u32 unseen, pad;
	struct watched_ring rings[WATCHED_RINGS];
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

static __always_inline bool in_use(struct watched_ring *r)
{
	return r->unseen || r->overflowed;
}

static __always_inline void unwatch(u32 pid)
{
	if (!bpf_map_delete_elem(&uring_watches, &pid))
		__sync_fetch_and_add(&uring_watching, -1);
}

static __always_inline struct uring_watch *watch_process(u32 pid)
{
	struct uring_watch *w = bpf_map_lookup_elem(&uring_watches, &pid);
	if (w)
		return w;
	if (bpf_map_update_elem(&uring_watches, &pid, &blank_watch, BPF_NOEXIST))
		return NULL;
	__sync_fetch_and_add(&uring_watching, 1);
	return bpf_map_lookup_elem(&uring_watches, &pid);
}

/* The place of a ring in what is looked at of a process; NULL: it has none. */
static __always_inline struct watched_ring *place_of(struct uring_watch *w, u64 ring)
{
	for (u32 i = 0; i < WATCHED_RINGS; i++)
		if (w->rings[i].at == ring)
			return &w->rings[i];
	return NULL;
}

/* One operation of a ring less that may end unseen. */
static __always_inline void count_down(struct watched_ring *r)
{
	if (!__sync_fetch_and_add(&r->unseen, -1))
		__sync_fetch_and_add(&r->unseen, 1);
}

/* Counts an operation at a place that is its ring's and in use. */
static __always_inline bool keep_place(struct watched_ring *r, u64 ring)
{
	if (!in_use(r))
		return false;
	__sync_fetch_and_add(&r->unseen, 1);
	if (*(volatile u64 *)&r->at == ring)
		return true;
	count_down(r);
	return false;
}

/* Counts an operation of a ring at a place that is not in use, which is its own from now on. */
static __always_inline bool claim_place(struct watched_ring *r, u64 ring)
{
	u64 before = *(volatile u64 *)&r->at;
	if (in_use(r) || before == BEING_TAKEN || __sync_val_compare_and_swap(&r->at, before, BEING_TAKEN) != before)
		return false;
	if (*(volatile u32 *)&r->unseen || *(volatile u32 *)&r->overflowed) { /* it came to be in use meanwhile */
		*(volatile u64 *)&r->at = before;
		return false;
	}
	r->top = 0;
	__sync_fetch_and_add(&r->unseen, 1);
	*(volatile u64 *)&r->at = ring;
	return true;
}

/* Counts an operation of a ring among those that may end unseen, at its place: that of a ring that needs none where it has none yet. NULL:
 * there is no room. */
static __always_inline struct watched_ring *take_place(struct uring_watch *w, u64 ring)
{
	struct watched_ring *r = place_of(w, ring);
	if (r && (keep_place(r, ring) || claim_place(r, ring)))
		return r;
	for (u32 i = 0; i < WATCHED_RINGS; i++)
		if (claim_place(&w->rings[i], ring))
			return &w->rings[i];
	return NULL;
}

/* Counts an operation among those that may end unseen; false when there is no room. */
static __always_inline bool watch_one(struct uring_op *op)
{
	struct uring_watch *w = watch_process(op->pid);
	struct watched_ring *r = w ? take_place(w, op->ring) : NULL;
	if (!r)
		return false;
	op->watched = 1;
	__sync_fetch_and_add(&w->unseen, 1);
	return true;
}

/* Forgets a process of whose rings none is looked at any more. */
static __always_inline void unwatch_if_idle(struct uring_watch *w, u32 pid)
{
	if (w->unseen)
		return;
	for (u32 i = 0; i < WATCHED_RINGS; i++)
		if (w->rings[i].overflowed)
			return;
	unwatch(pid);
}

/* One operation less that may end unseen. */
static __always_inline void unwatch_one(struct uring_op *op)
{
	u32 pid = op->pid;
	struct uring_watch *w = op->watched ? bpf_map_lookup_elem(&uring_watches, &pid) : NULL;
	struct watched_ring *r = w ? place_of(w, op->ring) : NULL;
	if (!w)
		return;
	if (r)
		count_down(r);
	if (__sync_fetch_and_add(&w->unseen, -1) == 1)
		unwatch_if_idle(w, pid);
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
	l->node = node == l->top || next == l->first ? 0 : next; /* a list that is being changed may lead in a circle */
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

/* Whether a ring was closed: then nobody may read its list, and its memory may be something else. What counts its users points back
 * at it for as long as it is a ring. */
static __always_inline bool is_closed(struct io_ring_ctx *ring)
{
	struct percpu_ref *refs = (void *)ring + bpf_core_field_offset(struct io_ring_ctx, refs);
	struct percpu_ref_data *data = BPF_CORE_READ(refs, data);
	return !data || BPF_CORE_READ(data, ref) != refs || BPF_CORE_READ(refs, percpu_count_ptr) & REF_DEAD;
}

/* Begins a look at a ring's list; -1: it was closed, 0: the list is not for the thread that runs. Of a ring with a thread of its own,
 * that thread looks. With a stack of its own. */
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
