/* Stack of a call: return addresses after its row (struct ksys_stack). */
#ifndef KSYS_STACK_H
#define KSYS_STACK_H

#include "row.h"
#include "slept.h"

#define FRAMES_BYTES (KSYS_FRAMES * 8)
#define MOST_CALLERS 6
#define PAIR 16

#if defined(__TARGET_ARCH_x86)
#define STACK_WORDS 40
#define LONGEST_FUNCTION 0x10000
#define FIRST_CODE 0x400000
#define NEAR (8ull << 20)

/* The target of the call instruction before a return address; 0: there is none, or its target is in a register. */
static __always_inline u64 target_of(u64 back)
{
	u64 code = 0, to = 0;
	if (bpf_probe_read_user(&code, sizeof(code), (void *)back - 8))
		return 0;
	if ((code >> 24 & 0xff) == 0xe8) /* call rel32 */
		return back + (s32)(code >> 32);
	if ((code >> 16 & 0xffff) == 0x15ff) /* call *rel32(%rip) */
		bpf_probe_read_user(&to, sizeof(to), (void *)back + (s32)(code >> 32));
	return to;
}

/* The jump target of an entry of a procedure linkage table at `to`; 0: it is not one. */
static __always_inline u64 behind_plt(u64 to)
{
	u64 code[2] = {}, target = 0;
	if (bpf_probe_read_user(code, sizeof(code), (void *)to))
		return 0;
	if ((u32)code[0] == 0xfa1e0ff3) { /* endbr64 */
		code[0] = code[0] >> 32 | code[1] << 32;
		code[1] >>= 32;
		to += 4;
	}
	if ((code[0] & 0xff) == 0xf2) { /* bnd */
		code[0] = code[0] >> 8 | code[1] << 56;
		to += 1;
	}
	if ((code[0] & 0xffff) == 0x25ff) /* jmp *rel32(%rip) */
		bpf_probe_read_user(&target, sizeof(target), (void *)to + 6 + (s32)(code[0] >> 16));
	return target;
}

/* Whether a function that starts at `start` may contain the code at `in`. */
static __always_inline bool may_hold(u64 start, u64 in)
{
	return start && in - start < LONGEST_FUNCTION;
}

/* Functions of libc keep no frame pointer, so that following frame pointers skips their caller. The caller is searched for
 * on the stack: the first word that follows a call instruction whose target may be the function that contains the previous
 * address. The ends of functions are known from symbols only, so each address is recorded with the target of its call.
 * Writes both to row[off], innermost first, and returns the number of pairs. frame: the stack up to there belongs to the
 * innermost function with a frame pointer. */
__noinline u32 find_callers(struct scratch *s, u32 off, u64 ip, u64 sp, u64 frame)
{
	u32 words = off + MOST_CALLERS * PAIR;
	struct callers *c;
	if (!s || bpf_probe_read_user(at(s, words), STACK_WORDS * 8, (void *)sp))
		return 0;
	/* In memory: all paths through the loop are then the same for the verifier. */
	c = &s->work.callers;
	*(volatile u64 *)&c->in = ip;
	*(volatile u32 *)&c->found = 0;
	for (u32 i = 0; i < STACK_WORDS; i++) {
		u64 word = *(volatile u64 *)at(s, words + i * 8), to;
		u32 found = *(volatile u32 *)&c->found;
		if (sp + i * 8 == frame || found >= MOST_CALLERS)
			break;
		/* numbers, and addresses on the stack: a failed read costs more than everything else */
		if (word < FIRST_CODE || word >> 47 || word - sp + NEAR < 2 * NEAR)
			continue;
		to = target_of(word);
		if (!to)
			continue;
		ip = *(volatile u64 *)&c->in;
		if (!may_hold(to, ip))
			to = behind_plt(to);
		if (!may_hold(to, ip))
			continue;
		put64(s, put64(s, off + found * PAIR, word), to);
		*(volatile u64 *)&c->in = word;
		*(volatile u32 *)&c->found = found + 1;
	}
	return *(volatile u32 *)&c->found & 7;
}

/* Return addresses of the program at row[off] and on, followed by the pairs of callers; *callers gets the number of pairs.
 * Returns the number of words. */
static __always_inline u32 user_frames(void *ctx, struct scratch *s, u32 off, struct pt_regs *regs, u32 *callers)
{
	long n = bpf_get_stack(ctx, at(s, off), FRAMES_BYTES, BPF_F_USER_STACK);
	u32 words = n > 0 ? (u32)n / 8 : 0;
	if (!words || s->compat)
		return words;
	*callers = find_callers(s, off + words * 8, regs->ip, regs->sp, regs->bp);
	return words + *callers * 2;
}
#else
static __always_inline u32 user_frames(void *ctx, struct scratch *s, u32 off, struct pt_regs *regs, u32 *callers)
{
	long n = bpf_get_stack(ctx, at(s, off), FRAMES_BYTES, BPF_F_USER_STACK);
	return n > 0 ? (u32)n / 8 : 0;
}
#endif

/* The kernel stack at which the call last slept, at row[off] and on. Returns the number of return addresses. */
static __always_inline u32 kernel_frames(struct scratch *s, u32 off, struct pt_regs *regs)
{
	struct slept *last = slept_of(regs);
	u32 n = last ? last->count : 0;
	if (!n || n > SLEPT_FRAMES)
		return 0;
	bpf_probe_read_kernel(at(s, off), sizeof(last->frames), last->frames);
	return n;
}

/* Appends the stacks of the returning call to its row of `off` bytes; returns the bytes of both. A row that leaves no space
 * for them gets none. */
static __noinline u32 put_stack(void *ctx, struct pt_regs *regs, struct scratch *s, u32 off)
{
	u32 row = off & OFF_MASK, kernel = row, users = 0, callers = 0, kernels = 0;
	if (row > KSYS_MAX_ROW - 4096)
		return row;
	if (config.plan.stacks & STACK_USER) {
		users = user_frames(ctx, s, row, regs, &callers);
		kernel = row + users * 8;
	}
	if (config.plan.stacks & STACK_KERNEL)
		kernels = kernel_frames(s, kernel, regs);
	off = put16(s, kernel + kernels * 8, row);
	off = put16(s, off, users);
	off = put16(s, off, callers);
	off = put16(s, off, kernels);
	s->rec.flags |= ROW_STACK;
	/* Through memory: what follows is then checked once. */
	*(volatile u32 *)&s->off = off;
	return *(volatile u32 *)&s->off;
}

#endif
