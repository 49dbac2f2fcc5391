/* Cgroups: their creation and removal, and moves of threads between them. The tracepoints hold a lock with interrupts
 * disabled: they only write records. */
#ifndef KSYS_CGROUP_H
#define KSYS_CGROUP_H

#include "internal.h"
#include "filter.h"

/* The key of a cgroup in the hierarchy that distinguishes containers; 0 for others. */
static __always_inline u64 cgroup_key(struct cgroup *g)
{
	u32 number = g->root->hierarchy_id;
	if (number == config.plan.cgroup_hierarchy)
		return g->kn->id;
	for (u32 i = 0; i < KSYS_CONTROLLERS; i++)
		if (number && number == config.plan.hierarchies[i])
			return KSYS_CGROUP_KEY(g->kn->id, i + 1);
	return 0;
}

static __always_inline int cgroup_record(struct cgroup *g, const char *path, u32 gone)
{
	u32 cpu = bpf_get_smp_processor_id(), off;
	u64 key = cgroup_key(g);
	struct scratch *s;
	if (!key)
		return 0;
	s = internal_record(bpf_ktime_get_boot_ns(), bpf_get_current_task_btf(), cpu, KS_CGROUP);
	if (!s)
		return 0;
	off = put64(s, 0, key);
	off = put32(s, off, gone);
	emit(s, put_kernel_str(s, off, path, 2), cpu);
	return 0;
}

SEC("tp_btf/cgroup_mkdir")
TRACEPOINT_PROG(on_cgroup_mkdir, struct cgroup *g, const char *path)
{
	return cgroup_record(LOOSE(g, cgroup), path, 0);
}

SEC("tp_btf/cgroup_rmdir")
TRACEPOINT_PROG(on_cgroup_rmdir, struct cgroup *g, const char *path)
{
	return cgroup_record(LOOSE(g, cgroup), path, 1);
}

/* The cgroups that a thread (a pointer as a number) is in now. */
__noinline int emit_cgroups(u64 task, u32 alone)
{
	struct task_struct *t = (void *)task;
	u32 cpu = bpf_get_smp_processor_id(), off;
	struct scratch *s = internal_record(bpf_ktime_get_boot_ns(), bpf_get_current_task_btf(), cpu, KS_CGROUPS);
	if (!s)
		return 0;
	off = put32(s, 0, BPF_CORE_READ(t, pid));
	off = put32(s, off, BPF_CORE_READ(t, tgid));
	off = put32(s, off, alone);
	emit(s, put_cgroups(s, off, task), cpu);
	return 0;
}

SEC("tp_btf/cgroup_attach_task")
TRACEPOINT_PROG(on_cgroup_attach, struct cgroup *g, const char *path, struct task_struct *t, bool threadgroup)
{
	u64 task = 0;
	__sync_fetch_and_add(&cgroup_table.changes, 1);
	if (excluded(t))
		return 0;
	bpf_probe_read_kernel(&task, sizeof(task), &t); /* the verifier does not accept a pointer that it knows as a number */
	emit_cgroups(task, !threadgroup);
	if (threadgroup && BPF_CORE_READ(t, signal, nr_threads) > 1)
		forget_judgements();
	else
		forget_judgement(BPF_CORE_READ(t, pid));
	return 0;
}

#endif
