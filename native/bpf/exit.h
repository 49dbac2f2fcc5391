/* The exit side of system calls: creates the one record. */
#ifndef KSYS_EXIT_H
#define KSYS_EXIT_H

#include "enter.h"
#include "begun_before.h"
#include "lane.h"
#include "left_out.h"
#include "lookup.h"
#include "uring_unseen.h"
#include "stack.h"

/* Records of what a successful call may have changed besides its own record. */
static __always_inline void side_records(struct scratch *s, struct task_struct *t, u16 flags, const bool everybody)
{
	if (s->rec.ret < 0)
		return;
	if (flags & DESC_FDS) {
		if ((flags >> DESC_FDS_KIND & 7) == FDS_URING)
			end_all_unseen();
		else
			emit_fds(s, flags >> DESC_FDS_KIND);
	}
	if (flags & DESC_CWD)
		emit_cwd(s);
	if (flags & DESC_CREDS) {
		emit_creds(s);
		forget_judgement(t->pid);
	}
	if (!everybody && flags & (DESC_CREDS | DESC_UNSHARE))
		emit_table_if_followed(t, NULL, s->rec.time);
}

/* Records of what the call's own does not contain: the file of an ambiguous path, and the port that the kernel chose; and what its own
 * makes void. */
__noinline int tell_beside(struct scratch *s, u32 flags)
{
	if (!s || s->rec.ret < 0)
		return 0;
	if (!(flags & DESC_PLAIN) && s->opened.there && s->opened.unresolved)
		emit_fd(s, s->rec.ret);
	else if (s->rec.type == KS_BIND || s->rec.type == KS_LISTEN)
		emit_bound(s);
	else if (s->rec.type == KS_EXECVE || s->rec.type == KS_EXECVEAT)
		forget_own_descendants(); /* only the record of this call has the arguments of the program */
	return 0;
}

static __always_inline bool restarted(s64 ret)
{
	return ret <= -512 && ret >= -516;
}

#define ENOSYS 38
#define SIGSYS 31

/* Whether seccomp rejected the call and sends the thread a signal for it, which cannot be blocked: the registers are then as
 * they were before the call. */
static __noinline int refused(void)
{
	struct task_struct *t = loose(bpf_get_current_task_btf());
	return (t->pending.signal.sig[0] & ~t->blocked.sig[0]) >> (SIGSYS - 1) & 1;
}

enum { RESULT_OF_TRACEPOINT, RESULT_GIVEN };

/* The result of the call: the second argument of the tracepoint with that context, or the given one. */
static __always_inline s64 result_in(void *ctx, const u32 which, s64 given)
{
	return which == RESULT_OF_TRACEPOINT ? *(volatile s64 *)((u64 *)ctx + 1) : given;
}

/* The call that returns without a number: rt_sigreturn, which has replaced the registers, a call that a tracer skipped, or
 * one that was requested as number -1. The enter side determines it. If there is none, the result does: the latter two fail,
 * unless the tracer has set another result. */
static __always_inline s32 numberless(struct pt_regs *regs, s64 result)
{
	struct in_call *c;
	if (config.plan.count & COUNT_AT_EXIT)
		return result == -ENOSYS ? KSYS_UNKNOWN_NR : NR_SIGRETURN;
	c = running_call(regs);
	return c && c->time ? c->nr : KSYS_UNKNOWN_NR;
}

/* The number that a returning call is recorded under. */
static __always_inline s32 returning_nr(struct pt_regs *regs, bool compat, void *ctx, const u32 which, s64 given)
{
	s32 nr = CALL_NR(regs), exec;
	struct in_call *c;
	if (nr == -1)
		return numberless(regs, result_in(ctx, which, given));
	exec = exec_done(regs, nr, compat);
	if (exec >= 0)
		return exec;
	nr = native_nr(regs, nr, compat);
	if (EXEC_HIDES_NR && nr == NR_EXECVE) { /* every exec returns under execve's number */
		c = running_call(regs);
		if (c && c->time)
			nr = c->nr;
	}
	return nr;
}

/* For a call that is not recorded: a later call that seccomp answers, without an enter side, must not use this one's. */
static __always_inline void forget_enter(struct pt_regs *regs)
{
	struct in_call *c = running_call(regs);
	if (c)
		c->time = 0;
}

/* The state needs the call, whether or not the filter passes it. */
#define STATE_FLAGS (DESC_STATE | DESC_FDS | FLAG_LOOKUP)

/* A call ends. ctx: the program's. which, given: as in result_in. everybody: as in enter_side. */
static __always_inline int exit_side(void *ctx, struct pt_regs *regs, const u32 which, s64 given, const bool everybody)
{
	/* if the enter side is not handled, only that of some execs is stored */
	struct task_struct *t = running(regs, config.plan.count & COUNT_AT_EXIT && CALL_NR(regs) != NR_EXECVE);
	bool compat = is_compat(t), visible, bad;
	s32 nr = returning_nr(regs, compat, ctx, which, given), how;
	const volatile struct ksys_desc *d;
	struct in_call *c = NULL;
	struct scratch *s;
	u64 now, began = 0;
	u32 off;
	s64 ret;
	u32 flags, cpu;
	u8 verdict;

	d = &config.descs[nr & (KSYS_MAX_NR - 1)];
	verdict = config.plan.verdicts[nr & (KSYS_MAX_NR - 1)];
	flags = d->flags;
	if (looks_up(regs, nr, compat))
		flags |= FLAG_LOOKUP;
	/* The result is read late: the processor may still be computing it. */
	visible = everybody ? verdict == VERDICT_PASS : passes_filter(t, verdict);
	if (!visible && (!(flags & STATE_FLAGS) || (!everybody && (flags & (DESC_TABLE | DESC_UNSHARE)) == DESC_TABLE && !follows(t)))) {
		if (flags & DESC_NUMBERLESS)
			forget_enter(regs);
		else if (!everybody && by_judgement(verdict) && entry_of(regs)->owner == (u64)regs)
			entry_of(regs)->time = 0; /* as forget_enter, without its helper */
		return 0;
	}
	ret = result_in(ctx, which, given);
	ret = ret == rolled_back(regs, compat) && refused() ? -(KSYS_ENDED_BY + SIGSYS) : result_of(ret, compat);
	bad = IS_ERR_RET(ret);
	if (!everybody && visible)
		visible = !wrong_result(verdict, bad) && (compat || right_descriptor(regs, nr, verdict));
	/* nothing changes for the state; but a connect in progress has changed its socket */
	if (!visible && (!(flags & STATE_FLAGS) || (bad && ret != -EINPROGRESS))) {
		if (flags & (DESC_ENTER | DESC_NUMBERLESS))
			forget_enter(regs);
		return 0;
	}
	if (everybody ? t->tgid == config.plan.self_pid : excluded(t))
		return 0;
	if (!everybody && config.plan.root_pid && !in_tree(t))
		return 0; /* what ksys's own child does before the command's exec */
	if (flags & DESC_ENTER)
		c = running_call(regs);
	if (c && c->time && c->nr == nr) {
		began = c->time;
		c->time = 0;
	} else if (flags & DESC_BORN && ret == 0)
		return 0; /* a child's first return */
	if (!began)
		c = NULL;
	if (config.plan.ceilings) {
		how = leave_out_call(t, regs, nr, ret, visible);
		if (how == LEFT_OUT)
			return 0;
		if (how == LEFT_BUT_MAPPED)
			visible = false;
	}
	if (!everybody && visible)
		emit_table_if_unknown(regs, t);
	cpu = bpf_get_smp_processor_id();
	if (!everybody && config.plan.count) {
		now = began ? bpf_ktime_get_boot_ns() : 0;
		if (counted(regs, t, d->type, ret, began ? now - began : ~0ull))
			return 0;
		if (!now)
			now = bpf_ktime_get_boot_ns();
	} else
		now = bpf_ktime_get_boot_ns();
	s = scratch_of(cpu, 1);
	if (!s)
		return 0;
	s->rec.time = now;
	s->rec.latency = began ? now - began : ~0ull;
	s->rec.ret = ret;
	s->rec.tid = t->pid;
	s->rec.pid = t->tgid;
	s->rec.absent = 0;
	s->rec.type = d->type;
	s->rec.flags = (flags & (DESC_STATE | FLAG_LOOKUP) ? ROW_STATE : 0) | (visible ? 0 : ROW_HIDDEN) | (compat ? ROW_COMPAT : 0) |
		       (restarted(ret) ? ROW_RESTART : 0);
	s->lookup = flags & FLAG_LOOKUP ? 1 : 0;
	s->hidden = !visible && !s->lookup;
	s->spared = config.plan.spare && d->str_enter[0] == KEEP_SPARED && !(c && c->len[0] == FILE_READ);
	s->enter = 0;
	if (keeps_rest())
		s->rest.left = 0;
	load_args(s, regs, compat);
	if (flags & (DESC_FDS | DESC_CWD | DESC_CREDS | DESC_UNSHARE))
		side_records(s, t, flags, everybody);
	/* a call that gave the thread a table of its own: only now is it known whether that is followed */
	if (!everybody && !visible && flags & DESC_UNSHARE && flags & DESC_TABLE && !follows(t))
		return 0;
	if (visible || flags & (DESC_STATE | FLAG_LOOKUP)) {
		if (!(flags & DESC_PLAIN))
			off = run_ops(s, nr, c);
		else
			off = flags & DESC_BUFFER ? put_buffer(s, d) : put_plain(s, d, d->nops);
		if (flags & (DESC_FD_STR_ENTER | DESC_STATE))
			tell_beside(s, flags);
		if (config.plan.stacks && visible)
			off = put_stack(ctx, regs, s, off);
		emit_call(s, off, cpu);
	}
	return 0;
}

/* The tracepoint's arguments: the registers, and the result. */
static __always_inline int exit_traced(u64 *ctx, const bool everybody)
{
	return exit_side(ctx, (struct pt_regs *)ctx[0], RESULT_OF_TRACEPOINT, 0, everybody);
}

SEC("tp_btf/sys_exit")
TRACEPOINT_PROG(on_sys_exit)
{
	if (config.plan.by_call)
		return recorded_at_return((struct pt_regs *)ctx[0]) ? 0 : exit_traced(ctx, false);
	take_side((struct pt_regs *)ctx[0], SIDE_EXIT);
	return exit_traced(ctx, false);
}

SEC("tp_btf/sys_exit")
TRACEPOINT_PROG(on_sys_exit_second)
{
	return side_taken((struct pt_regs *)ctx[0], SIDE_EXIT) ? 0 : exit_traced(ctx, false);
}

SEC("tp_btf/sys_exit")
TRACEPOINT_PROG(on_sys_exit_all)
{
	take_side((struct pt_regs *)ctx[0], SIDE_EXIT);
	return exit_traced(ctx, true);
}

SEC("tp_btf/sys_exit")
TRACEPOINT_PROG(on_sys_exit_all_second)
{
	return side_taken((struct pt_regs *)ctx[0], SIDE_EXIT) ? 0 : exit_traced(ctx, true);
}

/* If the enter side of counted calls is not handled, what only it knows is determined elsewhere: */

/* exec discards which of its two calls it was, but not before this tracepoint. */
SEC("tp_btf/sched_prepare_exec")
TRACEPOINT_PROG(on_prepare_exec, struct task_struct *t)
{
	struct pt_regs *regs = (struct pt_regs *)bpf_task_pt_regs(t);
	struct in_call *c;
	if (native_nr(regs, CALL_NR(regs), is_compat(t)) != NR_EXECVEAT)
		return 0;
	c = new_running_call(regs);
	if (c) {
		c->nr = NR_EXECVEAT;
		c->time = bpf_ktime_get_boot_ns();
	}
	return 0;
}

/* A thread's last call may be one that does not return. */
SEC("tp_btf/sched_process_exit")
TRACEPOINT_PROG(on_last_call, struct task_struct *t)
{
	struct pt_regs *regs = (struct pt_regs *)bpf_task_pt_regs(t);
	s32 nr = native_nr(regs, CALL_NR(regs), is_compat(t));
	free_call_of(t);
	if (!(config.descs[nr & (KSYS_MAX_NR - 1)].flags & DESC_NORETURN) || excluded(t))
		return 0;
	if (passes_filter(t, config.plan.verdicts[nr & (KSYS_MAX_NR - 1)]))
		last_call(regs, t, nr);
	return 0;
}

#endif
