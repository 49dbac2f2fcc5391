/* The io_urings that are watched because operations of theirs may end without a tracepoint (uring_unseen.h). */
#ifndef KSYS_URING_WATCH_H
#define KSYS_URING_WATCH_H

#include "uring_op.h"

#define WATCHED_RINGS 8
#define BEING_TAKEN 1 /* instead of an io_uring's address */

/* A watched io_uring: how many of its operations may end unseen, whether completions overflowed, and where its list started
 * the last time. If it has neither, it is not visited, and another io_uring may take its slot. CPUs search for slots
 * concurrently: to take an unused slot a CPU marks it; to use its own it increments the count first and then checks that the
 * slot still belongs to it. */
struct watched_ring {
	u64 at, top;
	u32 unseen, overflowed;
};

/* The watched io_urings of a process. Its operations that may end unseen are counted here as well: those of a closed
 * io_uring end with the process. */
struct uring_watch {
	u32 unseen, pad;
	struct watched_ring rings[WATCHED_RINGS];
};
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 8192); /* set before load (capture/table_sizes.cc) */
	__type(key, u32);
	__type(value, struct uring_watch);
} uring_watches SEC(".maps");

struct uring_watch blank_watch = {};

/* Number of processes that have one. */
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

/* The slot of an io_uring among a process's watched ones; NULL: it has none. */
static __always_inline struct watched_ring *place_of(struct uring_watch *w, u64 ring)
{
	for (u32 i = 0; i < WATCHED_RINGS; i++)
		if (w->rings[i].at == ring)
			return &w->rings[i];
	return NULL;
}

/* Decrements the count of an io_uring's operations that may end unseen. */
static __always_inline void count_down(struct watched_ring *r)
{
	if (!__sync_fetch_and_add(&r->unseen, -1))
		__sync_fetch_and_add(&r->unseen, 1);
}

/* Counts an operation in a slot that belongs to its io_uring and is in use. */
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

/* Counts an operation of an io_uring in an unused slot, which it takes. */
static __always_inline bool claim_place(struct watched_ring *r, u64 ring)
{
	u64 before = *(volatile u64 *)&r->at;
	if (in_use(r) || before == BEING_TAKEN || __sync_val_compare_and_swap(&r->at, before, BEING_TAKEN) != before)
		return false;
	if (*(volatile u32 *)&r->unseen || *(volatile u32 *)&r->overflowed) { /* it came into use in the meantime */
		*(volatile u64 *)&r->at = before;
		return false;
	}
	r->top = 0;
	__sync_fetch_and_add(&r->unseen, 1);
	*(volatile u64 *)&r->at = ring;
	return true;
}

/* Counts an operation of an io_uring among those that may end unseen, in its slot, or in an unused one if it has none yet.
 * NULL: all are in use. */
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

/* Counts an operation among those that may end unseen; false if there is no slot. */
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

/* Removes a process without watched io_urings. */
static __always_inline void unwatch_if_idle(struct uring_watch *w, u32 pid)
{
	if (w->unseen)
		return;
	for (u32 i = 0; i < WATCHED_RINGS; i++)
		if (w->rings[i].overflowed)
			return;
	unwatch(pid);
}

/* Decrements the counts for one operation that may end unseen. */
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

#endif
