/* The OOM killer: the process that it has chosen, with its memory usage just before SIGKILL ends it. */
#ifndef KSYS_OOM_H
#define KSYS_OOM_H

#include "sched.h"

/* rss_count() */
enum { FILE_PAGES, ANON_PAGES, SWAP_ENTRIES, SHMEM_PAGES };

struct oom_rec {
	struct ksys_rec rec;
	s32 invoker;
	u32 total_vm, anon_rss, file_rss, shmem_rss, swap, pgtables; /* KiB */
	s32 oom_score_adj;
} __attribute__((packed));

/* The victim's event, recorded by the running thread: one that requested memory and got none, in the victim's process or any other. */
SEC("tp_btf/mark_victim")
TRACEPOINT_PROG(on_oom_kill, struct task_struct *victim)
{
	u32 cpu = bpf_get_smp_processor_id();
	struct task_struct *t;
	struct mm_struct *mm;
	struct oom_rec *r;
	u16 flags = 0;
	if (excluded(victim) || !tracepoint_passes(victim, config.plan.oomkill, &flags))
		return 0;
	r = reserve(cpu, sizeof(*r), LOST_OTHER);
	if (!r)
		return 0;
	head(&r->rec, victim, KS_OOM_KILL, 0);
	t = loose(victim);
	mm = t->mm;
	r->invoker = bpf_get_current_pid_tgid() >> 32;
	r->total_vm = mm ? BPF_CORE_READ(mm, total_vm) * 4 : 0;
	r->anon_rss = mm ? rss_count(t, mm, ANON_PAGES) * 4 : 0;
	r->file_rss = mm ? rss_count(t, mm, FILE_PAGES) * 4 : 0;
	r->shmem_rss = mm ? rss_count(t, mm, SHMEM_PAGES) * 4 : 0;
	r->swap = mm ? rss_count(t, mm, SWAP_ENTRIES) * 4 : 0;
	r->pgtables = mm ? BPF_CORE_READ(mm, pgtables_bytes.counter) >> 10 : 0;
	r->oom_score_adj = t->signal->oom_score_adj;
	bpf_ringbuf_submit(r, BPF_RB_NO_WAKEUP);
	return 0;
}

#endif
