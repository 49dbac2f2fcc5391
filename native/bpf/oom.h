/* The OOM killer: the process that it has chosen, with its memory usage just before SIGKILL ends it. */
#ifndef KSYS_OOM_H
#define KSYS_OOM_H

#include "internal.h"
#include "sched.h"

/* rss_count() */
enum { FILE_PAGES, ANON_PAGES, SWAP_ENTRIES, SHMEM_PAGES };

/* the parameter `limit` */
#define OOM_LIMIT 8

/* Pages by which a memory cgroup may stay below its limit when memory is short there: what the failed request asked for. */
#define OOM_REQUEST (1 << 3)
/* Ancestors that are followed, as in put_kernfs. */
#define OOM_DEPTH 12

static __always_inline bool is_full(u64 usage, u64 max)
{
	return usage + OOM_REQUEST > max;
}

/* A thread's memory cgroup; NULL without memory cgroups. */
static __always_inline struct cgroup_subsys_state *memory_css(struct task_struct *t)
{
	struct css_set *set = BPF_CORE_READ(t, cgroups);
	struct cgroup_subsys_state *css = NULL;
	if (!bpf_core_enum_value_exists(enum cgroup_subsys_id, memory_cgrp_id))
		return NULL;
	u32 i = bpf_core_enum_value(enum cgroup_subsys_id, memory_cgrp_id);
	bpf_probe_read_kernel(&css, sizeof(css), (void *)set + bpf_core_field_offset(struct css_set, subsys) + i * sizeof(css));
	return css;
}

/* Whether a memory cgroup is at its limit; in a hierarchy of version 1 also that of memory and swap together, which the other
 * version counts apart. */
static __always_inline bool at_limit(struct cgroup_subsys_state *css)
{
	struct mem_cgroup *g = (void *)css - bpf_core_field_offset(struct mem_cgroup, css);
	if (is_full(BPF_CORE_READ(g, memory.usage.counter), BPF_CORE_READ(g, memory.max)))
		return true;
	return BPF_CORE_READ(css, cgroup, root, hierarchy_id) != 0 &&
	       is_full(BPF_CORE_READ(g, memsw.usage.counter), BPF_CORE_READ(g, memsw.max));
}

/* The node of the closest cgroup of the victim that is at its limit and to which the running thread belongs, too; 0: there is none, so
 * the machine's memory is short. The kernel does not tell tracepoints whose limit it was. */
__noinline u64 limiting_cgroup(u64 victim)
{
	struct cgroup_subsys_state *css = memory_css((void *)victim), *own = memory_css(bpf_get_current_task_btf());
	int i;
	for (i = 0; i < OOM_DEPTH && css && !at_limit(css); i++)
		css = BPF_CORE_READ(css, parent);
	if (!css || i == OOM_DEPTH)
		return 0;
	for (i = 0; i < OOM_DEPTH && own && own != css; i++)
		own = BPF_CORE_READ(own, parent);
	return own == css ? (u64)BPF_CORE_READ(css, cgroup, kn) : 0;
}

/* The victim's event, recorded by the running thread: one that requested memory and got none, in the victim's process or any other. */
SEC("tp_btf/mark_victim")
TRACEPOINT_PROG(on_oom_kill, struct task_struct *victim)
{
	u32 cpu = bpf_get_smp_processor_id(), off, path;
	struct task_struct *t;
	struct mm_struct *mm;
	struct scratch *s;
	u64 node, pointer = 0;
	u16 flags = 0;
	if (excluded(victim) || !tracepoint_passes(victim, config.plan.oomkill, &flags))
		return 0;
	s = internal_record(bpf_ktime_get_boot_ns(), victim, cpu, KS_OOM_KILL);
	if (!s)
		return 0;
	s->rec.flags = 0;
	t = loose(victim);
	mm = t->mm;
	off = put32(s, 0, bpf_get_current_pid_tgid() >> 32);
	off = put32(s, off, mm ? BPF_CORE_READ(mm, total_vm) * 4 : 0);
	off = put32(s, off, mm ? rss_count(t, mm, ANON_PAGES) * 4 : 0);
	off = put32(s, off, mm ? rss_count(t, mm, FILE_PAGES) * 4 : 0);
	off = put32(s, off, mm ? rss_count(t, mm, SHMEM_PAGES) * 4 : 0);
	off = put32(s, off, mm ? rss_count(t, mm, SWAP_ENTRIES) * 4 : 0);
	off = put32(s, off, mm ? BPF_CORE_READ(mm, pgtables_bytes.counter) >> 10 : 0);
	off = put32(s, off, t->signal->oom_score_adj);
	bpf_probe_read_kernel(&pointer, sizeof(pointer), &victim); /* the verifier does not accept a pointer that it knows as a number */
	node = limiting_cgroup(pointer);
	if (!node) {
		emit_event(s, put_none(s, off, OOM_LIMIT), cpu);
		return 0;
	}
	path = off;
	off = put_kernfs(s, off + 2, node);
	put16(s, path, off - path - 2);
	emit_event(s, off, cpu);
	return 0;
}

#endif
