// Calls that the kernel counts instead of recording them: the tables of all CPUs, emptied side by side into rows.
#pragma once
#include "batch.h"
#include <vector>

class Counters {
public:
	/// Maps the tables of `cpus` CPUs behind a map's descriptor; `side` is the programs' variable. false: it cannot be mapped.
	bool open(int fd, size_t cpus, volatile uint32_t *side);
	void close();
	bool isOpen() const { return tables != nullptr; }

	/// Ends the span that is counted, at time `now`, once the one before is handed out; no program writes its numbers any more.
	void turn(uint64_t now);
	/// Hands the numbers of the ended span to `put(time, counter, cpu)`, with the time that the span began, until that says
	/// false. Returns whether any are left.
	template <typename Put> bool empty(Put put)
	{
		for (; cpu < full; cpu++, place = 0)
			for (; place < KSYS_COUNTERS; place++) {
				ksys_counter &c = tables[cpu].counters[ended][place];
				if (c.key && !put(from, c, cpu))
					return true;
				c = {};
			}
		return false;
	}
	/// CLOCK_BOOTTIME ns at which the present span began.
	uint64_t began = 0;

private:
	ksys_counter_table *tables = nullptr;
	size_t cpus = 0;
	volatile uint32_t *side = nullptr;
	uint32_t ended = 0;            // the side that is being emptied
	size_t cpu = 0, full = 0, place = 0; // where emptying has come to, and where it ends
	uint64_t from = 0;
};
