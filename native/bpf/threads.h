/* Tracepoints in the life of a thread: its birth, programs, names and exit. */
#ifndef KSYS_THREADS_H
#define KSYS_THREADS_H

#include "begun_before.h"
#include "follow.h"
#include "times.h"
#include "cgroup.h"
#include "throttle.h"

/* Whether the filter passes a tracepoint's record; otherwise *flags gets ROW_HIDDEN. */
static __always_inline bool tracepoint_passes(struct task_struct *t, u8 verdict, u16 *flags)
{
	if (passes_filter(t, verdict) && !throttled(t, LEFT_SHOWN))
		return true;
	*flags |= ROW_HIDDEN;
	return false;
}

struct fork_rec {
	struct ksys_rec rec;
	s32 tid, pid, ptid, vtid, vpid;
	u32 shared;
	u64 start;
	u16 comm_len;
	char comm[16];
} __attribute__((packed));

struct pidns_rec {
	struct ksys_rec rec;
	s32 tid;
	u64 start;
} __attribute__((packed));

static __always_inline void pidns_record(struct task_struct *parent, struct task_struct *child)
{
	struct pidns_rec *r = reserve(bpf_get_smp_processor_id(), sizeof(*r), LOST_STATE);
	if (!r)
		return;
	head(&r->rec, parent, KS_PIDNS, ROW_HIDDEN | ROW_STATE);
	r->tid = child->pid;
	r->start = ns_birth(child);
	bpf_ringbuf_submit(r, BPF_RB_NO_WAKEUP);
}

SEC("tp_btf/sched_process_fork")
TRACEPOINT_PROG(on_fork, struct task_struct *parent, struct task_struct *child)
{
	u32 cpu = bpf_get_smp_processor_id(), shared = 0;
	struct fork_rec *r;
	u64 now;
	forget_judgement(child->pid); /* of an earlier thread with this number */
	free_call_of(child); /* a stack is reused: its previous thread has exited, whether or not its exit was seen */
	if (config.plan.root_pid) {
		if (excluded(parent))
			return 0;
		join_tree(child, cpu);
	}
	if (config.plan.count || (config.plan.self_pid && child->tgid == config.plan.self_pid))
		return 0;
	r = reserve(cpu, sizeof(*r), LOST_STATE);
	if (!r)
		return 0;
	head(&r->rec, parent, KS_FORK, ROW_HIDDEN | ROW_STATE);
	now = r->rec.time;
	parent = loose(parent);
	child = loose(child);
	if (child->files == parent->files)
		shared |= SHARED_FILES;
	if (child->fs == parent->fs)
		shared |= SHARED_FS;
	if (child->mm == parent->mm)
		shared |= SHARED_MM;
	if (child->tgid == parent->tgid)
		shared |= SHARED_THREAD;
	r->tid = child->pid;
	r->pid = child->tgid;
	r->ptid = child->real_parent->tgid;
	r->vtid = own_nr(child->thread_pid);
	r->vpid = own_nr(child->group_leader->thread_pid);
	r->shared = shared;
	r->start = child->start_boottime;
	__builtin_memset(r->comm, 0, sizeof(r->comm));
	long n = bpf_probe_read_kernel_str(r->comm, sizeof(r->comm), child->comm);
	r->comm_len = n > 0 ? n - 1 : 0;
	bpf_ringbuf_submit(r, BPF_RB_NO_WAKEUP);
	if (pid_ns(child) != pid_ns(parent))
		pidns_record(parent, child);
	if (child->cgroups != parent->cgroups) {
		u64 task = 0;
		bpf_probe_read_kernel(&task, sizeof(task), &child);
		emit_cgroups(task, child->tgid == parent->tgid);
	}
	follow_child(parent, child, now);
	return 0;
}

/* The program's path, if it could not be read at enter: after a fork its page is often not mapped yet. The call's own record
 * has no other way to get it, because its arguments were discarded with the old memory. */
static __always_inline void keep_path(struct in_call *c, const char *filename)
{
	long n;
	if (c->len[0] && c->len[0] != STR_LONG)
		return;
	n = bpf_probe_read_kernel_str(c->path[0], sizeof(c->path[0]), filename);
	if (n > 0)
		c->len[0] = n < sizeof(c->path[0]) ? n : STR_LONG;
}

#define AUXV_PAIRS 26
#define AT_BASE 7

/* Address at which the kernel has mapped the interpreter of the new program; 0: it has none. */
static __always_inline u64 interpreter_at(struct mm_struct *mm)
{
	u64 pair[2];
	for (u32 i = 0; i < AUXV_PAIRS; i++) {
		if (bpf_probe_read_kernel(pair, sizeof(pair), (void *)mm + bpf_core_field_offset(struct mm_struct, saved_auxv) + i * sizeof(pair)))
			break;
		if (pair[0] == AT_BASE)
			return pair[1];
		if (!pair[0])
			break;
	}
	return 0;
}

/* The code of the new program, which no call has mapped: the start of its first code segment, and its interpreter. */
__noinline int emit_program(u64 time)
{
	struct task_struct *t = loose(bpf_get_current_task_btf());
	u32 cpu = bpf_get_smp_processor_id(), off = 0;
	struct mm_struct *mm = t->mm;
	struct scratch *s;
	struct inode *i;
	struct file *f;
	f = mm ? BPF_CORE_READ(mm, exe_file) : NULL;
	if (!f)
		return 0;
	s = internal_record(time, t, cpu, KS_MMAP);
	if (!s)
		return 0;
	i = BPF_CORE_READ(f, f_inode);
	off = put64(s, off, BPF_CORE_READ(mm, start_code));
	off = put64(s, off, BPF_CORE_READ(mm, end_code));
	off = put64(s, off, KSYS_FIRST_CODE);
	off = put64(s, off, interpreter_at(mm));
	off = put64(s, off, BPF_CORE_READ(i, i_ino));
	off = put32(s, off, user_dev(BPF_CORE_READ(i, i_sb, s_dev)));
	emit(s, put_file_path(s, off, f, 6), cpu);
	return 0;
}

SEC("tp_btf/sched_process_exec")
TRACEPOINT_PROG(on_exec, struct task_struct *t, s32 old, struct linux_binprm *bprm)
{
	u32 cpu = bpf_get_smp_processor_id(), off;
	struct in_call *c;
	struct scratch *s;
	u64 now;
	if (excluded(t))
		return 0;
	if (config.plan.root_pid)
		join_tree(t, cpu);
	c = call_of(t);
	if (c)
		keep_path(c, bprm->filename);
	s = scratch_of(cpu, 0);
	if (config.plan.count || !s)
		return 0;
	head(&s->rec, t, KS_EXEC, ROW_HIDDEN | ROW_STATE);
	now = s->rec.time;
	off = put32(s, 0, old);
	off = put_comm(s, off, t, 1);
	off = put_kernel_str(s, off, bprm->filename, 2);
	emit(s, off, cpu);
	forget_judgement(t->pid);
	forget_descendants(t);
	if (config.plan.stacks & STACK_USER)
		emit_program(now);
	if (!FOLLOW_ALL && !may_pass(t, NULL))
		stop_following(t);
	else
		emit_table_if_followed(t, NULL, now);
	return 0;
}

struct rename_rec {
	struct ksys_rec rec;
	s32 tid, pid;
	u16 comm_len;
	char comm[16];
} __attribute__((packed));

/* Returns its time; the present time if it did not fit. */
static __always_inline u64 rename_record(struct task_struct *t, const char *comm)
{
	struct rename_rec *r = reserve(bpf_get_smp_processor_id(), sizeof(*r), LOST_STATE);
	u64 now;
	if (!r)
		return bpf_ktime_get_boot_ns();
	head(&r->rec, bpf_get_current_task_btf(), KS_RENAME, ROW_HIDDEN | ROW_STATE);
	now = r->rec.time;
	r->tid = t->pid;
	r->pid = t->tgid;
	__builtin_memset(r->comm, 0, sizeof(r->comm));
	long n = bpf_probe_read_kernel_str(r->comm, sizeof(r->comm), comm);
	r->comm_len = n > 0 ? n - 1 : 0;
	bpf_ringbuf_submit(r, BPF_RB_NO_WAKEUP);
	return now;
}

/* Whether the call that the thread is in will be recorded under its new name. */
static __always_inline bool will_record(struct task_struct *t, u32 nr, const u64 *name)
{
	u8 verdict = config.plan.verdicts[nr & (KSYS_MAX_NR - 1)];
	u16 flags = config.descs[nr & (KSYS_MAX_NR - 1)].flags;
	if (verdict == VERDICT_PASS || (flags & DESC_STATE && (!(flags & DESC_TABLE) || follows(t))))
		return true;
	return verdict >= VERDICT_SLOT && slot_match(t, verdict - VERDICT_SLOT, name) && !slot_excluded(t, verdict - VERDICT_SLOT);
}

SEC("tp_btf/task_rename")
TRACEPOINT_PROG(on_rename, struct task_struct *t, const char *comm)
{
	struct in_call *c;
	u64 name[2] = {}, now;
	if (excluded(t))
		return 0;
	now = config.plan.count ? 0 : rename_record(t, comm);
	forget_judgement(t->pid);
	if (t->pid == t->tgid) {
		forget_descendants(t);
		if (BPF_CORE_READ(t, signal, nr_threads) > 1) /* which may be children of another thread */
			forget_judgements();
	}
	bpf_probe_read_kernel_str(name, sizeof(name), comm);
	c = call_of(t);
	if (c && c->time) {
		/* An exec renames the thread before it succeeds; its own tracepoint handles it. */
		if (is_exec(c->nr))
			return 0;
		/* The exit side will not run for this call, and its enter side must not be used for a later one. */
		if (!will_record(t, c->nr, name))
			c->time = 0;
	}
	emit_table_if_followed(t, name, now);
	return 0;
}

struct exit_rec {
	struct ksys_rec rec;
	s32 status, ret, sig;
	u32 core;
	s32 reaper;
} __attribute__((packed));

/* The new parent of a process's children: a living thread of the same process is not considered (the children stay with the
 * process until its last thread exits); then the nearest living subreaper, else the namespace's init. */
static __always_inline s32 reaper_of(struct task_struct *t)
{
	struct pid_namespace *ns;
	struct task_struct *p;
	if (BPF_CORE_READ_BITFIELD_PROBED(t->signal, has_child_subreaper)) {
		p = t->real_parent;
		for (int i = 0; i < 16; i++) {
			struct signal_struct *sig = BPF_CORE_READ(p, signal);
			if (!sig || BPF_CORE_READ(p, pid) <= 1)
				break;
			if (BPF_CORE_READ_BITFIELD_PROBED(sig, is_child_subreaper))
				return BPF_CORE_READ(p, tgid);
			p = BPF_CORE_READ(p, real_parent);
		}
	}
	ns = pid_ns(t);
	return ns ? BPF_CORE_READ(ns, child_reaper, pid) : 0;
}

SEC("tp_btf/sched_process_exit")
TRACEPOINT_PROG(on_exit, struct task_struct *t)
{
	u32 cpu = bpf_get_smp_processor_id();
	u16 flags = ROW_STATE;
	struct exit_rec *r;
	free_call_of(t);
	if (config.plan.by_call)
		ended_begun_before(t);
	if (excluded(t))
		return 0;
	t = loose(t);
	if (!FOLLOW_ALL && t->files && t->files->count.counter == 1)
		unfollow(t);
	if (!tracepoint_passes(t, config.plan.procexit, &flags) && config.plan.count)
		return 0;
	if (config.plan.times)
		emit_times(t);
	r = reserve(cpu, sizeof(*r), flags & ROW_HIDDEN ? LOST_STATE : LOST_OTHER);
	if (!r) {
		forget_descendants(t);
		return 0;
	}
	head(&r->rec, t, KS_PROCEXIT, flags);
	u32 code = t->exit_code;
	r->status = code;
	r->ret = code >> 8 & 0xff;
	r->sig = code & 0x7f;
	r->core = !!(code & 0x80);
	r->reaper = reaper_of(t);
	bpf_ringbuf_submit(r, BPF_RB_NO_WAKEUP);
	forget_descendants(t);
	return 0;
}

#endif
