/* Calls that are dropped because their cgroup is throttled: what must be recorded of them all the same. */
#ifndef KSYS_LEFT_OUT_H
#define KSYS_LEFT_OUT_H

#include "internal.h"
#include "throttle.h"

/* What happens to a call. */
enum {
	KEPT,
	LEFT_OUT,
	LEFT_BUT_MAPPED, /* it has mapped code: that is recorded if stacks are, since addresses in it would have no names */
};

/* Whether descriptors were received with a message (struct msghdr in user memory). */
__noinline int message_passes(u64 hdr)
{
	struct controls m;
	struct cmsg c;
	if (bpf_probe_read_user(&m, sizeof(m), (void *)hdr + __builtin_offsetof(struct msg, control)) || !m.at)
		return 0;
	for (int i = 0; i < CONTROLS; i++)
		if (!next_control(&m, &c))
			break;
		else if (passes_fds(&c))
			return 1;
	return 0;
}

/* Whether a successful call delivered descriptors that its record does not contain. */
static __always_inline bool brought_fds(const u64 *args, u32 kind, s64 ret, bool compat)
{
	switch (kind) {
	case FDS_RETURNED:
		return true;
	case FDS_IOCTL:
		return ioctl_makes_fd(args[1]);
	case FDS_SECCOMP:
		return makes_listener(args[0], args[1]);
	case FDS_MESSAGE:
		return !compat && message_passes(args[1]);
	case FDS_MESSAGES:
		for (int i = 0; i < MSGS; i++) {
			if (compat || i >= ret)
				break;
			if (message_passes(args[1] + i * MMSGHDR))
				return true;
		}
	}
	return false; /* calls that create processes are recorded for the state anyway */
}

/* A dropped call that delivers descriptors: these are then read again. */
static __noinline int leave_out_fds(struct task_struct *t, struct pt_regs *regs, u32 kind, s64 ret)
{
	u64 cgroup = running_cgroup(t, regs), args[6];
	struct ksys_throttle *all;
	bool compat = is_compat(t);
	if (compat)
		compat_args(regs, args);
	else
		call_args(regs, args);
	if (kind == FDS_MAPPED)
		return maps_code(args, compat) ? LEFT_BUT_MAPPED : LEFT_OUT;
	all = &throttles.entries[throttle_entry(cgroup) & (KSYS_THROTTLES - 1)];
	if (!all->missed && brought_fds(args, kind, ret, compat))
		all->missed = 1;
	return LEFT_OUT;
}

/* Whether a call is dropped because its cgroup is throttled. */
static __always_inline int leave_out_call(struct task_struct *t, struct pt_regs *regs, u32 nr, s64 ret, bool visible)
{
	u16 flags = config.descs[nr & (KSYS_MAX_NR - 1)].flags;
	u32 what = (visible ? LEFT_SHOWN : 0) | (flags & DESC_STATE ? LEFT_STATE : 0);
	if (is_exec(nr) || !leave_out(running_cgroup(t, regs), what))
		return KEPT;
	return flags & DESC_FDS && ret >= 0 ? leave_out_fds(t, regs, flags >> DESC_FDS_KIND & 7, ret) : LEFT_OUT;
}

#endif
