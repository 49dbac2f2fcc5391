/* Kernel stack at which a call last slept: at the call's end that stack no longer exists, so it is saved whenever the call's
 * thread is switched out to wait. Only for threads that have an entry (calls.h), and only the last one of a call. */
#ifndef KSYS_SLEPT_H
#define KSYS_SLEPT_H

#include "calls.h"

#define SLEPT_FRAMES 32

struct slept {
	u64 frames[SLEPT_FRAMES];
	u64 count; /* 0: the call has not slept */
};
/* By the number of the thread's entry. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, CALL_ENTRIES); /* 1 if no kernel stacks are recorded; set before load */
	__type(key, u32);
	__type(value, struct slept);
} sleeps SEC(".maps");

static __always_inline struct slept *slept_of(struct pt_regs *regs)
{
	u32 i = entry_number(regs);
	return entry_of(regs)->owner == (u64)regs ? bpf_map_lookup_elem(&sleeps, &i) : NULL;
}

/* Called at the start of a call. */
static __always_inline void forget_sleep(struct pt_regs *regs)
{
	struct slept *s = slept_of(regs);
	if (s)
		s->count = 0;
}

/* The running thread is switched out; regs: its saved registers. */
static __always_inline void keep_sleep(void *ctx, struct pt_regs *regs)
{
	struct slept *s = entry_of(regs)->time ? slept_of(regs) : NULL;
	long n;
	if (!s)
		return;
	n = bpf_get_stack(ctx, s->frames, sizeof(s->frames), 0);
	s->count = n > 0 ? (u32)n / 8 : 0;
}

#endif
