/* Where in the kernel a call slept: at its end the kernel's own way there is gone, so it is kept whenever the call's thread leaves
 * its CPU to wait. Only of threads that have an entry (calls.h), and of a call the last time. */
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
	__uint(max_entries, CALL_ENTRIES); /* 1 where no kernel stacks are wanted; set before load */
	__type(key, u32);
	__type(value, struct slept);
} sleeps SEC(".maps");

static __always_inline struct slept *slept_of(struct pt_regs *regs)
{
	u32 i = entry_number(regs);
	return entry_of(regs)->owner == (u64)regs ? bpf_map_lookup_elem(&sleeps, &i) : NULL;
}

/* A call begins. */
static __always_inline void forget_sleep(struct pt_regs *regs)
{
	struct slept *s = slept_of(regs);
	if (s)
		s->count = 0;
}

/* The thread that runs leaves its CPU; regs: its saved registers. */
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
