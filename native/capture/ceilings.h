// Where what is captured has ceilings: what programs counted of each cgroup, what they cost, and which cgroups are throttled.
#pragma once
#include "batch.h"
#include <vector>

class Ceilings {
public:
	/// Maps the tables of `cpus` CPUs behind a map's descriptor; `entries` is the programs' table of cgroups. false: it cannot be
	/// mapped.
	bool open(int fd, size_t cpus, ksys_throttle *entries);
	void close();

	/// How much of what threads of this cgroup do is left out from now on (THROTTLE_*); false: there is no entry for it.
	bool throttle(uint64_t cgroup, uint32_t how);
	/// Gives the entry of a cgroup back, which makes no calls any more; what was counted of it is forgotten.
	void forget(uint64_t cgroup);
	/// Runs of programs, those that were timed and their ns; then of each cgroup its id, events recorded and left out, and
	/// records left out that keep threads and descriptors true. The cgroup -1 stands for all without an entry.
	std::vector<double> read() const;

private:
	ksys_throttle *find(uint64_t cgroup) const;

	ksys_ceiling_table *tables = nullptr;
	size_t cpus = 0;
	ksys_throttle *throttles = nullptr;
};
