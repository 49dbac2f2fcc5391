/* System calls at the functions of the kernel that perform the wanted ones: all others run no program. The same two sides as at the
 * tracepoints. Calls that the kernel refuses before their function are recorded where it decides so. */
#ifndef KSYS_BY_CALL_H
#define KSYS_BY_CALL_H

#include "exit.h"

#define FENTRY_BYTES 16 /* at most: of a function before the instruction after its call of ftrace */
#define STOP_AT_CALL 1 /* PTRACE_EVENTMSG_SYSCALL_ENTRY: of a thread that stops for its tracer before a call */

static __always_inline struct pt_regs *saved_registers(void)
{
	return (struct pt_regs *)bpf_task_pt_regs(bpf_get_current_task_btf());
}

static __always_inline void call_is(struct pt_regs *regs, u32 done)
{
	struct in_call *c = new_running_call(regs);
	if (c)
		c->done = done;
}

/* The running thread stops for its tracer. The kernel does what the tracer requested before: it may request something else now. */
static __always_inline void stops_before_call(struct pt_regs *regs)
{
	call_is(regs, is_emulated(loose(bpf_get_current_task_btf())) ? CALL_EMULATED : CALL_STOPPED);
}

/* It continues: whether its tracer performs the call itself (PTRACE_SYSEMU), or the thread is killed. */
static __always_inline bool left_to_tracer(struct in_call *c)
{
	struct task_struct *t = loose(bpf_get_current_task_btf());
	u32 how = c ? c->done : 0;
	if (how != CALL_EMULATED && how != CALL_STOPPED)
		return false;
	c->done = 0;
	return how == CALL_EMULATED || t->pending.signal.sig[0] >> (SIGKILL - 1) & 1;
}

/* Whether the kernel's function ends, rather than starts: the next instruction is then that of its caller. (bpf_session_is_return has another
 * prototype since 7.0.) */
static __always_inline bool at_end(void *ctx)
{
	return CODE_AT((struct pt_regs *)ctx) - bpf_get_func_ip(ctx) > FENTRY_BYTES;
}

/* The start of a function. */
static __always_inline int call_begins(struct pt_regs *regs, u64 hook, u64 second)
{
	if (hook == HOOK_STOP && second == STOP_AT_CALL)
		stops_before_call(regs);
	if (hook != HOOK_CALL)
		return 0;
	if (tracepoint_is_attached())
		call_is(regs, CALL_BEGUN);
	return enter_side(regs, CALL_NR(regs), false, true);
}

/* Whether seccomp, consulted at that function, decides that the call is not performed. */
static __always_inline bool denies(u64 hook, s64 result)
{
	return hook == HOOK_PERMIT ? (u8)result == false : (s32)result == -1;
}

/* The end of a function that precedes the call's own: whether the kernel has now decided that the call is not performed. */
static __noinline int is_refused(struct pt_regs *regs, u64 hook, s64 result)
{
	struct in_call *c = running_call(regs);
	if (hook == HOOK_STOP ? !left_to_tracer(c) : !denies(hook, result))
		return false;
	if (c)
		c->time = 0; /* it has no enter side */
	return true;
}

/* The end of a function: whether the call ends, too. */
static __noinline int call_ends(struct pt_regs *regs, u64 hook, s64 result)
{
	if (hook != HOOK_CALL && !is_refused(regs, hook, result))
		return false;
	if (tracepoint_is_attached())
		call_is(regs, CALL_RETURNED);
	return true;
}

SEC("kprobe.session")
TRACEPOINT_PROG(on_call)
{
	struct pt_regs *regs = saved_registers(), *own = (struct pt_regs *)ctx;
	u64 hook = bpf_get_attach_cookie(ctx);
	s64 result;
	if (!regs)
		return 0;
	if (!at_end(ctx))
		return call_begins(regs, hook, second_argument(own));
	if (!call_ends(regs, hook, function_result(own)))
		return 0;
	if (hook != HOOK_CALL) {
		result = result_so_far(regs);
		BARRIER(result); /* else both are read through one pointer, which may be the context: the verifier rejects that */
	} else {
		result = function_result(own);
		BARRIER(result);
	}
	return exit_side(ctx, regs, RESULT_GIVEN, result, false);
}

#endif
