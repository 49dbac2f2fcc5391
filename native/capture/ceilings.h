// Where what is captured has ceilings: what programs counted of each cgroup, what they cost, and which cgroups are throttled.
#pragma once
#include "batch.h"
#include <vector>

class Ceilings {
public:
	/// Maps the tables of `cpus` CPUs behind a map's descriptor; `shared` is what the programs know of cgroups. false: it cannot be
	/// mapped.
	bool open(int fd, size_t cpus, ksys_throttles *shared);
	void close();

	/// How much of what threads of this cgroup do is left out from now on (THROTTLE_*); false: there is no entry for it.
	bool throttle(uint64_t cgroup, uint32_t how);
	/// The ns between two events of a cgroup, on average, that the filter passes, and of others; 0: any number, ~0: none.
	void limit(uint32_t shown, uint32_t others);
	/// Gives the entry of a cgroup back, which makes no calls any more; what was counted of it is forgotten.
	void forget(uint64_t cgroup);
	/// Runs of programs, those that were timed and their ns, and 1 where something was left out since the last reading that keeps
	/// threads and descriptors true; then of each cgroup its id, and of events that the filter passes, and then of others, how
	/// many were recorded and left out. The cgroup -1 stands for all without an entry.
	std::vector<double> read();

private:
	ksys_throttle *find(uint64_t cgroup) const;

	ksys_ceiling_table *tables = nullptr;
	size_t cpus = 0;
	ksys_throttles *throttles = nullptr;
};
