/* Ceilings: what threads of a throttled cgroup do is counted instead of recorded. Births, programs, names and ends are recorded
 * all the same, so that its processes stay known. */
#ifndef KSYS_THROTTLE_H
#define KSYS_THROTTLE_H

#include "filter.h"

struct ksys_throttle throttles[KSYS_THROTTLES] SEC(".bss.throttles");

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
		if (throttles[k].cgroup == cgroup)
			return k;
	}
	for (u32 i = 0; i < 8; i++) {
		u32 k = (at + i) & (KSYS_THROTTLES - 1);
		u64 owner = __sync_val_compare_and_swap(&throttles[k].cgroup, 0, cgroup);
		if (!owner || owner == cgroup)
			return k;
	}
	return KSYS_THROTTLES - 1;
}

static __always_inline u32 this_second(void)
{
	return bpf_ktime_get_ns() / 1000000000;
}

/* Where another second has begun nothing was recorded in it yet. */
static __always_inline void begin_second(struct ksys_throttle *all)
{
	u32 second = this_second();
	if (all->second == second)
		return;
	all->calls = 0;
	all->second = second;
}

/* Whether what a thread in this cgroup does is left out; it is counted either way. */
__noinline int leave_out(u64 cgroup, u32 what)
{
	u32 at = throttle_entry(cgroup) & (KSYS_THROTTLES - 1);
	struct ksys_throttle *all = &throttles[at];
	struct ksys_ceiling_table *table;
	struct ksys_cgroup_calls *own;
	u32 how = all->how;
	bool out = how == THROTTLE_ALL || (how == THROTTLE_OTHERS && !(what & (LEFT_SHOWN | LEFT_LOOK)));
	if (config.plan.most_calls && all->calls >= config.plan.most_calls) {
		out = true;
		if (!(what & LEFT_LOOK)) /* the clock costs more than all of this */
			begin_second(all);
	}
	if (what & LEFT_LOOK)
		return out;
	table = ceiling_table();
	if (!table)
		return out;
	own = &table->cgroups[at];
	if (out) {
		own->left_out += what & LEFT_SHOWN;
		own->state += (what & LEFT_STATE) / LEFT_STATE;
		return 1;
	}
	own->recorded++;
	if (config.plan.most_calls && !(own->recorded & (config.plan.flush - 1))) {
		begin_second(all);
		__sync_fetch_and_add(&all->calls, config.plan.flush);
	}
	return 0;
}

/* The same for a thread, where there are ceilings. */
static __always_inline bool throttled(struct task_struct *t, u32 what)
{
	return config.plan.ceilings && leave_out(cgroup_of(t), what);
}

#endif
