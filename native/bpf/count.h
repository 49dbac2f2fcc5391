/* Calls that are counted instead of recorded: an entry for each type and result in a hash table of the CPU. Nothing
 * interrupts the programs that count on a CPU, so the table needs no lock. It has two sides: while one is filled, the addon
 * empties the other. A call that gets no entry is recorded. */
#ifndef KSYS_COUNT_H
#define KSYS_COUNT_H

#include "filter.h"
#include "row.h"

#define PROBES 8

/* The side that is being filled; switched by the addon. */
u32 counter_side SEC(".bss.counters") = 0;

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1); /* one for each CPU; set before load */
	__type(key, u32);
	__type(value, struct ksys_counter_table);
} counter_tables SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1); /* one for each CPU; set before load */
	__type(key, u32);
	__type(value, struct ksys_program_table);
} program_tables SEC(".maps");

/* The highest power of two in a number; 0 of 0. */
static __always_inline u32 power_of(u64 n)
{
	u32 high = 0;
	for (u32 step = 32; step; step >>= 1)
		if (n >> high >> step)
			high += step;
	return high;
}

/* A duration on a scale with eight steps per doubling: that of src/model/histogram.ts. */
static __always_inline u32 magnitude(u64 ns)
{
	u32 high = power_of(ns);
	if (ns < 8)
		return ns;
	return (high - 2) * 8 + (ns >> (high - 3)) - 8;
}

/* Counts a call; latency ~0: not known, or not needed. false if there is no entry for it. */
static __always_inline bool count_call(u16 type, s64 ret, u64 latency)
{
	u32 cpu = bpf_get_smp_processor_id();
	struct ksys_counter_table *t = bpf_map_lookup_elem(&counter_tables, &cpu);
	u64 key = COUNTER_USED | type | (u64)(IS_ERR_RET(ret) ? -ret : 0) << COUNTER_ERROR;
	u32 at, side = counter_side & 1;
	if (!t)
		return false;
	if (latency == ~0ull) {
		key |= COUNTER_TIMELESS;
		latency = 0;
	} else if (config.plan.count & COUNT_MAGNITUDES)
		key |= (u64)magnitude(latency) << COUNTER_MAGNITUDE;
	at = (u32)(key >> 32) * 0x85ebca6bu ^ (u32)key * 0x9e3779b1u;
	at ^= at >> 15;
	for (u32 i = 0; i < PROBES; i++) {
		struct ksys_counter *c = &t->counters[side][(at + i) & (KSYS_COUNTERS - 1)];
		if (!c->key)
			c->key = key;
		else if (c->key != key)
			continue;
		c->calls++;
		c->time += latency;
		return true;
	}
	return false;
}

/* The bucket of a latency: that of src/metrics/latency-buckets.ts. */
static __always_inline u32 latency_bucket(u64 ns)
{
	u32 power = power_of(ns);
	if (power < 10)
		return 0;
	return power < 34 ? (power - 10) / 2 + 1 : 13;
}

/* The same by program and cgroup. */
static __always_inline bool count_program(struct pt_regs *regs, struct task_struct *t, u16 type, s64 ret, u64 latency)
{
	u32 cpu = bpf_get_smp_processor_id();
	struct ksys_program_table *table = bpf_map_lookup_elem(&program_tables, &cpu);
	struct task_struct *leader = loose(t)->group_leader;
	u64 key = COUNTER_USED | type, cgroup = running_cgroup(t, regs);
	u64 a = *(u64 *)leader->comm, b = *(u64 *)(leader->comm + 8), hash;
	u32 at, side = counter_side & 1;
	if (!table)
		return false;
	hash = (a ^ cgroup * 0x9e3779b97f4a7c15ull) * 0xc2b2ae3d27d4eb4full ^ (b ^ key) * 0x165667b19e3779f9ull;
	at = hash ^ hash >> 32;
	at ^= at >> 15;
	for (u32 i = 0; i < PROBES; i++) {
		struct ksys_program_counter *c = &table->counters[side][(at + i) & (KSYS_PROGRAM_COUNTERS - 1)];
		if (!c->key) {
			c->cgroup = cgroup;
			c->comm[0] = a;
			c->comm[1] = b;
			c->key = key;
		} else if (c->key != key || c->comm[0] != a || c->comm[1] != b || c->cgroup != cgroup)
			continue;
		c->calls++;
		if (IS_ERR_RET(ret))
			c->errors++;
		else if (ret > 0)
			c->results += ret;
		if (latency != ~0ull) {
			c->time += latency;
			c->latencies[latency_bucket(latency) & (KSYS_LATENCIES - 1)]++;
		}
		return true;
	}
	return false;
}

/* Counts a call as the plan requires; false: it must be recorded. A separate function, so that its stack does not add to its callers'. */
static __noinline int counted(struct pt_regs *regs, struct task_struct *t, u16 type, s64 ret, u64 latency)
{
	if (config.plan.count & COUNT_PROGRAMS)
		return count_program(regs, t, type, ret, latency);
	return count_call(type, ret, latency);
}

#endif
