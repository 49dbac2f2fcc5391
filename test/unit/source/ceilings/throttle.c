/* The kernel side's limits (native/bpf/throttle.h) with a simulated clock and CPUs: reads lines of a time (ns), a CPU and the number of
 * calls that are made then, and prints how many of them are recorded. Arguments: ns between two events, events that a CPU reserves at once
 * from the interval, and from --max-calls, and the limit of --max-calls. */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef int32_t s32;
typedef uint64_t u64;
typedef int64_t s64;

#include "abi.h"

#define SEC(name)
#define __always_inline inline __attribute__((always_inline))
#define __noinline __attribute__((noinline))
#define CPUS 4
#define JIFFY 4000000

struct task_struct;
static struct {
	struct ksys_plan plan;
} config;
static struct ksys_ceiling_table tables[CPUS];
static u64 now;
static u32 cpu;

static u64 bpf_ktime_get_ns(void) { return now; }
static u64 bpf_jiffies64(void) { return now / JIFFY; }
static u64 cgroup_of(struct task_struct *t) { return t ? 1 : 0; }
static struct ksys_ceiling_table *ceiling_table(void) { return &tables[cpu]; }

#define KSYS_FILTER_H /* what is needed of it is above */
#include "bpf/throttle.h"

int main(int argc, char **argv)
{
	unsigned long long at;
	u32 calls;
	if (argc < 5) return 1;
	throttles.intervals[EVENTS_SHOWN] = strtoul(argv[1], NULL, 10);
	throttles.flush[EVENTS_SHOWN] = atoi(argv[2]);
	config.plan.flush = atoi(argv[3]);
	config.plan.most_calls = atoi(argv[4]);
	while (scanf("%llu %u %u", &at, &cpu, &calls) == 3) {
		u32 recorded = 0;
		now = at;
		cpu %= CPUS;
		while (calls--) recorded += !leave_out(1, LEFT_SHOWN);
		printf("%u\n", recorded);
	}
	return 0;
}
