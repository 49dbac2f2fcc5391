// Merges the lanes and ring buffers of all CPUs into one stream ordered by time, written to column batches.
#pragma once
#include "capture/lane.h"
#include "capture/ring.h"
#include "capture/counters.h"
#include "capture/stacks.h"
#include "capture/turns.h"
#include <array>
#include <atomic>
#include <functional>
#include <vector>

// CLOCK_BOOTTIME in ns, as in the kernel and the initial time namespace.
uint64_t bootNow();

class Merge {
public:
	std::vector<Ring> rings;
	std::vector<Lane> lanes;
	uint64_t startBoot = 0, startReal = 0; // the same time by both clocks, ns
	uint32_t longestRow = KSYS_MAX_ROW; // with the rest of its data
	const ksys_lost *lost = nullptr;
	std::function<uint64_t()> skipped; // LOST_SKIPPED so far
	std::atomic<uint64_t> until{UINT64_MAX}; // time of the capture's end: later records are not delivered
	std::atomic<uint64_t> events{0}, late{0};
	std::array<std::atomic<uint64_t>, LOST_KINDS> lostSoFar{}; // by enum ksys_loss

	// At most one of these is open: when calls are counted.
	Counters<ksys_counter_table> counters;
	Counters<ksys_program_table> programs;

	// Moves due records into the batch. `all`: no more are produced, nothing is held back.
	void step(Batch &batch, bool all);
	// The time up to which all rows have been delivered, once those that were due at `looked` (bootNow) are.
	double completeUntil(uint64_t looked) const;
	// Ends the interval of counted calls if it has lasted long enough, or for `all`; its rows are delivered with the next steps.
	// false: rows of the previous interval are still to be delivered.
	bool turn(bool all);
	// Adds a drop record for the records lost since the last one, if there are any and it fits.
	void noteLoss(Batch &batch);

private:
	Stream &stream(size_t i) { return i < rings.size() ? static_cast<Stream &>(rings[i]) : lanes[i - rings.size()]; }
	template <typename S> bool drain(Batch &batch, S &from, uint64_t limit, uint16_t cpu);
	uint32_t countedRow(Batch &batch, uint64_t time, uint64_t calls, uint16_t cpu);
	bool putCounted(Batch &batch, uint64_t time, const ksys_counter &counter, uint16_t cpu);
	bool putProgram(Batch &batch, uint64_t time, const ksys_program_counter &counter, uint16_t cpu);
	bool put(Batch &batch, const ksys_rec &rec, uint32_t size, uint16_t cpu, uint32_t rest = 0);
	bool putWithStack(Batch &batch, const ksys_rec &rec, uint32_t size, uint16_t cpu, uint32_t rest);
	bool putStack(Batch &batch, const ksys_rec &rec, uint32_t number, const Frames &frames, uint16_t cpu);
	void append(Batch &batch, const ksys_rec &rec, uint32_t size, uint16_t cpu);
	void behind(Batch &batch, const void *bytes, uint32_t size);

	Stacks stacks;
	Turns turns; // of the streams that have a record: ring buffers, then lanes
	uint64_t delivered = 0;  // time of the newest delivered record
	std::array<uint64_t, LOST_KINDS> reported = {}; // losses reported so far
	double number = 0;
	bool emptying = false;   // rows of counted calls remain
};
