/* What every program uses: its frame, and pointers of unknown origin to the kernel's structures. */
#ifndef KSYS_PROGRAM_H
#define KSYS_PROGRAM_H

#include "config.h"
#include "kernel.h"

/* Since 6.2 a pointer of unknown origin can be read through directly, which costs a tenth of a helper call. The addon sets
 * whether this is possible: bpf_ksym_exists of a function needs kernel 6.4. */
extern void *bpf_rdonly_cast(const void *obj, u32 btf_id) __ksym __weak;
#define CAN_CAST config.plan.direct_reads
#define CAST(ptr, type) ((struct type *)bpf_rdonly_cast((const void *)(ptr), bpf_core_type_id_kernel(struct type)))

/* Disables preemption while a program runs, on kernels that would preempt it: other threads would find the CPU's scratch
 * space in use. The thread can still be preempted right before and after that, and the kernel then skips the program for
 * everything else that runs there: see `take_side`. The addon sets whether this is such a kernel. */
extern void bpf_preempt_disable(void) __ksym __weak;
extern void bpf_preempt_enable(void) __ksym __weak;
static __always_inline void keep_cpu(void)
{
	if (config.plan.preemptible)
		bpf_preempt_disable();
}
static __always_inline void give_cpu(void)
{
	if (config.plan.preemptible)
		bpf_preempt_enable();
}

/* A program at a tracepoint, with its arguments by name (like BPF_PROG), that disables preemption. Its cost is counted
 * (cost.h) if there is a ceiling on it. */
#define TRACEPOINT_PROG(name, args...) \
	int name(unsigned long long *ctx); \
	static __always_inline int name##_kept(unsigned long long *ctx, ##args); \
	int name(unsigned long long *ctx) \
	{ \
		keep_cpu(); \
		if (config.plan.ceilings) \
			begin_run(); \
		_Pragma("GCC diagnostic push") \
		_Pragma("GCC diagnostic ignored \"-Wint-conversion\"") \
		name##_kept(___bpf_ctx_cast(args)); \
		_Pragma("GCC diagnostic pop") \
		if (config.plan.ceilings) \
			end_run(); \
		give_cpu(); \
		return 0; \
	} \
	static __always_inline int name##_kept(unsigned long long *ctx, ##args)

/* The same structure through a pointer of unknown origin. For each pointer that is read from a trusted structure, the
 * verifier searches all kernel types, several times: that was a third of the load time. */
#define LOOSE(ptr, type) (CAN_CAST ? CAST(ptr, type) : (ptr))
static __always_inline struct task_struct *loose(struct task_struct *t)
{
	return LOOSE(t, task_struct);
}

/* A member of a structure at a pointer of unknown origin. */
#define READ_AT(ptr, type, member) (CAN_CAST ? CAST(ptr, type)->member : BPF_CORE_READ((struct type *)(ptr), member))

#endif
