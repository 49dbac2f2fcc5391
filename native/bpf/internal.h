/* The internal records of a call's exit: descriptors (made_fds.h), the working directory, credentials. */
#ifndef KSYS_INTERNAL_H
#define KSYS_INTERNAL_H

#include "made_fds.h"

__noinline int emit_cwd(struct scratch *call)
{
	struct task_struct *t = loose(bpf_get_current_task_btf());
	struct fs_struct *fs = t->fs;
	u32 cpu = bpf_get_smp_processor_id(), off;
	struct scratch *s;
	if (!call || !fs)
		return 0;
	s = internal_record(call->rec.time, t, cpu, KS_CWD);
	if (!s)
		return 0;
	off = put_path(s, 0, (u64)BPF_CORE_READ(fs, pwd.mnt), (u64)BPF_CORE_READ(fs, pwd.dentry), 0);
	off = put_root(s, off, 1);
	emit(s, off, cpu);
	return 0;
}

__noinline int emit_creds(struct scratch *call)
{
	struct task_struct *t = loose(bpf_get_current_task_btf());
	const struct cred *c = t->cred;
	u32 cpu = bpf_get_smp_processor_id(), off = 0;
	struct scratch *s;
	if (!call)
		return 0;
	s = internal_record(call->rec.time, t, cpu, KS_CREDS);
	if (!s)
		return 0;
	off = put32(s, off, c->uid.val);
	off = put32(s, off, c->euid.val);
	off = put32(s, off, c->gid.val);
	off = put32(s, off, c->egid.val);
	off = put32(s, off, login_uid(t));
	off = put_caps(s, off, c);
	emit(s, off, cpu);
	return 0;
}

#endif
