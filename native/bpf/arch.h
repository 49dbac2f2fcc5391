/* Everything that depends on the architecture: where a call's number and arguments are in the saved registers. */
#ifndef KSYS_ARCH_H
#define KSYS_ARCH_H

#include "kernel.h"

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)
#if defined(__TARGET_ARCH_x86)
struct pt_regs {
	unsigned long bp, sp, bx, r10, r9, r8, ax, cx, dx, si, di, orig_ax, ip;
};
#elif defined(__TARGET_ARCH_arm64)
struct pt_regs {
	u64 regs[31];
	u64 pc;
	u64 orig_x0;
	s32 syscallno;
};
#else
#error "no register access for this architecture: add it to native/bpf/arch.h"
#endif
#pragma clang attribute pop

#if defined(__TARGET_ARCH_x86)
#define COMPAT_STATUS 2 /* TS_COMPAT */
#define EXEC_HIDES_NR 1 /* a successful exec resets the saved number */
#define NR_EXECVE 59
#define NR_EXECVEAT 322
#define NR_SIGRETURN 15
#define NR_SENDMSG 46
/* Stores a number that publishes the stores before it to another CPU. Stores stay in order here. */
#define PUBLISH(to, value)                                                                                             \
	do {                                                                                                           \
		asm volatile("" ::: "memory");                                                                         \
		*(volatile u64 *)(to) = (value);                                                                       \
	} while (0)
#define SOCKETCALL 102 /* i386's multiplexed call for sockets */
#define PAIRS_ALIGNED 0 /* a 64-bit argument of a 32-bit program may start at any register */
#define CALL_NR(regs) ((s32)(regs)->orig_ax)
#define CODE_AT(regs) ((regs)->ip)
/* Page table entries. Bits 47 and 51 are not part of the address: one of them marks encrypted memory. */
#define ENTRY_ADDRESS 0x7ffffffff000ull
#define ENTRY_IS_BLOCK(entry) ((entry) & 1 << 7)
#define MEMORY_SHIFT 46 /* physical addresses of memory are lower than 64 TB */
/* The entry of a page that is in memory, else 0. A page without access rights (by which the kernel finds out which NUMA node
 * uses it) is marked by bit 8, and its address is inverted. */
static __always_inline u64 entry_in_memory(u64 entry)
{
	return entry & 1 ? entry : entry & 1 << 8 ? entry ^ ENTRY_ADDRESS : 0;
}
static __always_inline bool is_compat(struct task_struct *t)
{
	return t->thread_info.status & COMPAT_STATUS;
}
static __always_inline u64 first_arg(struct pt_regs *r)
{
	return r->di;
}
/* The flags of a call that sends; of others, whatever is in that register. */
static __always_inline u32 message_flags(struct pt_regs *r, s32 nr)
{
	return nr == NR_SENDMSG ? r->dx : r->r10;
}
/* Whether the arguments of a 32-bit program's call are in memory. */
static __always_inline bool args_in_memory(s32 nr)
{
	return nr == SOCKETCALL;
}
/* The secondary number of a 32-bit program's call: the function of socketcall; too large: none. */
static __always_inline u32 number_apart(struct pt_regs *r, s32 nr)
{
	return nr == SOCKETCALL ? (u32)r->bx : -1;
}
/* The result's register as it was before the call. */
static __always_inline s64 rolled_back(struct pt_regs *r, bool compat)
{
	return r->orig_ax;
}
/* Of the kernel's function at whose start or end a program runs: its second argument, its result. */
static __always_inline u64 second_argument(struct pt_regs *r)
{
	return r->si;
}
static __always_inline s64 function_result(struct pt_regs *r)
{
	return r->ax;
}
/* The result of a call that is not performed, from its saved registers. */
static __always_inline s64 result_so_far(struct pt_regs *r)
{
	return r->ax;
}
enum syscall_work_bit {
	SYSCALL_WORK_BIT_SYSCALL_EMU = 3,
};
/* Whether a tracer performs the thread's calls itself (PTRACE_SYSEMU). */
static __always_inline bool is_emulated(struct task_struct *t)
{
	return t->thread_info.syscall_work >> bpf_core_enum_value(enum syscall_work_bit, SYSCALL_WORK_BIT_SYSCALL_EMU) & 1;
}
/* A call's result, from the value that the tracepoint passes. */
static __always_inline s64 result_of(s64 ret, bool compat)
{
	return ret;
}
/* The number of an exec that succeeded; -1: it is another call, or cannot be determined. */
static __always_inline s32 exec_done(struct pt_regs *r, s32 nr, bool compat)
{
	return -1;
}
static __always_inline void call_args(struct pt_regs *r, u64 *a)
{
	a[0] = r->di;
	a[1] = r->si;
	a[2] = r->dx;
	a[3] = r->r10;
	a[4] = r->r8;
	a[5] = r->r9;
}
static __always_inline void compat_args(struct pt_regs *r, u64 *a)
{
	a[0] = (u32)r->bx;
	a[1] = (u32)r->cx;
	a[2] = (u32)r->dx;
	a[3] = (u32)r->si;
	a[4] = (u32)r->di;
	a[5] = (u32)r->bp;
}
#else
#define EXEC_HIDES_NR 0
#define NR_EXECVE 221
#define NR_EXECVEAT 281
#define NR_SIGRETURN 139
#define NR_SENDMSG 211
#define PUBLISH(to, value) __sync_lock_test_and_set(to, value) /* an atomic operation that returns a value is a full barrier */
#define PAIRS_ALIGNED 1
#define ARM_PRIVATE 0xf0000
#define ARM_EXECVE 11
#define ARM_EXECVEAT 387
#define CALL_NR(regs) ((regs)->syscallno)
#define CODE_AT(regs) ((regs)->pc)
#define ENTRY_ADDRESS 0xfffffffff000ull
#define ENTRY_IS_BLOCK(entry) (!((entry) & 2))
#define MEMORY_SHIFT 47 /* the memory of two sockets is far apart */
/* Pages without access rights are marked by different bits in different kernels: they count as missing. */
static __always_inline u64 entry_in_memory(u64 entry)
{
	return entry & 1 ? entry : 0;
}
#define COMPAT_FLAG (1u << 22) /* TIF_32BIT */
static __always_inline bool is_compat(struct task_struct *t)
{
	return t->thread_info.flags & COMPAT_FLAG;
}
static __always_inline u64 first_arg(struct pt_regs *r)
{
	return r->orig_x0;
}
static __always_inline u32 message_flags(struct pt_regs *r, s32 nr)
{
	return nr == NR_SENDMSG ? r->regs[2] : r->regs[3];
}
static __always_inline bool args_in_memory(s32 nr)
{
	return false;
}
/* Private calls have numbers far above the others. */
static __always_inline u32 number_apart(struct pt_regs *r, s32 nr)
{
	return (u32)nr - ARM_PRIVATE;
}
static __always_inline s64 rolled_back(struct pt_regs *r, bool compat)
{
	return compat ? (s32)r->orig_x0 : r->orig_x0;
}
static __always_inline u64 second_argument(struct pt_regs *r)
{
	return r->regs[1];
}
static __always_inline s64 function_result(struct pt_regs *r)
{
	return r->regs[0];
}
static __always_inline s64 result_so_far(struct pt_regs *r)
{
	return r->regs[0];
}
#define EMULATED_FLAG (1u << 12) /* TIF_SYSCALL_EMU */
static __always_inline bool is_emulated(struct task_struct *t)
{
	return t->thread_info.flags & EMULATED_FLAG;
}
/* The kernel treats a 32-bit program's result as signed, so an address in the upper half is negative. */
static __always_inline s64 result_of(s64 ret, bool compat)
{
	return compat && ret < -4095 ? (u32)ret : ret;
}
/* The remaining number is that of the program before, which may have been of the other kind; its registers are reset. */
static __always_inline s32 exec_done(struct pt_regs *r, s32 nr, bool compat)
{
	if (nr != NR_EXECVE && nr != NR_EXECVEAT && nr != ARM_EXECVE && nr != ARM_EXECVEAT)
		return -1;
	if (compat ? r->regs[7] : r->regs[8])
		return -1;
	return nr == NR_EXECVE || nr == ARM_EXECVE ? NR_EXECVE : NR_EXECVEAT;
}
static __always_inline void call_args(struct pt_regs *r, u64 *a)
{
	a[0] = r->orig_x0;
	a[1] = r->regs[1];
	a[2] = r->regs[2];
	a[3] = r->regs[3];
	a[4] = r->regs[4];
	a[5] = r->regs[5];
}
static __always_inline void compat_args(struct pt_regs *r, u64 *a)
{
	call_args(r, a);
	for (int i = 0; i < 6; i++)
		a[i] = (u32)a[i];
}
#endif

/* One of six arguments, by an index that the verifier does not know. */
static __always_inline u64 arg_of(const u64 *a, u32 i)
{
	switch (i) {
	case 0:
		return a[0];
	case 1:
		return a[1];
	case 2:
		return a[2];
	case 3:
		return a[3];
	case 4:
		return a[4];
	default:
		return a[5];
	}
}

#endif
