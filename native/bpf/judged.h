/* Conditions on the process that only user space can judge: program, command line, ancestors. It judges each thread once, and the
 * slots that the thread cannot fulfil are kept here. Until then, and from each change of the thread on, its calls are recorded.
 *
 * A call of a thread without a judgement requests one. User space judges when it has read all records up to the time of the
 * request, and names the request in its judgement: one that a change has made void, or that belongs to an earlier thread with this
 * number, has no effect. Whoever changes a thread removes the request after the record of the change was written, so a later request
 * is judged with that change. Threads share entries: the last one to request has it. */
#ifndef KSYS_JUDGED_H
#define KSYS_JUDGED_H

#include "maps.h"

struct ksys_judgements judgements SEC(".bss.judged");

/* A request that has not been answered for so long is repeated: it may have been overwritten. */
#define REPEAT_NS 2000000000ull

static __always_inline struct ksys_judged *judged_entry(u32 tid)
{
	return &judgements.entries[tid & (KSYS_JUDGED - 1)];
}

/* Requests a judgement of the running thread, unless one is due. */
static __noinline int request_judgement(u32 tid)
{
	struct ksys_judged *e = judged_entry(tid);
	u64 now = bpf_ktime_get_boot_ns(), request = e->request;
	struct ksys_request *r;
	u64 n;
	if (KSYS_REQUEST_OF(request, tid) && e->time > judgements.moved && now - e->time < REPEAT_NS)
		return 0;
	e->request = 0;
	e->time = now;
	PUBLISH(&e->request, KSYS_REQUEST_ID(tid, now));
	n = __sync_fetch_and_add(&judgements.requested, 1);
	r = &judgements.requests[n & (KSYS_REQUESTS - 1)];
	r->number = 0;
	r->time = now;
	r->tid = tid;
	PUBLISH(&r->number, n + 1);
	return 0;
}

/* Whether the running thread is judged unable to fulfil slot i. */
static __always_inline bool judged_unable(struct task_struct *t, u32 i)
{
	struct ksys_judged *e;
	u64 request, judgement;
	u32 tid;
	i &= KSYS_MAX_SLOTS - 1;
	if (!config.plan.slots[i].process)
		return false;
	tid = t->pid;
	e = judged_entry(tid);
	request = *(volatile u64 *)&e->request;
	judgement = *(volatile u64 *)&e->judgement;
	if (KSYS_REQUEST_OF(request, tid) && judgement >> 16 == request && e->time > *(volatile u64 *)&judgements.moved)
		return judgement >> i & 1;
	request_judgement(tid);
	return false;
}

/* The thread has changed, and the record of the change was written: it must be judged again. */
static __always_inline void forget_judgement(u32 tid)
{
	struct ksys_judged *e = judged_entry(tid);
	if (config.plan.judges && KSYS_REQUEST_OF(e->request, tid))
		e->request = 0;
}

/* Ancestors or cgroups have changed: the same for all threads, as it is not known which ones are concerned. */
static __always_inline void forget_judgements(void)
{
	if (config.plan.judges == JUDGES_LINEAGE)
		judgements.moved = bpf_ktime_get_boot_ns();
}

/* The same for those that have the thread as an ancestor, if there may be any. */
static __always_inline void forget_descendants(struct task_struct *t)
{
	u64 task = 0, first;
	if (config.plan.judges != JUDGES_LINEAGE)
		return;
	bpf_probe_read_kernel(&task, sizeof(task), &t); /* the verifier does not accept a pointer that it knows as a number */
	first = (u64)BPF_CORE_READ(t, children.next);
	if (first != task + bpf_core_field_offset(struct task_struct, children))
		forget_judgements();
}

/* The same for the running thread, with a stack of its own. */
static __noinline int forget_own_descendants(void)
{
	forget_descendants(loose(bpf_get_current_task_btf()));
	return 0;
}

#endif
