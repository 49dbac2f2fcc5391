#include "capture/ceilings.h"
#include <sys/mman.h>

namespace {

// The cgroup of the entry for those that find none: no cgroup has this id.
constexpr uint64_t OTHERS = ~0ull;

} // namespace

bool Ceilings::open(int fd, size_t n, ksys_throttle *entries)
{
	void *p = mmap(nullptr, n * sizeof(ksys_ceiling_table), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (p == MAP_FAILED)
		return false;
	tables = static_cast<ksys_ceiling_table *>(p);
	cpus = n;
	throttles = entries;
	throttles[KSYS_THROTTLES - 1].cgroup = OTHERS;
	return true;
}

void Ceilings::close()
{
	if (tables)
		munmap(tables, cpus * sizeof(ksys_ceiling_table));
	tables = nullptr;
}

ksys_throttle *Ceilings::find(uint64_t cgroup) const
{
	for (size_t i = 0; tables && i < KSYS_THROTTLES; i++)
		if (throttles[i].cgroup == cgroup)
			return &throttles[i];
	return nullptr;
}

bool Ceilings::throttle(uint64_t cgroup, uint32_t how)
{
	ksys_throttle *entry = find(cgroup);
	if (!entry)
		return false;
	__atomic_store_n(&entry->how, how, __ATOMIC_RELAXED);
	return true;
}

void Ceilings::forget(uint64_t cgroup)
{
	ksys_throttle *entry = find(cgroup);
	if (!entry || cgroup == OTHERS)
		return;
	for (size_t cpu = 0; cpu < cpus; cpu++)
		tables[cpu].cgroups[entry - throttles] = {};
	entry->how = THROTTLE_NONE;
	entry->calls = entry->second = 0;
	__atomic_store_n(&entry->cgroup, 0, __ATOMIC_RELEASE);
}

std::vector<double> Ceilings::read() const
{
	std::vector<double> out;
	if (!tables)
		return out;
	double runs = 0, timed = 0, time = 0;
	for (size_t cpu = 0; cpu < cpus; cpu++) {
		runs += tables[cpu].runs;
		timed += tables[cpu].timed;
		time += tables[cpu].time;
	}
	out = {runs, timed, time};
	for (size_t i = 0; i < KSYS_THROTTLES; i++) {
		const uint64_t cgroup = throttles[i].cgroup;
		if (!cgroup)
			continue;
		double recorded = 0, leftOut = 0, state = 0;
		for (size_t cpu = 0; cpu < cpus; cpu++) {
			const ksys_cgroup_calls &c = tables[cpu].cgroups[i];
			recorded += c.recorded;
			leftOut += c.left_out;
			state += c.state;
		}
		out.insert(out.end(), {cgroup == OTHERS ? -1.0 : static_cast<double>(cgroup), recorded, leftOut, state});
	}
	return out;
}
