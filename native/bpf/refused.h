/* Calls in which seccomp kills the thread: neither side of the call is seen. */
#ifndef KSYS_REFUSED_H
#define KSYS_REFUSED_H

#include "enter.h"

#define ALL_ABSENT (~1u) /* the first parameter is the result */

/* The row of a refused call: plain arguments, open flags, paths and addresses. Other parameters are absent: running all operations here
 * would make the kernel check them twice when it loads the programs. */
static __always_inline u32 put_refused(struct scratch *s, u32 nr)
{
	const volatile struct ksys_desc *d = &config.descs[nr & (KSYS_MAX_NR - 1)];
	u32 off = 0;
	s->rec.absent = ALL_ABSENT;
	s->opened.there = s->opened.unresolved = false;
	for (u32 i = 0; i < KSYS_MAX_OPS; i++) {
		u64 w;
		if (i >= d->nops)
			break;
		w = *(const volatile u64 *)&d->ops[i];
		off = any(s, off);
		s->rec.absent &= ~(1u << OP_PARAM(w));
		switch (OP(w)) {
		case OP_ARG:
			put64(s, off, ARG(s, OP_N(w)));
			off += OP_SIZE(w);
			break;
		case OP_OPENED:
			off = op_opened(s, off, w);
			break;
		case OP_STR:
			off = op_str(s, off, w, NULL);
			break;
		case OP_SOCKADDR:
			off = op_sockaddr(s, off, w);
			break;
		default:
			absent(s, OP_PARAM(w));
			for (u32 k = 0; k < KSYS_MOST_EMPTY; k += 8)
				put64(s, off + k, 0);
			off += d->empty[i];
		}
	}
	return off;
}

#define SIGKILL 9

/* SECCOMP_RET_KILL_THREAD where the process has other threads, and strict mode. */
SEC("tp_btf/sched_process_exit")
TRACEPOINT_PROG(on_refused_exit, struct task_struct *t)
{
	struct pt_regs *regs = (struct pt_regs *)bpf_task_pt_regs(t);
	u32 cpu = bpf_get_smp_processor_id(), sig = t->exit_code & 0x7f;
	s32 nr = native_nr(regs, CALL_NR(regs), is_compat(t));
	const volatile struct ksys_desc *d;
	struct scratch *s;
	if (t->flags & (PF_SIGNALED | PF_KTHREAD) || (sig != SIGSYS && sig != SIGKILL) || excluded(t))
		return 0;
	d = &config.descs[nr & (KSYS_MAX_NR - 1)];
	/* a thread that was already exiting when it was killed */
	if (d->flags & DESC_NORETURN && sig == SIGKILL)
		return 0;
	if (config.plan.count || !passes_filter(t, config.plan.verdicts[nr & (KSYS_MAX_NR - 1)]) || throttled(t, LEFT_SHOWN))
		return 0;
	emit_table_if_unknown(regs, t);
	s = begin_enter(regs, t, cpu, d->type, 0);
	if (!s)
		return 0;
	s->rec.ret = -(s64)(KSYS_ENDED_BY + sig);
	s->enter = 0;
	emit_event(s, put_refused(s, nr), cpu);
	return 0;
}

#endif
