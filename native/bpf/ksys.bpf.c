/* System calls: the enter side keeps what must be read then, the exit side makes the one record. */
#include "number.h"
#include "own.h"
#include "follow.h"
#include "special_clone.h"
#include "special_exec.h"
#include "special_sock.h"
#include "special_dyn.h"
#include "special_struct.h"
#include "special_mmsg.h"
#include "count.h"
#include "sched.h"
#include "iter.h"
#include "place.h"
#include "uring.h"
#include "inflight.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

__noinline u32 special(struct scratch *s, u32 off, u64 w, u32 kind)
{
	if (!s)
		return off;
	switch (kind) {
	case SP_EXECVE:
		return special_exec(s, off, w, 1);
	case SP_EXECVEAT:
		return special_exec(s, off, w, 2);
	case SP_CLONE:
	case SP_CLONE3:
	case SP_FORK:
		return special_clone(s, off, w, kind);
	case SP_ACCEPT:
		return special_accept(s, off, w);
	case SP_SOCKETPAIR:
		return special_socketpair(s, off, w);
	case SP_SETSOCKOPT:
		return special_sockopt(s, off, w, 0);
	case SP_GETSOCKOPT:
		return special_sockopt(s, off, w, 1);
	case SP_PTRACE:
		return special_ptrace(s, off, w);
	case SP_KEYCTL:
		return special_keyctl(s, off, w);
	case SP_QUOTACTL:
		return special_quotactl(s, off, w);
	case SP_CAPSET:
		return special_capset(s, off, w);
	case SP_PRCTL:
		return special_prctl(s, off, w);
	case SP_OPEN_BY_HANDLE:
		return special_by_handle(s, off, w);
	case SP_FSCONFIG:
		return special_fsconfig(s, off, w);
	case SP_SEMOP:
		return special_semop(s, off, w);
	case SP_CREAT:
		return special_creat(s, off, w);
	case SP_LLSEEK:
		return special_llseek(s, off);
	case SP_INIT_MODULE:
		return special_image(s, off, w);
	case SP_SENDMMSG:
	case SP_RECVMMSG:
		return special_mmsg(s, off, w, kind == SP_RECVMMSG);
	}
	return off;
}

/* All operations of call nr, in order; returns the row's length. The frequent ones are inline: calls between programs are
 * dear where returns are guarded. A function of its own, because the kernel then checks it once, whatever leads here. c: the
 * enter side, when there is one. */
__noinline u32 run_ops(struct scratch *s, u32 nr, struct in_call *c)
{
	const volatile struct ksys_desc *d;
	u32 off = 0, n;
	if (!s)
		return 0;
	nr &= KSYS_MAX_NR - 1;
	d = s->enter ? &config.enters[nr] : &config.descs[nr];
	n = d->nops;
	for (u32 i = 0; i < KSYS_MAX_OPS; i++) {
		if (i >= n)
			break;
		u64 w = *(const volatile u64 *)&d->ops[i];
		/* Through memory: for the verifier all ways to get here are then the same, which makes loading quick. */
		*(volatile u32 *)&s->off = off;
		off = *(volatile u32 *)&s->off;
		switch (OP(w)) {
		case OP_ARG:
			put64(s, off, ARG(s, OP_N(w)));
			off += OP_SIZE(w);
			break;
		case OP_STR:
			off = op_str(s, off, w, c);
			break;
		case OP_BUF:
			off = op_buf(s, off, w);
			break;
		case OP_TIMESPEC:
			off = op_timespec(s, off, w, c);
			break;
		case OP_DEVINO:
			off = op_devino(s, off, w);
			break;
		case OP_OPENED:
			off = op_opened(s, off, w);
			break;
		case OP_KEPT:
			off = op_kept(s, off, w, c);
			break;
		case OP_SPECIAL:
			off = special(s, off, w, d->special);
			break;
		default:
			off = op_slow(s, off, w);
		}
	}
	return off;
}

/* Its arguments are in memory; there may be fewer than six. */
static __always_inline void socketcall_args(u64 *args)
{
	u32 v[6] = {};
	if (bpf_probe_read_user(v, 24, (void *)args[1]))
		bpf_probe_read_user(v, 12, (void *)args[1]);
	for (int i = 0; i < 6; i++)
		args[i] = v[i];
}

/* Joins the halves of arguments that a 32-bit program's registers are too narrow for. */
static __noinline int join_halves(u64 *args, u32 halves)
{
	u64 joined[6] = {};
	u32 from = 0;
	if (!args)
		return 0;
	for (u32 i = 0; i < 6; i++) {
		bool two = halves >> i & 1;
		joined[i] = arg_of(args, from) | (two ? arg_of(args, from + 1) << 32 : 0);
		from += two ? 2 : 1;
		if (from > 5)
			break;
	}
	for (u32 i = 0; i < 6; i++)
		args[i] = joined[i];
	return 0;
}

static __always_inline void load_args(struct scratch *s, struct pt_regs *regs, bool compat)
{
	if (compat) {
		compat_args(regs, s->args);
		u32 halves = config.compat_halves[CALL_NR(regs) & (KSYS_NATIVE_NR - 1)];
		if (socketcall_nr(regs, CALL_NR(regs)))
			socketcall_args(s->args);
		else if (halves)
			join_halves(s->args, halves);
	} else
		call_args(regs, s->args);
	s->compat = compat;
}

static __always_inline struct scratch *begin_enter(struct pt_regs *regs, struct task_struct *t, u32 cpu, u16 type, u16 flags)
{
	bool compat = is_compat(t);
	struct scratch *s = scratch_of(cpu, 0);
	if (!s)
		return NULL;
	head(&s->rec, t, type, flags | (compat ? ROW_COMPAT : 0));
	load_args(s, regs, compat);
	s->hidden = 0;
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
	emit(s, run_ops(s, nr, c), cpu);
	return 0;
}

/* The one record of a call that does not return. Such calls have plain arguments: running all operations here would make
 * the kernel check them twice when the program is loaded. */
static __noinline int last_record(struct pt_regs *regs, u32 nr)
{
	u32 cpu = bpf_get_smp_processor_id(), off = 0;
	const volatile struct ksys_desc *d = &config.descs[nr & (KSYS_MAX_NR - 1)];
	struct scratch *s = begin_enter(regs, bpf_get_current_task_btf(), cpu, d->type, 0);
	if (!s)
		return 0;
	for (u32 i = 0; i < 6; i++) {
		if (i >= d->nops)
			break;
		u64 w = *(const volatile u64 *)&d->ops[i];
		put64(s, off, ARG(s, OP_N(w)));
		off += OP_SIZE(w);
	}
	emit(s, off, cpu);
	return 0;
}

static __always_inline void last_call(struct pt_regs *regs, u32 nr)
{
	u16 type = config.descs[nr & (KSYS_MAX_NR - 1)].type;
	if (!config.plan.count || !count_call(bpf_get_smp_processor_id(), type, 0, ~0ull))
		last_record(regs, nr);
}

static __always_inline u16 read_path(char *to, u64 ptr)
{
	long n = bpf_probe_read_user_str(to, 256, (void *)ptr);
	if (n <= 0)
		return 0;
	return n == 256 ? STR_LONG : n;
}

/* What select and pselect6 wait for and how long, which they overwrite: see op_kept. */
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

/* What the enter side keeps of an argument: a path, or a timeout that the kernel overwrites with what is left of it. */
static __always_inline u16 keep(char *to, const u64 *args, u8 what)
{
	if (what && what <= 6)
		return read_path(to, arg_of(args, what - 1));
	if (what > KEEP_TIMESPEC && !bpf_probe_read_user(to, TIMESPEC_BYTES, (void *)arg_of(args, what - KEEP_TIMESPEC - 1)))
		return TIMESPEC_BYTES;
	return 0;
}

/* Whether anything is kept from the enter side of a call with these flags. */
static __always_inline bool keeps_enter(u16 flags)
{
	return config.plan.want_latency || config.plan.enter ||
	       flags & (DESC_STATE | DESC_NORETURN | DESC_FD_STR_ENTER | DESC_FORCE_ENTER);
}

SEC("tp_btf/sys_enter")
int BPF_PROG(on_enter, struct pt_regs *regs, long id)
{
	struct task_struct *t = bpf_get_current_task_btf();
	bool compat = is_compat(t);
	s32 nr = native_nr(regs, id, compat);
	const volatile struct ksys_desc *d;
	struct in_call *c;
	u16 flags;
	u8 show;
	u64 args[6];
	bool visible;

	if (nr < 0)
		return 0;
	d = &config.descs[nr & (KSYS_MAX_NR - 1)];
	show = config.plan.show[nr & (KSYS_MAX_NR - 1)];
	flags = d->flags;
	if (show == SHOW_NEVER && !(flags & DESC_STATE))
		return 0;
	if (left_out(t))
		return 0;
	visible = shown(t, show, RESULT_UNKNOWN);
	if (!visible && (!(flags & DESC_STATE) || (flags & DESC_TABLE && !follows(t))))
		return 0;
	if (!keeps_enter(flags))
		return 0;
	c = bpf_task_storage_get(&calls, t, 0, BPF_LOCAL_STORAGE_GET_F_CREATE);
	if (!c)
		return 0;
	if (flags & DESC_FD_STR_ENTER) {
		u8 first = d->str_enter[0], second = d->str_enter[1];
		if (compat)
			compat_args(regs, args);
		else
			call_args(regs, args);
		if (first == KEEP_SELECT)
			keep_select(c, args, compat);
		else {
			c->len[0] = keep(c->path[0], args, first);
			c->len[1] = keep(c->path[1], args, second);
		}
	}
	c->nr = nr;
	if (flags & DESC_NORETURN) {
		if (visible)
			last_call(regs, nr);
		return 0;
	}
	if (config.plan.enter && (visible || config.enters[nr & (KSYS_MAX_NR - 1)].flags & DESC_STATE))
		enter_record(regs, c, nr, !visible);
	c->time = bpf_ktime_get_boot_ns();
	return 0;
}

/* What success of this call may have changed beside its own record. */
static __always_inline void side_records(struct scratch *s, struct task_struct *t, u16 flags)
{
	if (s->rec.ret < 0)
		return;
	if (flags & DESC_FDS)
		emit_fds(s, flags >> DESC_FDS_KIND);
	if (flags & DESC_CWD)
		emit_cwd(s);
	if (flags & DESC_CREDS)
		emit_creds(s);
	if (flags & (DESC_CREDS | DESC_UNSHARE))
		reconsider(t, NULL, s->rec.time);
}

static __always_inline bool restarted(s64 ret)
{
	return ret <= -512 && ret >= -516;
}

SEC("tp_btf/sys_exit")
int BPF_PROG(on_return, struct pt_regs *regs, long ret)
{
	struct task_struct *t = bpf_get_current_task_btf();
	bool compat = is_compat(t), visible, bad = IS_ERR_RET(ret);
	bool in_vain = bad && ret != -EINPROGRESS; /* a connect that goes on has changed its socket */
	s32 nr = CALL_NR(regs);
	const volatile struct ksys_desc *d;
	struct in_call *c = NULL;
	struct scratch *s;
	u64 now, began = 0;
	u16 flags;
	u8 show;
	u32 cpu;

	if (nr == -1 && config.plan.count & COUNT_AT_EXIT)
		nr = NR_SIGRETURN;
	else if (nr == -1) { /* rt_sigreturn has replaced the registers */
		c = bpf_task_storage_get(&calls, t, 0, 0);
		if (!c || !c->time)
			return 0;
		nr = c->nr;
	} else
		nr = native_nr(regs, nr, compat);
	if (EXEC_HIDES_NR && nr == NR_EXECVE) { /* every exec returns under execve's number */
		c = bpf_task_storage_get(&calls, t, 0, 0);
		if (c && c->time)
			nr = c->nr;
	}
	if (nr < 0)
		return 0;
	d = &config.descs[nr & (KSYS_MAX_NR - 1)];
	show = config.plan.show[nr & (KSYS_MAX_NR - 1)];
	flags = d->flags;
	if (show == SHOW_NEVER && (!(flags & (DESC_STATE | DESC_FDS)) || in_vain))
		return 0;
	if (left_out(t))
		return 0;
	visible = shown(t, show, bad ? RESULT_FAILED : RESULT_OK) && (compat || right_descriptor(regs, show));
	if (!visible && (in_vain || !(flags & (DESC_STATE | DESC_FDS)) || (flags & DESC_TABLE && !follows(t))))
		return 0;
	if (keeps_enter(flags) || config.plan.root_pid)
		c = bpf_task_storage_get(&calls, t, 0, 0);
	if (config.plan.root_pid && !(c && c->in_tree))
		return 0; /* what ksys's own child does before the command's exec */
	if (c && c->time && c->nr == nr)
		began = c->time;
	else if (flags & DESC_BORN && ret == 0)
		return 0; /* a child's first return */
	if (!began)
		c = NULL;
	cpu = bpf_get_smp_processor_id();
	now = began || !config.plan.count ? bpf_ktime_get_boot_ns() : 0;
	if (config.plan.count) {
		if (count_call(cpu, d->type, ret, began ? now - began : ~0ull)) {
			if (c)
				c->time = 0;
			return 0;
		}
		if (!now)
			now = bpf_ktime_get_boot_ns();
	}
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
	s->rec.flags = (flags & DESC_STATE ? ROW_STATE : 0) | (visible ? 0 : ROW_HIDDEN) | (compat ? ROW_COMPAT : 0) |
		       (restarted(ret) ? ROW_RESTART : 0);
	s->hidden = !visible;
	s->enter = 0;
	load_args(s, regs, compat);
	if (flags & (DESC_FDS | DESC_CWD | DESC_CREDS | DESC_UNSHARE))
		side_records(s, t, flags);
	if (visible || flags & DESC_STATE)
		emit_call(s, run_ops(s, nr, c), cpu);
	if (c)
		c->time = 0;
	return 0;
}

/* Where the enter side of counted calls is not looked at, what only it knows is found elsewhere: */

/* exec forgets which of its two calls it was, but not before this. */
SEC("tp_btf/sched_prepare_exec")
int BPF_PROG(on_prepare_exec, struct task_struct *t)
{
	struct pt_regs *regs = (struct pt_regs *)bpf_task_pt_regs(t);
	struct in_call *c;
	if (native_nr(regs, CALL_NR(regs), is_compat(t)) != NR_EXECVEAT)
		return 0;
	c = bpf_task_storage_get(&calls, t, 0, BPF_LOCAL_STORAGE_GET_F_CREATE);
	if (c) {
		c->nr = NR_EXECVEAT;
		c->time = bpf_ktime_get_boot_ns();
	}
	return 0;
}

/* A thread's last call may be one that does not return. */
SEC("tp_btf/sched_process_exit")
int BPF_PROG(on_last_call, struct task_struct *t)
{
	struct pt_regs *regs = (struct pt_regs *)bpf_task_pt_regs(t);
	s32 nr = native_nr(regs, CALL_NR(regs), is_compat(t));
	if (nr < 0 || !(config.descs[nr & (KSYS_MAX_NR - 1)].flags & DESC_NORETURN) || left_out(t))
		return 0;
	if (shown(t, config.plan.show[nr & (KSYS_MAX_NR - 1)], RESULT_UNKNOWN))
		last_call(regs, nr);
	return 0;
}
