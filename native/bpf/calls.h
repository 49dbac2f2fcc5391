/* State of a thread and, while it is in a call, of the call: its enter side. Each thread has an entry of a table, from its
 * first call to its exit, which is found by the address of its stack; a thread whose entry is occupied by another one uses
 * task storage, which costs 20 ns more in each call. */
#ifndef KSYS_CALLS_H
#define KSYS_CALLS_H

#include "arch.h"
#include "maps.h"

struct in_call {
	u64 time;       /* 0: not in a call */
	u64 owner;      /* of an entry: the thread's saved registers, at the top of its stack; 0: free */
	u64 task;       /* of an entry: the thread */
	u32 known;      /* of an entry: until which change the thread's descriptors are known (`emit_table_if_unknown`) */
	s32 nr;
	u32 done;       /* SIDE_*: sides that the first of two programs handled; or CALL_*, with programs at the functions of calls */
	u16 len[2];     /* of the paths, with NUL; 0: not read; STR_LONG: does not fit */
	u32 cgroup_changes; /* of an entry: the cgroup is known if nothing has changed since then, and the set is the thread's (`running_cgroup`) */
	u64 cgroup_set, cgroup;
	char path[2][256];
};
#define STR_LONG 0xffff

#define CALL_ENTRIES 4096
struct in_call call_entries[CALL_ENTRIES] SEC(".bss.calls");

struct {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct in_call);
} calls SEC(".maps");

static __always_inline u32 entry_number(struct pt_regs *regs)
{
	u32 low;
	asm("%0 = %1" : "=w"(low) : "w"((u32)(u64)regs)); /* half of a pointer is a number, which allows arithmetic */
	return ((low >> 12) * 0x9e3779b1u >> 20) & (CALL_ENTRIES - 1);
}

static __always_inline struct in_call *entry_of(struct pt_regs *regs)
{
	return &call_entries[entry_number(regs)];
}

/* Whether a free entry now belongs to the running thread. */
static __always_inline bool claim_entry(struct in_call *c, struct pt_regs *regs, struct task_struct *t)
{
	if (c->owner || __sync_val_compare_and_swap(&c->owner, 0, (u64)regs))
		return false;
	c->task = (u64)t;
	c->known = 0;
	c->cgroup_set = 0;
	return true;
}

/* The running thread, in a call with these registers. Taken from its entry, because the helper costs as much as a third of
 * what dropped calls cost besides the kernel's own path to the programs. To the verifier it is a pointer of unknown origin:
 * members can be read, but helpers reject it, which a process tree in task storage needs. take: it may get an entry now; not
 * allowed in the middle of a call whose enter side is in task storage. */
static __always_inline struct task_struct *running(struct pt_regs *regs, bool take)
{
	struct in_call *c = entry_of(regs);
	struct task_struct *t;
	if (!CAN_CAST || config.plan.root_pid)
		return bpf_get_current_task_btf();
	if (c->owner == (u64)regs)
		return CAST(c->task, task_struct);
	t = bpf_get_current_task_btf();
	if (take)
		claim_entry(c, regs, t);
	return CAST(t, task_struct);
}

/* The thread's call; NULL if it was never in one. */
static __always_inline struct in_call *call_of(struct task_struct *t)
{
	struct pt_regs *regs = (struct pt_regs *)bpf_task_pt_regs(t);
	struct in_call *c = entry_of(regs);
	return c->owner == (u64)regs ? c : bpf_task_storage_get(&calls, t, 0, 0);
}

/* The same for the running thread, which has these registers. */
static __always_inline struct in_call *running_call(struct pt_regs *regs)
{
	struct in_call *c = entry_of(regs);
	return c->owner == (u64)regs ? c : bpf_task_storage_get(&calls, bpf_get_current_task_btf(), 0, 0);
}

/* The same, created if there is none; NULL if there is no memory for it. */
static __always_inline struct in_call *new_running_call(struct pt_regs *regs)
{
	struct in_call *c = entry_of(regs);
	struct task_struct *t;
	if (c->owner == (u64)regs)
		return c;
	t = bpf_get_current_task_btf();
	return claim_entry(c, regs, t) ? c : bpf_task_storage_get(&calls, t, 0, BPF_LOCAL_STORAGE_GET_F_CREATE);
}

#define SIDE_ENTER 1
#define SIDE_EXIT 2

#define CALL_BEGUN 1    /* its function's program has run, while the tracepoint of ends was attached */
#define CALL_RETURNED 2 /* the same at its end: the tracepoint's program must not record it again */
#define CALL_STOPPED 3  /* it stops for a tracer before it begins */
#define CALL_EMULATED 4 /* the same, and the tracer performs the call itself */

/* If programs can be preempted, each side of calls has two, in sequence: a thread that is preempted at the end of the first
 * blocks it for all others that run on that CPU in the meantime, and the second does its work for them. */
static __always_inline void take_side(struct pt_regs *regs, u32 side)
{
	struct in_call *c;
	if (!config.plan.preemptible)
		return;
	c = running_call(regs);
	if (!c)
		c = new_running_call(regs);
	if (c)
		c->done |= side;
}

/* For the second program: whether the first one ran. Without memory to record it, it is assumed to have run. */
static __always_inline bool side_taken(struct pt_regs *regs, u32 side)
{
	struct in_call *c = running_call(regs);
	bool taken;
	if (!c)
		c = new_running_call(regs);
	if (!c)
		return true;
	taken = c->done & side;
	c->done &= ~side;
	return taken;
}

/* Called when the thread exits. */
static __always_inline void free_call_of(struct task_struct *t)
{
	struct pt_regs *regs = (struct pt_regs *)bpf_task_pt_regs(t);
	struct in_call *c = entry_of(regs);
	if (c->owner != (u64)regs)
		return;
	c->time = 0;
	c->done = 0;
	PUBLISH(&c->owner, 0);
}

#endif
