/* With programs at the functions of the wanted calls: calls that began before those were attached, of which their functions report
 * no end. Until the last of them has ended, a program at the tracepoint of all calls' ends stays attached, too. */
#ifndef KSYS_BEGUN_BEFORE_H
#define KSYS_BEGUN_BEFORE_H

#include "filter.h"
#include "number.h"
#include "calls.h"

struct ksys_begun_before before SEC(".bss.before");

/* The threads in such a call. */
struct {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, u8);
} begun_before SEC(".maps");

static __always_inline bool tracepoint_is_attached(void)
{
	return *(volatile u32 *)&before.attached;
}

/* The thread has left its call, or exits. */
static __always_inline void ended_begun_before(struct task_struct *t)
{
	if (tracepoint_is_attached() && !bpf_task_storage_delete(&begun_before, t))
		__sync_fetch_and_add(&before.calls, -1);
}

/* For the tracepoint's program: whether another one has recorded this end of a call of the running thread. */
static __always_inline bool recorded_at_return(struct pt_regs *regs)
{
	struct in_call *c = running_call(regs);
	bool recorded = c && c->done == CALL_RETURNED;
	ended_begun_before(bpf_get_current_task_btf());
	if (c)
		c->done = 0;
	return recorded;
}

/* Records which threads are in a call that began before its function had programs. A thread that runs may have left the call. */
SEC("iter/task")
int iter_begun_before(struct bpf_iter__task *ctx)
{
	struct task_struct *t = ctx->task;
	struct pt_regs *regs;
	struct in_call *c;
	u32 nr;
	if (!t || excluded(t) || t->exit_state || t->flags & (PF_KTHREAD | PF_IO_WORKER | PF_USER_WORKER))
		return 0;
	regs = (struct pt_regs *)bpf_task_pt_regs(t);
	if (!regs || CALL_NR(regs) == -1)
		return 0;
	nr = native_nr(regs, CALL_NR(regs), is_compat(t)) & (KSYS_MAX_NR - 1);
	if (config.plan.verdicts[nr] == VERDICT_DROP && !(config.descs[nr].flags & (DESC_STATE | DESC_FDS)))
		return 0;
	c = call_of(t);
	if (c && c->done == CALL_BEGUN)
		return 0;
	if (bpf_task_storage_get(&begun_before, t, 0, 0))
		return 0;
	if (bpf_task_storage_get(&begun_before, t, 0, BPF_LOCAL_STORAGE_GET_F_CREATE))
		__sync_fetch_and_add(&before.calls, 1);
	else
		count_lost(bpf_get_smp_processor_id(), LOST_SKIPPED); /* the program at the tracepoint may be gone when it ends */
	return 0;
}

#endif
