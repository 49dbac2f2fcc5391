/* The plan's filter: whether a thread's events are recorded, according to the thread's present properties. */
#ifndef KSYS_FILTER_H
#define KSYS_FILTER_H

#include "file.h"
#include "calls.h"
#include "judged.h"

/* 1 if the numbers differ, else 0. Without a branch: the verifier follows each path through a loop. */
static __always_inline u64 differ(u64 a, u64 b)
{
	u64 d = a ^ b, minus = -d;
	BARRIER(minus);
	return (d | minus) >> 63;
}

/* Whether the thread fulfils slot i; name: the thread's name after a pending rename, NULL: no rename. */
static __always_inline int slot_match(struct task_struct *t, u32 i, const u64 *name)
{
	const volatile struct ksys_slot *sl = &config.plan.slots[i & (KSYS_MAX_SLOTS - 1)];
	u64 miss;
	u32 n, v;
	n = sl->ncomm;
	if (n) {
		u64 a = name ? name[0] : *(u64 *)t->comm, b = name ? name[1] : *(u64 *)(t->comm + 8);
		miss = 1;
		for (u32 k = 0; k < KSYS_MAX_VALUES && k < n; k++) {
			const volatile struct ksys_comm *c = &sl->comm[k];
			miss &= differ(a & c->mask[0], c->name[0]) | differ(b & c->mask[1], c->name[1]);
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
	IN_SET(uid, loose(t)->cred->euid.val)
	return 1;
}

/* The id of the cgroup of the set in the hierarchy of a controller (a number of enum cgroup_subsys_id). */
static __always_inline u64 controller_cgroup(struct css_set *set, u32 controller)
{
	struct cgroup_subsys_state **css = (void *)set + bpf_core_field_offset(struct css_set, subsys), *of = NULL;
	css += controller;
	if (CAN_CAST)
		return (*css)->cgroup->kn->id;
	bpf_probe_read_kernel(&of, sizeof(of), css);
	return BPF_CORE_READ(of, cgroup, kn, id);
}

/* The key of the thread's cgroup in the hierarchy that usually distinguishes containers. */
static __always_inline u64 main_cgroup(struct task_struct *t)
{
	struct css_set *set = loose(t)->cgroups;
	if (!config.plan.cgroup_hierarchy)
		return set->dfl_cgrp->kn->id;
	if (!bpf_core_enum_value_exists(enum cgroup_subsys_id, memory_cgrp_id))
		return 0;
	return controller_cgroup(set, bpf_core_enum_value(enum cgroup_subsys_id, memory_cgrp_id));
}

/* The key of a thread's cgroup in the next of the other hierarchies; 0: none at that index. `set`, `at`: the caller's. */
#define NEXT_CGROUP(name)                                                                                              \
	(config.plan.hierarchies[at++] && bpf_core_enum_value_exists(enum cgroup_subsys_id, name##_cgrp_id) ?         \
		 KSYS_CGROUP_KEY(controller_cgroup(set, bpf_core_enum_value(enum cgroup_subsys_id, name##_cgrp_id)), at) : \
		 0)

/* The marks of the cgroup of that key. */
static __always_inline u32 marks_of(u64 key)
{
	u64 entry = cgroup_table.marks[KSYS_CGROUP_ENTRY(key)];
	return entry & ((1u << KSYS_CGROUP_MARKS) - 1) & (differ(entry >> KSYS_CGROUP_MARKS, key) - 1);
}

/* The thread's first cgroup that belongs to a container, else that of the main hierarchy. */
static __noinline u64 container_cgroup(struct task_struct *t)
{
	struct css_set *set = loose(t)->cgroups;
	u64 first = main_cgroup(t), key;
	u32 at = 0;
	if (marks_of(first) & KSYS_CGROUP_CONTAINER)
		return first;
#define IF_CONTAINER(name, text)                                                                                       \
	key = NEXT_CGROUP(name);                                                                                       \
	if (key && marks_of(key) & KSYS_CGROUP_CONTAINER)                                                              \
		return key;
	CGROUP_LIST(IF_CONTAINER)
	return first;
}

#define OTHER_HIERARCHIES                                                                                              \
	(config.plan.hierarchies[0] || config.plan.hierarchies[1] || config.plan.hierarchies[2] ||                     \
	 config.plan.hierarchies[3] || config.plan.hierarchies[4])
_Static_assert(KSYS_CONTROLLERS == 5, "OTHER_HIERARCHIES has them all");

/* The key of the cgroup under which the thread's events are counted: that of its container, which may be in one hierarchy only. */
static __always_inline u64 cgroup_of(struct task_struct *t)
{
	return OTHER_HIERARCHIES ? container_cgroup(t) : main_cgroup(t);
}

/* The same of the running thread, which has these registers. Its entry remembers it, because finding it out in all hierarchies costs
 * as much as everything else that counts a call. The thread holds a reference to its set of cgroups, so another one has another address;
 * a set that got the address after the thread had left it is recognised by the changes in the meantime. */
static __always_inline u64 running_cgroup(struct task_struct *t, struct pt_regs *regs)
{
	struct in_call *c = entry_of(regs);
	u64 set;
	if (!OTHER_HIERARCHIES)
		return main_cgroup(t);
	if (c->owner != (u64)regs)
		return container_cgroup(t);
	set = (u64)loose(t)->cgroups;
	if (c->cgroup_set == set && c->cgroup_changes == cgroup_table.changes)
		return c->cgroup;
	c->cgroup_changes = __sync_fetch_and_add(&cgroup_table.changes, 0); /* the marks are read after it */
	c->cgroup_set = set;
	return c->cgroup = container_cgroup(t);
}

static __always_inline bool is_exec(u32 nr)
{
	u8 special = config.descs[nr & (KSYS_MAX_NR - 1)].special;
	return special == SP_EXECVE || special == SP_EXECVEAT;
}

#define ALL_SLOTS ((1u << config.plan.nslots) - 1)

/* The slots that the thread's cgroups exclude, a bit for each: a container may be in one hierarchy only. */
static __always_inline u32 excluded_slots(struct task_struct *t)
{
	struct css_set *set;
	u32 marks, at = 0;
	u64 key;
	if (config.plan.cgroups == CGROUPS_NONE)
		return 0;
	set = loose(t)->cgroups;
	marks = marks_of(main_cgroup(t));
#define EXCLUDED_BY(name, text)                                                                                        \
	key = NEXT_CGROUP(name);                                                                                       \
	if (key)                                                                                                       \
		marks &= marks_of(key);
	CGROUP_LIST(EXCLUDED_BY)
	return marks & ((1u << KSYS_MAX_SLOTS) - 1);
}

/* Whether the thread's cgroup excludes slot i. */
static __always_inline bool slot_excluded(struct task_struct *t, u32 i)
{
	i &= KSYS_MAX_SLOTS - 1;
	return config.plan.slots[i].cgroup && excluded_slots(t) >> i & 1;
}

/* Whether the filter passes the thread's events, according to the conditions on the thread. */
static __always_inline bool passes_filter(struct task_struct *t, u8 verdict)
{
	if (verdict < VERDICT_SLOT || !config.plan.nslots)
		return verdict == VERDICT_PASS;
	return slot_match(t, verdict - VERDICT_SLOT, NULL) && !slot_excluded(t, verdict - VERDICT_SLOT) &&
	       !judged_unable(t, verdict - VERDICT_SLOT);
}

/* Whether a slot with a condition on the process decides: it may have passed the call when it began. */
static __always_inline bool by_judgement(u8 verdict)
{
	return verdict >= VERDICT_SLOT && config.plan.judges &&
	       config.plan.slots[(verdict - VERDICT_SLOT) & (KSYS_MAX_SLOTS - 1)].process;
}

/* Whether a slot requires failed calls, or successful ones, and this call is neither required. */
static __always_inline bool wrong_result(u8 verdict, bool failed)
{
	u8 wanted;
	if (verdict < VERDICT_SLOT || !config.plan.nslots)
		return false;
	wanted = config.plan.slots[(verdict - VERDICT_SLOT) & (KSYS_MAX_SLOTS - 1)].failed;
	return wanted && wanted != (failed ? 1 : 2);
}

#define KINDS_OF_SOCKETS (KIND_SOCKET | KIND_DATAGRAM | KIND_STREAM | KIND_CONNECTING)

/* With a slot that requires kinds of descriptors: whether the call's is of one of them, or can no longer be inspected. */
static __always_inline bool right_descriptor(struct pt_regs *regs, s32 nr, u8 verdict)
{
	struct file *f;
	struct socket *so;
	struct sock *sk;
	u32 wanted, family;
	if (verdict < VERDICT_SLOT || !config.plan.nslots)
		return true;
	wanted = config.plan.slots[(verdict - VERDICT_SLOT) & (KSYS_MAX_SLOTS - 1)].kinds;
	if (!wanted)
		return true;
	f = file_to_read((s32)first_arg(regs));
	if (!f)
		return true;
	if (!is_socket(f))
		return wanted & KIND_OTHER;
	if ((wanted & KINDS_OF_SOCKETS) == KINDS_OF_SOCKETS)
		return true;
	so = READ_AT(f, file, private_data);
	sk = so ? READ_AT(so, socket, sk) : NULL;
	if (!sk)
		return true;
	family = READ_AT(sk, sock, __sk_common.skc_family);
	if (family != AF_INET && family != AF_INET6)
		return wanted & KIND_SOCKET;
	if (READ_AT(sk, sock, sk_type) != SOCK_STREAM)
		return wanted & KIND_DATAGRAM;
	return wanted & KIND_STREAM || (wanted & KIND_CONNECTING && message_flags(regs, nr) & MSG_FASTOPEN);
}

/* The threads of the only captured process tree, from the first program on that it executes. */
struct {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, u8);
} tree SEC(".maps");

/* Without memory for it, the thread's events are not recorded: their number is not known, and one is counted as lost. */
static __always_inline void join_tree(struct task_struct *t, u32 cpu)
{
	if (!bpf_task_storage_get(&tree, t, 0, BPF_LOCAL_STORAGE_GET_F_CREATE))
		count_lost(cpu, LOST_OTHER);
}
static __always_inline bool in_tree(struct task_struct *t)
{
	return bpf_task_storage_get(&tree, t, 0, 0) != NULL;
}

/* Whether the capture excludes the thread: ksys itself, or a thread outside the captured process tree. */
static __always_inline bool excluded(struct task_struct *t)
{
	u32 tgid = t->tgid;
	if (config.plan.self_pid && tgid == config.plan.self_pid)
		return true;
	return config.plan.root_pid && tgid != config.plan.root_pid && !in_tree(t);
}

#endif
