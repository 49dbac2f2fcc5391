/* What clone and exec record of the process that called them (for exec: its new state). */
#ifndef KSYS_SPECIAL_PROCESS_H
#define KSYS_SPECIAL_PROCESS_H

#include "ops.h"

/* exe and args, two variable parameters: the first string of the process's argument area, and the others. */
__noinline u32 put_command(struct scratch *s, u32 off)
{
	struct task_struct *t = loose(bpf_get_current_task_btf());
	struct mm_struct *mm = BPF_CORE_READ(t, mm);
	u64 start, end, n;
	u32 next;
	if (!s)
		return off;
	if (!mm)
		return put_none(s, put_none(s, off, 1), 2);
	start = BPF_CORE_READ(mm, arg_start);
	end = BPF_CORE_READ(mm, arg_end);
	n = end > start ? end - start : 0;
	if (n > KSYS_MAX_ARGS)
		n = KSYS_MAX_ARGS;
	next = put_user_str(s, off, start, 1);
	u32 exe = next - off - 1; /* with its NUL */
	if (exe > n)
		exe = n;
	if (config.plan.spare & SPARE_ARGS)
		return put_none(s, next, 2);
	return put_user(s, next, start + exe, n - exe, 2);
}

/* The strings of a NULL terminated array in user memory, each with its NUL, as one variable parameter. */
__noinline u32 put_strings(struct scratch *s, u32 off, u64 array, u32 param)
{
	u32 o = off + 2;
	if (!s)
		return off;
	if (!array || s->compat)
		return put_none(s, off, param);
	for (int i = 0; i < 32; i++) {
		u64 p = 0;
		if (bpf_probe_read_user(&p, 8, (void *)array + i * 8) || !p || o - off > KSYS_MAX_ARGS)
			break;
		long n = bpf_probe_read_user_str(at(s, o), 1024, (void *)p);
		if (n <= 0)
			break;
		o += n;
	}
	put16(s, off, o - off - 2);
	return o;
}

/* tid pid ptid fdlimit pgft_maj pgft_min vm_size vm_rss vm_swap */
static __noinline u32 put_identity(struct scratch *s, u32 off, struct task_struct *t)
{
	off = put32(s, off, t->pid);
	off = put32(s, off, t->tgid);
	off = put32(s, off, BPF_CORE_READ(t, real_parent, tgid));
	off = put64(s, off, fd_limit(t));
	off = put64(s, off, t->maj_flt);
	off = put64(s, off, t->min_flt);
	return put_vm(s, off, t);
}

static __always_inline u32 put_comm(struct scratch *s, u32 off, struct task_struct *t, u32 param)
{
	return put_kernel_str(s, off, t->comm, param);
}

#endif
