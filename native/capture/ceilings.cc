#include "capture/ceilings.h"
#include <sys/mman.h>

namespace {

// The cgroup of the entry that is shared by cgroups without one: no cgroup has this id.
constexpr uint64_t OTHERS = ~0ull;

// Number of events that a CPU takes at once at such an interval: few if the interval is long, as each CPU may hold back as many
// of those that a cgroup saves. The plan has a limit of its own.
uint32_t flushOf(uint64_t interval, uint64_t cpus)
{
	uint32_t n = 1;
	while (n < 128 && 2 * n * cpus * interval <= KSYS_SAVED)
		n *= 2;
	return n;
}

} // namespace

bool Ceilings::open(int fd, size_t n, ksys_throttles *shared)
{
	void *p = mmap(nullptr, n * sizeof(ksys_ceiling_table), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (p == MAP_FAILED)
		return false;
	tables = static_cast<ksys_ceiling_table *>(p);
	cpus = n;
	throttles = shared;
	throttles->entries[KSYS_THROTTLES - 1].cgroup = OTHERS;
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
		if (throttles->entries[i].cgroup == cgroup)
			return &throttles->entries[i];
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

void Ceilings::limit(uint32_t shown, uint32_t others)
{
	if (!tables)
		return;
	const uint32_t intervals[EVENT_SORTS] = {shown, others};
	for (int sort = 0; sort < EVENT_SORTS; sort++) {
		__atomic_store_n(&throttles->flush[sort], flushOf(intervals[sort], cpus), __ATOMIC_RELAXED);
		__atomic_store_n(&throttles->intervals[sort], intervals[sort], __ATOMIC_RELAXED);
	}
}

void Ceilings::forget(uint64_t cgroup)
{
	ksys_throttle *entry = find(cgroup);
	if (!entry || cgroup == OTHERS)
		return;
	for (size_t cpu = 0; cpu < cpus; cpu++)
		tables[cpu].cgroups[entry - throttles->entries] = {};
	*entry = {.cgroup = cgroup};
	__atomic_store_n(&entry->cgroup, 0, __ATOMIC_RELEASE);
}

std::vector<double> Ceilings::read()
{
	std::vector<double> out;
	if (!tables)
		return out;
	double runs = 0, timed = 0, time = 0, missed = 0;
	for (size_t cpu = 0; cpu < cpus; cpu++) {
		runs += tables[cpu].runs;
		timed += tables[cpu].timed;
		time += tables[cpu].time;
	}
	for (ksys_throttle &entry : throttles->entries)
		if (entry.missed)
			missed = __atomic_exchange_n(&entry.missed, 0, __ATOMIC_RELAXED);
	out = {runs, timed, time, missed};
	for (size_t i = 0; i < KSYS_THROTTLES; i++) {
		const uint64_t cgroup = throttles->entries[i].cgroup;
		if (!cgroup)
			continue;
		ksys_cgroup_calls sum{};
		for (size_t cpu = 0; cpu < cpus; cpu++) {
			const ksys_cgroup_calls &c = tables[cpu].cgroups[i];
			for (int sort = 0; sort < EVENT_SORTS; sort++) {
				sum.recorded[sort] += c.recorded[sort];
				sum.left_out[sort] += c.left_out[sort];
			}
		}
		out.push_back(cgroup == OTHERS ? -1.0 : static_cast<double>(cgroup));
		for (int sort = 0; sort < EVENT_SORTS; sort++)
			for (unsigned long long n : {sum.recorded[sort], sum.left_out[sort]})
				out.push_back(static_cast<double>(n));
	}
	return out;
}
