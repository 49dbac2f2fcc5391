/* What the plan says about the current thread: left out, followed, shown. Decided with the thread's own facts now. Which
 * descriptors are followed does not go by containers: what is refused of one today may be wanted when it has another name. */
#ifndef KSYS_SHOW_H
#define KSYS_SHOW_H

#include "file.h"
#include "maps.h"

/* Results for slot_match: what is known about the call's success. */
enum { RESULT_OK = 2, RESULT_FAILED = 1, RESULT_UNKNOWN = 0 };

/* comm's two words with what follows its end zeroed: older kernels leave the previous name's rest there. */
static __always_inline u64 upto_nul(u64 w, bool *end)
{
	u64 low = 0x7f7f7f7f7f7f7f7full, z = ~((((w & low) + low) | w) | low);
	if (!z)
		return w;
	*end = true;
	return w & ((z & -z) - 1) >> 7;
}

/* 1 when the numbers differ, else 0. Without a branch: the kernel follows each way through a loop when it checks programs. */
static __always_inline u64 differ(u64 a, u64 b)
{
	u64 d = a ^ b, minus = -d;
	BARRIER(minus);
	return (d | minus) >> 63;
}

/* Whether slot i's conditions hold, as far as they are known; name: what the thread is about to be called, NULL: it stays. */
static __always_inline int slot_match(struct task_struct *t, u32 i, u32 result, const u64 *name)
{
	const volatile struct ksys_slot *sl = &config.plan.slots[i & (KSYS_MAX_SLOTS - 1)];
	u64 miss;
	u32 n, v;
	if (sl->failed && result && sl->failed != result)
		return 0;
	n = sl->ncomm;
	if (n) {
		bool end = false;
		u64 a = upto_nul(name ? name[0] : *(u64 *)t->comm, &end);
		u64 b = end ? 0 : upto_nul(name ? name[1] : *(u64 *)(t->comm + 8), &end);
		miss = 1;
		for (u32 k = 0; k < KSYS_MAX_VALUES && k < n; k++) {
			const volatile u64 *c = (const volatile u64 *)sl->comm[k];
			miss &= differ(c[0], a) | differ(c[1], b);
		}
		if (miss != sl->negcomm)
			return 0;
	}
#define IN_SET(what, value)                                                                                            \
	n = sl->n##what;                                                                                               \
	if (n) {                                                                                                       \
		v = value;                                                                                             \
		miss = 1;                                                                                              \
		for (u32 k = 0; k < KSYS_MAX_VALUES && k < n; k++)                                                     \
			miss &= differ(sl->what[k], v);                                                                \
		if (miss != sl->neg##what)                                                                             \
			return 0;                                                                                      \
	}
	IN_SET(pid, t->tgid)
	IN_SET(tid, t->pid)
	IN_SET(uid, t->cred->euid.val)
	return 1;
}

/* The id of the cgroup that tells which container the thread is in. */
static __always_inline u64 cgroup_of(struct task_struct *t)
{
	struct css_set *set = t->cgroups;
	struct cgroup_subsys_state *css = NULL;
	u32 i;
	if (!config.plan.cgroup_hierarchy)
		return set->dfl_cgrp->kn->id;
	if (!bpf_core_enum_value_exists(enum cgroup_subsys_id, memory_cgrp_id))
		return 0;
	i = bpf_core_enum_value(enum cgroup_subsys_id, memory_cgrp_id);
	bpf_probe_read_kernel(&css, sizeof(css), (void *)set + bpf_core_field_offset(struct css_set, subsys) + i * sizeof(css));
	return BPF_CORE_READ(css, cgroup, kn, id);
}

/* Whether the thread's cgroup refuses slot i. */
static __always_inline bool refused(struct task_struct *t, u32 i)
{
	u64 id, entry;
	if (!config.plan.slots[i & (KSYS_MAX_SLOTS - 1)].cgroup)
		return false;
	id = cgroup_of(t);
	entry = refusals[id & (KSYS_CGROUPS - 1)];
	return entry >> KSYS_MAX_SLOTS == id && entry >> (i & (KSYS_MAX_SLOTS - 1)) & 1;
}

static __always_inline bool shown(struct task_struct *t, u8 show, u32 result)
{
	if (show < SHOW_SLOT || !config.plan.nslots)
		return show == SHOW_ALWAYS;
	return slot_match(t, show - SHOW_SLOT, result, NULL) && !refused(t, show - SHOW_SLOT);
}

/* With a slot about sockets: whether the descriptor is one, or cannot be looked at any more. */
static __always_inline bool right_descriptor(struct pt_regs *regs, u8 show)
{
	u64 args[6];
	struct file *f;
	if (show < SHOW_SLOT || !config.plan.nslots || !config.plan.slots[(show - SHOW_SLOT) & (KSYS_MAX_SLOTS - 1)].socket)
		return true;
	call_args(regs, args);
	f = file_of((s32)args[0]);
	return !f || (BPF_CORE_READ(f, f_inode, i_mode) & S_IFMT) == S_IFSOCK;
}

/* Whether the thread belongs to the capture at all. */
static __always_inline bool left_out(struct task_struct *t)
{
	u32 tgid = t->tgid;
	if (config.plan.self_pid && tgid == config.plan.self_pid)
		return true;
	if (config.plan.root_pid && tgid != config.plan.root_pid) {
		struct in_call *c = bpf_task_storage_get(&calls, t, 0, 0);
		return !c || !c->in_tree;
	}
	return false;
}

#endif
