/* Ceilings: what threads of a throttled cgroup do is counted instead of recorded. Births, programs, names and ends are recorded
 * all the same, so that its processes stay known. */
#ifndef KSYS_THROTTLE_H
#define KSYS_THROTTLE_H

#include "filter.h"

struct ksys_throttles throttles SEC(".bss.throttles");

/* What a throttled call is. */
enum {
	LEFT_SHOWN = 1,  /* the filter passes it */
	LEFT_STATE = 2,  /* it keeps threads and descriptors true */
	LEFT_LOOK = 4,   /* it is its beginning, which is no record of its own: nothing is counted */
};

/* The entry of a cgroup, taken when it has none. Entries before it may have been given back since it was: all are looked at
 * first. */
static __always_inline u32 throttle_entry(u64 cgroup)
{
	u32 at = (u32)cgroup * 0x9e3779b1u >> 20;
	for (u32 i = 0; i < 8; i++) {
		u32 k = (at + i) & (KSYS_THROTTLES - 1);
		if (throttles.entries[k].cgroup == cgroup)
			return k;
	}
	for (u32 i = 0; i < 8; i++) {
		u32 k = (at + i) & (KSYS_THROTTLES - 1);
		u64 owner = __sync_val_compare_and_swap(&throttles.entries[k].cgroup, 0, cgroup);
		if (!owner || owner == cgroup)
			return k;
	}
	return KSYS_THROTTLES - 1;
}

/* ns of a cgroup's share that are kept for a burst while it makes fewer calls */
#define SAVED (1ull << 29)

/* --max-cpu: whether a cgroup may have `flush` more events, each of which uses up an interval of its time. Where two CPUs take them
 * at once one of them has them for nothing. */
static __always_inline bool in_time(struct ksys_throttle *all, u32 sort, u64 now)
{
	u64 interval = throttles.intervals[sort], due = all->due[sort], next;
	if (!interval)
		return true;
	next = (due + SAVED > now ? due : now - SAVED) + interval * config.plan.flush;
	if (next > now)
		return false;
	__sync_val_compare_and_swap(&all->due[sort], due, next);
	return true;
}

/* --max-calls: the same for the parts of the time that a second may touch. What a CPU takes is added first, so that no other one
 * takes it, too. */
static __noinline int in_second(struct ksys_throttle *all, u64 now)
{
	u32 part = now >> KSYS_PART_SHIFT;
	u64 *own, old, sum = 0;
	if (!all)
		return 0;
	own = &all->parts[part & (KSYS_PARTS - 1)];
	old = *own;
	if (old >> 32 == part || __sync_val_compare_and_swap(own, old, (u64)part << 32 | config.plan.flush) != old)
		__sync_fetch_and_add(own, config.plan.flush);
	for (u32 i = 0; i < KSYS_PARTS; i++) {
		u64 of = *(volatile u64 *)&all->parts[i];
		if ((s32)(part - (u32)(of >> 32)) < KSYS_PARTS)
			sum += (u32)of;
	}
	if (sum <= config.plan.most_calls)
		return 1;
	__sync_fetch_and_add(own, -(u64)config.plan.flush);
	return 0;
}

/* Whether a CPU may record `flush` more events of a cgroup. */
static __always_inline bool may_record(struct ksys_throttle *all, u32 sort)
{
	u64 now;
	if (!config.plan.most_calls && !throttles.intervals[sort])
		return true;
	now = bpf_ktime_get_ns();
	return in_time(all, sort, now) && (!config.plan.most_calls || in_second(all, now));
}

/* Whether a limit was reached just now: it is not looked at again before the next tick, as the clock costs more than all the rest
 * of a call that is left out. */
static __always_inline bool reached(struct ksys_throttle *all, u32 sort)
{
	u64 when = all->full[sort];
	return when && when == bpf_jiffies64();
}

/* Whether what a thread in this cgroup does is left out; it is counted either way. */
__noinline int leave_out(u64 cgroup, u32 what)
{
	u32 at = throttle_entry(cgroup) & (KSYS_THROTTLES - 1);
	struct ksys_throttle *all = &throttles.entries[at];
	u32 sort = what & LEFT_SHOWN ? EVENTS_SHOWN : EVENTS_OTHERS;
	struct ksys_ceiling_table *table;
	struct ksys_cgroup_calls *own;
	u32 how = all->how;
	bool out = how == THROTTLE_ALL || (how == THROTTLE_OTHERS && !(what & (LEFT_SHOWN | LEFT_LOOK))) || reached(all, sort);
	if (what & LEFT_LOOK)
		return out;
	table = ceiling_table();
	if (!table)
		return out;
	own = &table->cgroups[at];
	if (!out && !(own->recorded[sort] & (config.plan.flush - 1)) && !may_record(all, sort)) {
		all->full[sort] = bpf_jiffies64();
		out = true;
	}
	if (!out) {
		own->recorded[sort]++;
		return 0;
	}
	own->left_out[sort]++;
	if (what & LEFT_STATE && !all->missed)
		all->missed = 1;
	return 1;
}

/* The same for a thread, where there are ceilings. */
static __always_inline bool throttled(struct task_struct *t, u32 what)
{
	return config.plan.ceilings && leave_out(cgroup_of(t), what);
}

#endif
