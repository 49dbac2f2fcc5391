/* The enter side of system calls: saves what must be read then, and records calls that do not return. */
#ifndef KSYS_ENTER_H
#define KSYS_ENTER_H

#include "args.h"
#include "count.h"
#include "fill.h"
#include "follow.h"
#include "slept.h"
#include "throttle.h"

static __noinline struct scratch *begin_enter(struct pt_regs *regs, struct task_struct *t, u32 cpu, u16 type, u16 flags)
{
	bool compat = is_compat(t);
	struct scratch *s = scratch_of(cpu, 0);
	if (!s)
		return NULL;
	head(&s->rec, t, type, flags | (compat ? ROW_COMPAT : 0));
	load_args(s, regs, compat);
	s->hidden = 0;
	s->spared = 0;
	s->task = 0;
	return s;
}

/* An enter event. hidden: only the state needs it. */
static __noinline int enter_record(struct pt_regs *regs, struct in_call *c, u32 nr, bool hidden)
{
	u32 cpu = bpf_get_smp_processor_id();
	const volatile struct ksys_desc *d = &config.enters[nr & (KSYS_MAX_NR - 1)];
	u16 flags = ROW_ENTER | (d->flags & DESC_STATE ? ROW_STATE : 0) | (hidden ? ROW_HIDDEN : 0);
	struct scratch *s = begin_enter(regs, bpf_get_current_task_btf(), cpu, d->type, flags);
	if (!s)
		return 0;
	s->enter = 1;
	s->hidden = hidden;
	emit_event(s, run_ops(s, nr, c), cpu);
	return 0;
}

/* The one record of a call that does not return. Such calls have plain arguments: running all operations here would make the
 * kernel check them twice when it loads the program. */
static __noinline int last_record(struct pt_regs *regs, u32 nr)
{
	u32 cpu = bpf_get_smp_processor_id();
	const volatile struct ksys_desc *d = &config.descs[nr & (KSYS_MAX_NR - 1)];
	struct scratch *s = begin_enter(regs, bpf_get_current_task_btf(), cpu, d->type, 0);
	if (s)
		emit_event(s, put_plain(s, d, d->nops), cpu);
	return 0;
}

static __always_inline void last_call(struct pt_regs *regs, struct task_struct *t, u32 nr)
{
	u16 type = config.descs[nr & (KSYS_MAX_NR - 1)].type;
	if (!config.plan.count || !counted(regs, t, type, 0, ~0ull))
		last_record(regs, nr);
}

static __always_inline u16 read_path(char *to, u64 ptr)
{
	long n = bpf_probe_read_user_str(to, 256, (void *)ptr);
	if (n <= 0)
		return 0;
	return n == 256 ? STR_LONG : n;
}

/* The sets and the timeout of select and pselect6, which the call overwrites: see op_kept. */
static __noinline int keep_select(struct in_call *c, const u64 *args, bool compat)
{
	u32 len, there = 0;
	u64 bits;
	if (!c || !args)
		return 0;
	bits = args[0];
	len = bits > SELECT_SET * 8 ? SELECT_SET - 8 : (bits + 63) / 64 * 8;
	len &= 127;
	BARRIER(len);
	if (args[1] && !bpf_probe_read_user(c->path[0], len & 127, (void *)args[1]))
		there |= 1;
	if (args[2] && !bpf_probe_read_user(c->path[0] + SELECT_SET, len & 127, (void *)args[2]))
		there |= 2;
	if (args[3] && !bpf_probe_read_user(c->path[1], len & 127, (void *)args[3]))
		there |= 4;
	if (args[4] && !bpf_probe_read_user(c->path[1] + SELECT_SET, TIMESPEC_BYTES, (void *)args[4]))
		there |= 8;
	c->len[0] = len;
	c->len[1] = compat ? there & 7 : there;
	return 0;
}

/* What the enter side saves of an argument: a path, or a timeout that the kernel overwrites with the remaining time. */
static __always_inline u16 keep(char *to, const u64 *args, u8 what)
{
	if (what && what <= 6)
		return read_path(to, arg_of(args, what - 1));
	if (what > KEEP_TIMESPEC && !bpf_probe_read_user(to, TIMESPEC_BYTES, (void *)arg_of(args, what - KEEP_TIMESPEC - 1)))
		return TIMESPEC_BYTES;
	return 0;
}

/* Saves those arguments of a call that will not be available when it returns. */
static __noinline int keep_args(struct in_call *c, struct pt_regs *regs, const volatile struct ksys_desc *d, bool compat)
{
	u64 args[6];
	u8 first, second;
	if (!c || !regs || !d)
		return 0;
	first = d->str_enter[0];
	second = d->str_enter[1];
	if (compat)
		compat_args(regs, args);
	else
		call_args(regs, args);
	if (first == KEEP_SELECT) {
		keep_select(c, args, compat);
		return 0;
	}
	if (first == KEEP_SPARED) {
		c->len[0] = spared_file(args[0], 1) ? FILE_SPARED : FILE_READ;
		return 0;
	}
	c->len[0] = keep(c->path[0], args, first);
	c->len[1] = keep(c->path[1], args, second);
	return 0;
}

/* Whether the enter side of a call is dropped because its cgroup is throttled. It is a record of its own if there is an
 * enter event, or if no other record follows; what the exit side cannot do without is saved all the same. */
static __always_inline bool leave_out_begin(struct pt_regs *regs, struct task_struct *t, u32 nr, bool visible)
{
	u16 flags = config.descs[nr & (KSYS_MAX_NR - 1)].flags;
	struct in_call *c;
	u32 what = LEFT_LOOK | (visible ? LEFT_SHOWN : 0);
	if (is_exec(nr))
		return false;
	if (flags & DESC_NORETURN || config.plan.enter)
		what = visible ? LEFT_SHOWN : 0;
	if (!leave_out(running_cgroup(t, regs), what))
		return false;
	if (!(flags & DESC_NUMBERLESS))
		return true;
	c = new_running_call(regs);
	if (c) {
		c->nr = nr;
		c->time = bpf_ktime_get_boot_ns();
	}
	return true;
}

/* everybody: the result does not depend on slots, a process tree or counting. briefly: the caller's stack is used up; there are no
 * enter events, and the exit side records unknown descriptors. */
static __always_inline int enter_side(struct pt_regs *regs, long id, const bool everybody, const bool briefly)
{
	struct task_struct *t = running(regs, true);
	bool compat = is_compat(t), visible;
	s32 nr = native_nr(regs, id, compat);
	const volatile struct ksys_desc *d;
	struct in_call *c;
	u16 flags;
	u8 verdict;

	d = &config.descs[nr & (KSYS_MAX_NR - 1)];
	verdict = config.plan.verdicts[nr & (KSYS_MAX_NR - 1)];
	flags = d->flags;
	if (verdict == VERDICT_DROP && !(flags & (DESC_STATE | DESC_NUMBERLESS)))
		return 0;
	visible = everybody ? verdict == VERDICT_PASS : passes_filter(t, verdict);
	if (!visible && (!(flags & (DESC_STATE | DESC_NUMBERLESS)) || (!everybody && flags & DESC_TABLE && !follows(t))))
		return 0;
	if (everybody ? t->tgid == config.plan.self_pid : excluded(t))
		return 0;
	if (config.plan.ceilings && leave_out_begin(regs, t, nr, visible))
		return 0;
	if (!everybody && !briefly && visible)
		emit_table_if_unknown(regs, t);
	if (!(flags & DESC_ENTER))
		return 0;
	if (flags & DESC_NORETURN) {
		if (visible)
			last_call(regs, t, nr);
		return 0;
	}
	c = new_running_call(regs);
	if (!c) {
		if (!briefly && config.plan.enter && visible)
			count_lost(bpf_get_smp_processor_id(), LOST_ENTER);
		return 0;
	}
	if (flags & DESC_FD_STR_ENTER)
		keep_args(c, regs, d, compat);
	c->nr = nr;
	if (config.plan.stacks & STACK_KERNEL)
		forget_sleep(regs);
	if (!briefly && config.plan.enter && (visible || config.enters[nr & (KSYS_MAX_NR - 1)].flags & DESC_STATE))
		enter_record(regs, c, nr, !visible);
	c->time = bpf_ktime_get_boot_ns();
	return 0;
}

SEC("tp_btf/sys_enter")
TRACEPOINT_PROG(on_sys_enter, struct pt_regs *regs, long id)
{
	take_side(regs, SIDE_ENTER);
	return enter_side(regs, id, false, false);
}

SEC("tp_btf/sys_enter")
TRACEPOINT_PROG(on_sys_enter_second, struct pt_regs *regs, long id)
{
	return side_taken(regs, SIDE_ENTER) ? 0 : enter_side(regs, id, false, false);
}

SEC("tp_btf/sys_enter")
TRACEPOINT_PROG(on_sys_enter_all, struct pt_regs *regs, long id)
{
	take_side(regs, SIDE_ENTER);
	return enter_side(regs, id, true, false);
}

SEC("tp_btf/sys_enter")
TRACEPOINT_PROG(on_sys_enter_all_second, struct pt_regs *regs, long id)
{
	return side_taken(regs, SIDE_ENTER) ? 0 : enter_side(regs, id, true, false);
}

#endif
