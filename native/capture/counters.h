// Calls that the kernel counts instead of recording them: the tables of all CPUs, converted side by side to rows.
#pragma once
#include "batch.h"
#include "capture/quiesce.h"
#include <cstddef>
#include <iterator>
#include <sys/mman.h>

// `Table`: a CPU's counters, with two sides of entries that have a key.
template <typename Table> class Counters {
public:
	// Maps the tables of `cpus` CPUs from a map's descriptor; `side` is the programs' variable. false: it cannot be mapped.
	bool open(int fd, size_t n, volatile uint32_t *which)
	{
		void *p = mmap(nullptr, n * sizeof(Table), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
		if (p == MAP_FAILED)
			return false;
		tables = static_cast<Table *>(p);
		cpus = n;
		side = which;
		return true;
	}

	void close()
	{
		if (tables)
			munmap(tables, cpus * sizeof(Table));
		tables = nullptr;
		full = 0;
	}

	bool isOpen() const { return tables != nullptr; }

	// Ends the counting interval at time `now`, once the one before is delivered; no program writes its counters any more.
	void turn(uint64_t now)
	{
		ended = *side & 1;
		*side = ended ^ 1;
		awaitPrograms();
		from = began;
		began = now;
		cpu = place = 0;
		full = cpus;
	}

	// Passes the counters of the ended interval to `put(time, counter, cpu)`, with the interval's start time, until that returns
	// false. Returns whether any are left.
	template <typename Put> bool empty(Put put)
	{
		for (; cpu < full; cpu++, place = 0)
			for (; place < std::size(tables[cpu].counters[ended]); place++) {
				auto &c = tables[cpu].counters[ended][place];
				if (!c.key)
					continue;
				if (!put(from, c, cpu))
					return true;
				c = {};
			}
		return false;
	}

	// CLOCK_BOOTTIME ns at which the present interval started.
	uint64_t began = 0;

private:
	Table *tables = nullptr;
	size_t cpus = 0;
	volatile uint32_t *side = nullptr;
	uint32_t ended = 0;            // the side that is being emptied
	size_t cpu = 0, full = 0, place = 0; // position of emptying, and its end
	uint64_t from = 0;
};
