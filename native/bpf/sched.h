/* Tracepoints other than system calls: those of a thread's life (threads.h), signals, switches, page faults. */
#ifndef KSYS_SCHED_H
#define KSYS_SCHED_H

#include "threads.h"
#include "slept.h"

struct signal_rec {
	struct ksys_rec rec;
	s32 spid, dpid, sig;
} __attribute__((packed));

#define SIGCHLD 17

SEC("tp_btf/signal_deliver")
TRACEPOINT_PROG(on_signal, int sig, struct kernel_siginfo *info)
{
	struct task_struct *t = bpf_get_current_task_btf();
	u32 cpu = bpf_get_smp_processor_id();
	u16 flags = 0;
	struct signal_rec *r;
	if (excluded(t) || !tracepoint_passes(t, config.plan.signal, &flags))
		return 0;
	r = reserve(cpu, sizeof(*r), LOST_OTHER);
	if (!r)
		return 0;
	head(&r->rec, t, KS_SIGNAL, 0);
	/* si_pid is present for kill (0), tgkill (-6), sigqueue (-1) and for a child's exit */
	int code = BPF_CORE_READ(info, si_code);
	r->spid = sig == SIGCHLD || code == 0 || code == -6 || code == -1 ? BPF_CORE_READ(info, _sifields._kill._pid) : 0;
	r->dpid = t->pid;
	r->sig = sig;
	bpf_ringbuf_submit(r, BPF_RB_NO_WAKEUP);
	return 0;
}

/* The next two may run inside the programs above and below: they reserve before they build. */
struct switch_rec {
	struct ksys_rec rec;
	s32 next;
	u64 maj, min;
	u32 vm[3];
	u64 ran;
} __attribute__((packed));

/* the parameter `ran` */
#define SWITCH_RAN (1u << 6)

/* Time of each processor's last switch: since then the thread that is now switched out has run, whether or not the previous
 * switch was recorded. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, u64);
} switched SEC(".maps");

SEC("tp_btf/sched_switch")
TRACEPOINT_PROG(on_switch, bool preempt, struct task_struct *prev, struct task_struct *next)
{
	u32 cpu = bpf_get_smp_processor_id();
	u16 flags = 0;
	struct switch_rec *r;
	struct mm_struct *mm;
	u32 zero = 0;
	u64 *switched_at = bpf_map_lookup_elem(&switched, &zero), since = 0;
	if (switched_at) {
		since = *switched_at;
		*switched_at = bpf_ktime_get_boot_ns();
	}
	if (excluded(prev))
		return 0;
	if (config.plan.stacks & STACK_KERNEL && !preempt)
		keep_sleep(ctx, (struct pt_regs *)bpf_task_pt_regs(prev));
	if (!tracepoint_passes(prev, config.plan.sched_switch, &flags))
		return 0;
	r = reserve(cpu, sizeof(*r), LOST_OTHER);
	if (!r)
		return 0;
	head(&r->rec, prev, KS_SWITCH, 0);
	r->next = next->pid;
	r->ran = r->rec.time - since;
	if (!since)
		r->rec.absent |= SWITCH_RAN;
	r->maj = prev->maj_flt;
	r->min = prev->min_flt;
	mm = loose(prev)->mm;
	u32 vm[3];
	read_vm(prev, mm, vm);
	__builtin_memcpy(r->vm, vm, sizeof(vm));
	bpf_ringbuf_submit(r, BPF_RB_NO_WAKEUP);
	return 0;
}

struct fault_rec {
	struct ksys_rec rec;
	u64 addr, ip;
	u32 error;
} __attribute__((packed));

static __always_inline int page_fault(u64 addr, u64 ip, u64 error)
{
	struct task_struct *t = bpf_get_current_task_btf();
	u32 cpu = bpf_get_smp_processor_id();
	u16 flags = 0;
	struct fault_rec *r;
	if (excluded(t) || !tracepoint_passes(t, config.plan.page_fault, &flags))
		return 0;
	r = reserve(cpu, sizeof(*r), LOST_OTHER);
	if (!r)
		return 0;
	head(&r->rec, t, KS_PAGE_FAULT, 0);
	r->addr = addr;
	r->ip = ip;
	r->error = error;
	bpf_ringbuf_submit(r, BPF_RB_NO_WAKEUP);
	return 0;
}

SEC("tp_btf/page_fault_user")
TRACEPOINT_PROG(on_fault_user, unsigned long addr, struct pt_regs *regs, unsigned long error)
{
	return page_fault(addr, CODE_AT(regs), error);
}

SEC("tp_btf/page_fault_kernel")
TRACEPOINT_PROG(on_fault_kernel, unsigned long addr, struct pt_regs *regs, unsigned long error)
{
	return page_fault(addr, CODE_AT(regs), error);
}

#endif
