/* The arguments of a call, including those that a 32-bit program passes in memory. */
#ifndef KSYS_ARGS_H
#define KSYS_ARGS_H

#include "number.h"

/* The arguments are in memory; there may be fewer than six. */
static __always_inline void socketcall_args(u64 *args)
{
	u32 v[6] = {};
	if (bpf_probe_read_user(v, 24, (void *)args[1]))
		bpf_probe_read_user(v, 12, (void *)args[1]);
	for (int i = 0; i < 6; i++)
		args[i] = v[i];
}

/* Joins the halves of arguments that are wider than a 32-bit program's registers. */
static __noinline int join_halves(u64 *args, u32 halves)
{
	u64 joined[6] = {};
	u32 from = 0;
	if (!args)
		return 0;
	if (halves & KSYS_HALVES_IN_PLACE) {
		for (u32 i = 0; i < 5; i++)
			if (halves >> i & 1)
				args[i] |= args[i + 1] << 32;
		return 0;
	}
	for (u32 i = 0; i < 6; i++) {
		bool two = halves >> i & 1;
		if (two && PAIRS_ALIGNED)
			from += from & 1;
		joined[i] = arg_of(args, from) | (two ? arg_of(args, from + 1) << 32 : 0);
		from += two ? 2 : 1;
		if (from > 5)
			break;
	}
	for (u32 i = 0; i < 6; i++)
		args[i] = joined[i];
	return 0;
}

/* The same, if the call with that number has such arguments. */
static __always_inline void join_wide(u64 *args, s32 nr)
{
	u32 halves;
	if ((u32)nr >= KSYS_NATIVE_NR)
		return;
	BARRIER(nr);
	halves = config.compat_halves[nr & (KSYS_NATIVE_NR - 1)];
	if (halves)
		join_halves(args, halves);
}

/* What a 32-bit program's registers mean. A separate function, so that the kernel checks it once and not on each path that leads here. */
__noinline int interpret_compat_args(struct scratch *s, s32 nr, u32 in_memory)
{
	if (!s)
		return 0;
	if (in_memory)
		socketcall_args(s->args);
	else
		join_wide(s->args, nr);
	return 0;
}

static __always_inline void load_args(struct scratch *s, struct pt_regs *regs, bool compat)
{
	if (compat) {
		s32 nr = CALL_NR(regs);
		compat_args(regs, s->args);
		interpret_compat_args(s, nr, args_in_memory(nr) && apart_nr(regs, nr));
	} else
		call_args(regs, s->args);
	s->args[NUMBER_ARG] = CALL_NR(regs);
	s->compat = compat;
}

#endif
