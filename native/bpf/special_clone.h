/* clone, clone3, fork, vfork */
#ifndef KSYS_SPECIAL_CLONE_H
#define KSYS_SPECIAL_CLONE_H

#include "special_process.h"

#define CODE_VFORK 227
#define VFORK_FLAGS 0x4100 /* CLONE_VFORK | CLONE_VM */

static __noinline u32 clone_fixed(struct scratch *s, u32 off, struct task_struct *t, u32 kind)
{
	u64 flags = 0;
	off = put_identity(s, off, t);
	if (kind == SP_CLONE3) {
		bpf_probe_read_user(&flags, 8, (void *)s->args[0]);
		off = put64(s, off, flags);
	} else if (kind == SP_CLONE)
		off = put32(s, off, s->args[0]);
	else
		off = put32(s, off, s->rec.type == CODE_VFORK ? VFORK_FLAGS : 0);
	off = put32(s, off, BPF_CORE_READ(t, cred, euid.val));
	off = put32(s, off, BPF_CORE_READ(t, cred, egid.val));
	off = put32(s, off, own_nr(t->thread_pid));
	off = put32(s, off, own_nr(BPF_CORE_READ(t, group_leader, thread_pid)));
	return put64(s, off, ns_birth(t));
}

__noinline u32 special_clone(struct scratch *s, u32 off, u64 w, u32 kind)
{
	struct task_struct *t = loose(bpf_get_current_task_btf());
	if (!s)
		return off;
	if (!OP_B(w))
		return clone_fixed(s, off, t, kind);
	off = put_command(s, off);
	off = put16(s, off, 0); /* cwd: tracked by the state */
	off = put_comm(s, off, t, 13);
	return put_cgroups(s, off, bpf_get_current_task());
}

#endif
