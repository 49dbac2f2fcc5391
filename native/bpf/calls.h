/* What is kept of a call while a thread is in it: its enter side. Each thread has a place in a table, from its first call to
 * its end; one whose place another thread holds has task storage, which costs 20 ns more in each call. */
#ifndef KSYS_CALLS_H
#define KSYS_CALLS_H

#include "arch.h"
#include "maps.h"

struct in_call {
	u64 time;       /* 0: not in a call */
	u64 owner;      /* of a place: the thread; 0: free */
	s32 nr;
	u16 len[2];     /* of the paths, with NUL; 0: not read; STR_LONG: does not fit */
	char path[2][256];
};
#define STR_LONG 0xffff

#define PLACES 4096
struct in_call places[PLACES] SEC(".bss.places");

struct {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct in_call);
} calls SEC(".maps");

static __always_inline struct in_call *place_of(struct task_struct *t)
{
	u32 low;
	asm volatile("%0 = %1" : "=w"(low) : "w"((u32)(u64)t)); /* half of a pointer is a number, which may be reckoned with */
	return &places[((low >> 6) * 0x9e3779b1u >> 20) & (PLACES - 1)];
}

/* The thread's call; NULL when it never was in one. */
static __always_inline struct in_call *call_of(struct task_struct *t)
{
	struct in_call *c = place_of(t);
	return c->owner == (u64)t ? c : bpf_task_storage_get(&calls, t, 0, 0);
}

/* The same, made when there is none; NULL when there is no memory for it. */
static __always_inline struct in_call *new_call_of(struct task_struct *t)
{
	struct in_call *c = place_of(t);
	if (c->owner == (u64)t || (!c->owner && !__sync_val_compare_and_swap(&c->owner, 0, (u64)t)))
		return c;
	return bpf_task_storage_get(&calls, t, 0, BPF_LOCAL_STORAGE_GET_F_CREATE);
}

/* At the thread's end. */
static __always_inline void free_call_of(struct task_struct *t)
{
	struct in_call *c = place_of(t);
	if (c->owner != (u64)t)
		return;
	c->time = 0;
	PUBLISH(&c->owner, 0);
}

#endif
