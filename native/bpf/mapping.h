/* Code that is mapped from files, as it is mapped: which file's function an address belongs to is not known any more when a program
 * has ended, and many end before anybody has looked at their /proc. */
#ifndef KSYS_MAPPING_H
#define KSYS_MAPPING_H

#include "filter.h"

#define VM_EXEC 4

struct mapping_rec {
	struct ksys_rec rec;
	u64 space, start, end, offset, ino;
	u32 dev;
	u16 path_len;
	u8 path[4096];
} __attribute__((packed));

/* Its own, as the kernel preempts programs like this one. While one is at work on a CPU it runs no other there. */
struct mapping_room {
	struct walk w;
	struct mapping_rec r;
};
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct mapping_room);
} mapping_rooms SEC(".maps");

/* The file's path from the process's root; returns its length. */
static __always_inline u32 mapped_path(struct mapping_room *m, struct task_struct *t, struct file *f)
{
	struct fs_struct *fs = t->fs;
	struct walk *w = &m->w;
	u32 pos, n;
	w->d = BPF_CORE_READ(f, f_path.dentry);
	w->mnt = BPF_CORE_READ(f, f_path.mnt);
	w->root = fs ? BPF_CORE_READ(fs, root.dentry) : NULL;
	w->root_mnt = fs ? BPF_CORE_READ(fs, root.mnt) : NULL;
	w->pos = 4096;
	for (int i = 0; i < MAX_DEPTH; i++)
		if (walk_up(w))
			break;
	pos = w->pos;
	if (pos >= 4096)
		return 0;
	n = (4096 - pos) & 4095;
	pos &= 4095;
	BARRIER(pos);
	BARRIER(n);
	bpf_probe_read_kernel(m->r.path, n & 4095, w->buf + pos);
	return n;
}

SEC("fentry/perf_event_mmap")
int on_mmap(unsigned long long *ctx)
{
	struct vm_area_struct *vma = (struct vm_area_struct *)ctx[0];
	struct task_struct *t = bpf_get_current_task_btf();
	struct file *f = vma->vm_file;
	u32 zero = 0, cpu, len;
	struct mapping_room *m;
	void *ring;
	if (!f || !(vma->vm_flags & VM_EXEC) || excluded(t))
		return 0;
	m = bpf_map_lookup_elem(&mapping_rooms, &zero);
	if (!m)
		return 0;
	head(&m->r.rec, t, KS_MMAP, ROW_HIDDEN);
	m->r.space = (u64)BPF_CORE_READ(vma, vm_mm);
	m->r.start = vma->vm_start;
	m->r.end = vma->vm_end;
	m->r.offset = vma->vm_pgoff * 4096;
	m->r.ino = BPF_CORE_READ(f, f_inode, i_ino);
	m->r.dev = user_dev(BPF_CORE_READ(f, f_inode, i_sb, s_dev));
	len = mapped_path(m, loose(t), f);
	m->r.path_len = len;
	len &= 4095;
	BARRIER(len);
	cpu = bpf_get_smp_processor_id();
	ring = bpf_map_lookup_elem(&rings, &cpu);
	if (ring && bpf_ringbuf_output(ring, &m->r, sizeof(m->r) - sizeof(m->r.path) + (len & 4095), BPF_RB_NO_WAKEUP))
		count_lost(cpu, LOST_STATE);
	return 0;
}

#endif
