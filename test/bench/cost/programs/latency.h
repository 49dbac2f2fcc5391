// Latencies of many operations in a table of fixed size: 32 steps for each power of two, so that a value is right to 3 %.
#include <stdint.h>
#include <stdio.h>
#include <time.h>

#define LATENCY_STEPS 32

struct latency {
	uint64_t count;
	uint64_t at[64 * LATENCY_STEPS];
};

static inline uint64_t nowNs(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000ULL + t.tv_nsec;
}

static inline void latencyAdd(struct latency *l, uint64_t ns)
{
	unsigned i = ns;
	if (ns >= LATENCY_STEPS) {
		int power = 63 - __builtin_clzll(ns);
		i = (power - 4) * LATENCY_STEPS + ((ns >> (power - 5)) & (LATENCY_STEPS - 1));
	}
	l->at[i]++;
	l->count++;
}

static inline void latencyMerge(struct latency *into, const struct latency *from)
{
	into->count += from->count;
	for (unsigned i = 0; i < sizeof from->at / sizeof *from->at; i++)
		into->at[i] += from->at[i];
}

/* the least latency in ns that this share of all operations does not exceed */
static inline double latencyAt(const struct latency *l, double share)
{
	uint64_t before = 0;
	for (unsigned i = 0; i < sizeof l->at / sizeof *l->at; i++) {
		before += l->at[i];
		if (before > 0 && before >= share * l->count) {
			if (i < LATENCY_STEPS)
				return i;
			unsigned power = i / LATENCY_STEPS + 4;
			return (double)(LATENCY_STEPS + i % LATENCY_STEPS) * (1ULL << (power - 5));
		}
	}
	return 0;
}

static inline void latencyPrint(const struct latency *l, double seconds)
{
	printf("{\"operations\":%llu,\"seconds\":%.6f,\"p50\":%.3f,\"p99\":%.3f}\n", (unsigned long long)l->count, seconds,
	       latencyAt(l, 0.5) / 1e3, latencyAt(l, 0.99) / 1e3);
}
