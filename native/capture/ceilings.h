// Ceilings of a capture: what programs counted for each cgroup, what they cost, and which cgroups are throttled.
#pragma once
#include "batch.h"
#include <vector>

class Ceilings {
public:
	// Maps the tables of `cpus` CPUs from a map's descriptor; `shared` is the programs' state of cgroups. false: it cannot be
	// mapped.
	bool open(int fd, size_t cpus, ksys_throttles *shared);
	void close();

	// Sets which events of this cgroup's threads are dropped from now on (THROTTLE_*); false: there is no entry for it.
	bool throttle(uint64_t cgroup, uint32_t how);
	// Average ns between two events of a cgroup that the filter passes, and of others; 0: unlimited, ~0: none.
	void limit(uint32_t shown, uint32_t others);
	// Frees the entry of a cgroup that makes no calls any more; its counters are discarded.
	void forget(uint64_t cgroup);
	// Runs of programs, those that were timed and their ns, and 1 if records that keep threads and descriptors correct were
	// dropped since the last reading; then for each cgroup its id, and the numbers of recorded and dropped events, first those
	// that the filter passes, then the others. The cgroup -1 represents all without an entry.
	std::vector<double> read();

private:
	ksys_throttle *find(uint64_t cgroup) const;

	ksys_ceiling_table *tables = nullptr;
	size_t cpus = 0;
	ksys_throttles *throttles = nullptr;
};
