/* Properties of a task: ids in its namespaces, memory, limits, terminal, capabilities, cgroups. */
#ifndef KSYS_TASK_H
#define KSYS_TASK_H

#include "path.h"

enum { KPID_PID = 0, KPID_PGID = 2, KPID_SID = 3 }; /* enum pid_type */

/* A pid as seen in the namespace in which it was created. */
static __always_inline s32 own_nr(struct pid *p)
{
	struct upid u = {};
	if (!p)
		return 0;
	u32 level = BPF_CORE_READ(p, level) & 31;
	bpf_probe_read_kernel(&u, sizeof(u), (void *)p + bpf_core_field_offset(struct pid, numbers) + level * sizeof(u));
	return u.nr;
}
/* A pid as seen in the initial namespace. */
static __always_inline s32 init_nr(struct pid *p)
{
	return p ? BPF_CORE_READ(p, numbers[0].nr) : 0;
}
static __always_inline struct pid_namespace *pid_ns(struct task_struct *t)
{
	struct upid u = {};
	struct pid *p = BPF_CORE_READ(t, thread_pid);
	if (!p)
		return NULL;
	u32 level = BPF_CORE_READ(p, level) & 31;
	bpf_probe_read_kernel(&u, sizeof(u), (void *)p + bpf_core_field_offset(struct pid, numbers) + level * sizeof(u));
	return u.ns;
}

/* Start time of the first process of its pid namespace, CLOCK_BOOTTIME ns. */
static __always_inline u64 ns_birth(struct task_struct *t)
{
	struct pid_namespace *ns = pid_ns(t);
	struct task_struct *reaper = ns ? BPF_CORE_READ(ns, child_reaper) : NULL;
	return reaper ? BPF_CORE_READ(reaper, start_boottime) : 0;
}

/* Pages of kind i (MM_FILEPAGES, MM_ANONPAGES, MM_SWAPENTS, MM_SHMEMPAGES) in a thread's memory. Before 6.2 each thread
 * counts by itself and adds to the total later: what the other threads have not added yet, at most 64 pages each, is
 * missing. */
static __always_inline s64 rss_count(struct task_struct *t, struct mm_struct *mm, u32 i)
{
	s64 n = 0;
	if (bpf_core_field_exists(((struct mm_struct___old *)mm)->rss_stat.count)) {
		struct mm_struct___old *old = (void *)mm;
		struct task_struct___old *own = (void *)t;
		s32 kept = 0;
		bpf_probe_read_kernel(&n, 8, (void *)old + bpf_core_field_offset(struct mm_struct___old, rss_stat.count) + i * 8);
		if (bpf_core_field_exists(own->rss_stat.count))
			bpf_probe_read_kernel(&kept, 4, (void *)own + bpf_core_field_offset(struct task_struct___old, rss_stat.count) + i * 4);
		n += kept;
	} else {
		struct percpu_counter *c = (void *)mm + bpf_core_field_offset(struct mm_struct, rss_stat) +
					   i * bpf_core_type_size(struct percpu_counter);
		n = BPF_CORE_READ(c, count);
	}
	return n < 0 ? 0 : n;
}

/* vm_size, vm_rss, vm_swap of a thread with this memory in KiB; all 0 without one. */
static __always_inline void read_vm(struct task_struct *t, struct mm_struct *mm, u32 vm[3])
{
	vm[0] = mm ? BPF_CORE_READ(mm, total_vm) * 4 : 0;
	vm[1] = mm ? (rss_count(t, mm, 0) + rss_count(t, mm, 1) + rss_count(t, mm, 3)) * 4 : 0;
	vm[2] = mm ? rss_count(t, mm, 2) * 4 : 0;
}

/* The same as three parameters of four bytes. */
static __always_inline u32 put_vm(struct scratch *s, u32 off, struct task_struct *t)
{
	u32 vm[3];
	read_vm(t, BPF_CORE_READ(t, mm), vm);
	return put32(s, put32(s, put32(s, off, vm[0]), vm[1]), vm[2]);
}

/* major << 8 | minor of the controlling terminal; 0: none. */
static __always_inline u32 tty_nr(struct task_struct *t)
{
	struct tty_struct *tty = BPF_CORE_READ(t, signal, tty);
	if (!tty)
		return 0;
	u32 major = BPF_CORE_READ(tty, driver, major);
	u32 minor = BPF_CORE_READ(tty, driver, minor_start) + BPF_CORE_READ(tty, index);
	return (minor & 0xff) | (major << 8) | ((minor & ~0xffu) << 12);
}
static __always_inline u32 login_uid(struct task_struct *t)
{
	return bpf_core_field_exists(t->loginuid) ? BPF_CORE_READ(t, loginuid.val) : ~0u;
}
/* The soft limit of open descriptors. */
static __always_inline u64 fd_limit(struct task_struct *t)
{
	return BPF_CORE_READ(t, signal, rlim[7].rlim_cur);
}

static __always_inline struct kernfs_node *kn_parent(struct kernfs_node *kn)
{
	struct kernfs_node___old *old = (void *)kn;
	if (bpf_core_field_exists(old->parent))
		return (void *)BPF_CORE_READ(old, parent);
	return BPF_CORE_READ(kn, __parent);
}

/* The path of a cgroup at off (no length); returns the offset after it. */
__noinline u32 put_kernfs(struct scratch *s, u32 off, u64 node)
{
	struct kernfs_node *kn = (void *)node;
	u64 *chain;
	if (!s)
		return off;
	chain = s->work.chain;
	for (int i = 0; i < 12; i++)
		*(volatile u64 *)&chain[i] = 0;
	for (int i = 0; i < 12; i++) {
		struct kernfs_node *up = kn ? kn_parent(kn) : NULL;
		if (!up)
			break;
		*(volatile u64 *)&chain[i] = (u64)kn; /* lets the verifier treat both loops as one, although the second reads it */
		kn = up;
	}
	if (!*(volatile u64 *)&chain[0])
		return put8(s, off, '/');
	for (int i = 11; i >= 0; i--) {
		kn = (void *)*(volatile u64 *)&chain[i];
		if (!kn)
			continue;
		off = put8(s, any(s, off), '/');
		long n = bpf_probe_read_kernel_str(at(s, off), 256, BPF_CORE_READ(kn, name));
		if (n > 1)
			off += n - 1;
	}
	return off;
}

/* The node of a thread's cgroup in the hierarchy of the i-th controller, as in /proc/PID/cgroup: in the unified hierarchy
 * that is the thread's cgroup, even if the controller is enabled only further up. 0: there is no such controller. Not
 * inlined, because put_cgroups has little stack left. */
__noinline u64 node_of_controller(u64 css_set, u32 i)
{
	struct css_set *set = (void *)css_set;
	struct cgroup *unified = BPF_CORE_READ(set, dfl_cgrp), *g;
	struct cgroup_subsys_state *css = NULL;
	bpf_probe_read_kernel(&css, sizeof(css), (void *)set + bpf_core_field_offset(struct css_set, subsys) + i * sizeof(css));
	if (!css)
		return 0;
	g = BPF_CORE_READ(css, cgroup);
	if (BPF_CORE_READ(g, root) == BPF_CORE_READ(unified, root))
		g = unified;
	return (u64)BPF_CORE_READ(g, kn);
}

/* An entry of a list of cgroups: "name=" (n bytes), the path and a NUL. */
static __always_inline u32 put_cgroup(struct scratch *s, u32 off, const char *name, u32 n, u64 node)
{
	bpf_probe_read_kernel(at(s, off), n, name);
	return put8(s, put_kernfs(s, off + n, node), 0);
}

/* "cpuset=/path", NUL, "cpu=/path", NUL ... of a thread (a pointer as a number) as a variable parameter. "unified=/path" if
 * no controller has that cgroup. */
__noinline u32 put_cgroups(struct scratch *s, u32 off, u64 task)
{
	u64 set = (u64)BPF_CORE_READ((struct task_struct *)task, cgroups), node;
	u64 unified = (u64)BPF_CORE_READ((struct css_set *)set, dfl_cgrp, kn);
	u32 o = off + 2;
	if (!s)
		return off;
#define CGROUP_PUT(name, text)                                                                                         \
	if (bpf_core_enum_value_exists(enum cgroup_subsys_id, name##_cgrp_id)) {                                       \
		node = node_of_controller(set, bpf_core_enum_value(enum cgroup_subsys_id, name##_cgrp_id));            \
		if (node)                                                                                              \
			o = put_cgroup(s, o, text, sizeof(text) - 1, node);                                            \
		if (node == unified)                                                                                   \
			unified = 0;                                                                                   \
	}
	CGROUP_LIST(CGROUP_PUT)
	if (unified && kn_parent((struct kernfs_node *)unified))
		o = put_cgroup(s, o, "unified=", 8, unified);
	put16(s, off, o - off - 2);
	return o;
}

/* inheritable, permitted, effective, three u64. */
static __always_inline u32 put_caps(struct scratch *s, u32 off, const struct cred *c)
{
	u64 caps[3] = {};
	bpf_probe_read_kernel(caps, 8, (void *)c + bpf_core_field_offset(struct cred, cap_inheritable));
	bpf_probe_read_kernel(caps + 1, 8, (void *)c + bpf_core_field_offset(struct cred, cap_permitted));
	bpf_probe_read_kernel(caps + 2, 8, (void *)c + bpf_core_field_offset(struct cred, cap_effective));
	off = put64(s, off, caps[0]);
	off = put64(s, off, caps[1]);
	return put64(s, off, caps[2]);
}

#endif
