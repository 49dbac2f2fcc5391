/* Ceilings: events of a throttled cgroup's threads are counted instead of recorded. Births, programs, names and exits are
 * recorded all the same, so that its processes stay known, and so is mapped code if stacks are recorded. */
#ifndef KSYS_THROTTLE_H
#define KSYS_THROTTLE_H

#include "filter.h"

struct ksys_throttles throttles SEC(".bss.throttles");

/* What a throttled call is. */
enum {
	LEFT_SHOWN = 1,  /* the filter passes it */
	LEFT_STATE = 2,  /* it keeps threads and descriptors correct */
	LEFT_LOOK = 4,   /* an enter side, which is not a record of its own: nothing is counted */
};

/* The entry of a cgroup, allocated if it has none. Earlier entries may have been freed since it was allocated: all are checked first. */
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

/* Mask for the number of events of a cgroup's time that a CPU takes at once. */
static __always_inline u32 time_mask(u32 sort)
{
	return (throttles.flush[sort] - 1) & (config.plan.flush - 1);
}

/* --max-cpu: until when a cgroup's share of the time is used up by the number of events that a CPU takes, each of which
 * costs an interval; 0: not allowed. The saved time is enough for them, however low the level. */
static __always_inline u64 due_after(u64 due, u32 interval, u32 events, u64 now)
{
	u64 used = (u64)interval * events, saved = used > KSYS_SAVED ? used : KSYS_SAVED, next;
	next = (due + saved > now ? due : now - saved) + used;
	return interval == ~0u || next > now ? 0 : next;
}

/* --max-calls: the same for the time slices that a second may touch. The events that a CPU takes are added first, so that no
 * other CPU takes them, too. */
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

/* Whether a CPU that has recorded so many events of a cgroup may record the number that it takes at once next. The time
 * limit is charged last, so that nothing is charged if the calls limit is reached. If two CPUs take at the same time, one of
 * them is not charged. */
static __always_inline bool may_record(struct ksys_throttle *all, u32 sort, u64 recorded)
{
	bool counts = config.plan.most_calls && !(recorded & (config.plan.flush - 1));
	u32 interval = throttles.intervals[sort];
	u64 now, due = all->due[sort], next = 0;
	if (!counts && !interval)
		return true;
	now = bpf_ktime_get_ns();
	if (interval) {
		next = due_after(due, interval, time_mask(sort) + 1, now);
		if (!next)
			return false;
	}
	if (counts && !in_second(all, now))
		return false;
	if (interval)
		__sync_val_compare_and_swap(&all->due[sort], due, next);
	return true;
}

/* Whether a limit was reached recently: it is not checked again before the next tick, as reading the clock costs more than
 * everything else of a dropped call. */
static __always_inline bool reached(struct ksys_throttle *all, u32 sort)
{
	u64 when = all->full[sort];
	return when && when == bpf_jiffies64();
}

/* Whether an event of a thread in this cgroup is dropped; it is counted in either case. */
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
	if (!out && !(own->recorded[sort] & time_mask(sort)) && !may_record(all, sort, own->recorded[sort])) {
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
