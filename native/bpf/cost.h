/* The programs' cost to the traced processes: each run is counted, and some are timed. */
#ifndef KSYS_COST_H
#define KSYS_COST_H

#include "maps.h"

/* One of this many runs is timed. A prime, because calls come in patterns: each has an enter and an exit. */
#define TIMED 257

static __always_inline struct ksys_ceiling_table *ceiling_table(void)
{
	u32 cpu = bpf_get_smp_processor_id();
	return bpf_map_lookup_elem(&ceiling_tables, &cpu);
}

static __always_inline void begin_run(void)
{
	struct ksys_ceiling_table *t = ceiling_table();
	if (t && ++t->runs >= t->next) {
		t->next = t->runs + TIMED;
		t->started = bpf_ktime_get_ns();
	}
}

static __always_inline void end_run(void)
{
	struct ksys_ceiling_table *t = ceiling_table();
	if (!t || !t->started)
		return;
	t->time += bpf_ktime_get_ns() - t->started;
	t->timed++;
	t->started = 0;
}

#endif
