/* What /proc shows of a process only to users who may trace it: its directories, its program's path, its environment. */
#ifndef KSYS_PROCINFO_H
#define KSYS_PROCINFO_H

#include "task.h"
#include "resident.h"

#define ENV_STEP 4096 /* pages are as big or bigger */

/* One iterator runs at a time. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, u8[KSYS_MAX_ENV + ENV_STEP]);
} environments SEC(".maps");

static __always_inline void write_procinfo(struct seq_file *seq, struct task_struct *t, u32 kind, const u8 *from, u32 len)
{
	struct ksys_procinfo r = {.tid = t->pid, .kind = kind, .len = len};
	bpf_seq_write(seq, &r, sizeof(r));
	if (len)
		bpf_seq_write(seq, from, len);
}

/* A path as the reader of the iterator sees it. */
static __always_inline void write_path(struct seq_file *seq, struct task_struct *t, u32 kind, void *mnt, void *dentry)
{
	struct fs_struct *fs = loose(bpf_get_current_task_btf())->fs;
	u32 zero = 0, pos;
	struct walk *w = bpf_map_lookup_elem(&iter_walks, &zero);
	if (!w || !dentry)
		return;
	w->d = dentry;
	w->mnt = mnt;
	w->root = BPF_CORE_READ(fs, root.dentry);
	w->root_mnt = BPF_CORE_READ(fs, root.mnt);
	w->pos = 4096;
	for (int i = 0; i < MAX_DEPTH; i++)
		if (walk_up(w))
			break;
	pos = w->pos;
	if (pos >= 4096) {
		/* the root; or a program in no tree, which has a name nevertheless (memfd:...) */
		struct dentry *d = dentry;
		u32 n = kind == PROCINFO_EXE ? BPF_CORE_READ(d, d_name.len) & 255 : 0;
		pos = 4095 - n;
		w->buf[pos] = '/';
		BARRIER(n);
		bpf_probe_read_kernel(w->buf + pos + 1, n & 255, BPF_CORE_READ(d, d_name.name));
	}
	BARRIER(pos);
	pos &= 4095;
	write_procinfo(seq, t, kind, w->buf + pos, 4096 - pos);
}

/* An environment that is partly not in memory is not recorded at all, since it would be taken for complete. Neither is that
 * of a process that has replaced its memory. */
static __always_inline void write_env(struct seq_file *seq, struct task_struct *t, struct mm_struct *mm)
{
	u64 from = BPF_CORE_READ(mm, env_start), n = BPF_CORE_READ(mm, env_end) - from, table = (u64)BPF_CORE_READ(mm, pgd);
	u32 zero = 0, done = 0;
	u8 *buf = bpf_map_lookup_elem(&environments, &zero);
	if (!buf || !from || !know_direct_map())
		return;
	if (n > KSYS_MAX_ENV)
		n = KSYS_MAX_ENV;
	for (int i = 0; i <= KSYS_MAX_ENV / ENV_STEP && done < n; i++) {
		u32 part = ENV_STEP - ((from + done) & (ENV_STEP - 1));
		if (part > n - done)
			part = n - done;
		BARRIER(part);
		part &= 2 * ENV_STEP - 1;
		BARRIER(done);
		if (part > ENV_STEP || !copy_resident(buf + (done & (KSYS_MAX_ENV - 1)), part, table, from + done))
			return;
		done += part;
	}
	if (BPF_CORE_READ(t, mm) != mm || BPF_CORE_READ(mm, env_start) != from)
		return;
	BARRIER(done);
	done &= 2 * KSYS_MAX_ENV - 1;
	if (done <= KSYS_MAX_ENV)
		write_procinfo(seq, t, PROCINFO_ENV, buf, done);
}

SEC("iter/task")
int iter_procinfo(struct bpf_iter__task *ctx)
{
	struct task_struct *t = ctx->task;
	struct seq_file *seq = ctx->meta->seq;
	struct mm_struct *mm;
	struct fs_struct *fs;
	struct file *f;
	bool main;
	if (!t)
		return 0;
	mm = BPF_CORE_READ(t, mm);
	fs = BPF_CORE_READ(t, fs);
	main = t->pid == t->tgid;
	if (!mm || !fs || (!main && fs == BPF_CORE_READ(t, group_leader, fs)))
		return 0;
	write_path(seq, t, PROCINFO_CWD, BPF_CORE_READ(fs, pwd.mnt), BPF_CORE_READ(fs, pwd.dentry));
	write_path(seq, t, PROCINFO_ROOT, BPF_CORE_READ(fs, root.mnt), BPF_CORE_READ(fs, root.dentry));
	if (!main)
		return 0;
	f = BPF_CORE_READ(mm, exe_file);
	if (f)
		write_path(seq, t, PROCINFO_EXE, BPF_CORE_READ(f, f_path.mnt), BPF_CORE_READ(f, f_path.dentry));
	if (!(config.plan.spare & SPARE_ENV))
		write_env(seq, t, mm);
	return 0;
}

#endif
