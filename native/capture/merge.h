// The lanes and rings of all CPUs as one stream ordered by time, written into column batches.
#pragma once
#include "capture/lane.h"
#include "capture/ring.h"
#include "capture/counters.h"
#include "capture/stacks.h"
#include <array>
#include <atomic>
#include <functional>
#include <vector>

/// CLOCK_BOOTTIME in ns, as the kernel itself and the first time namespace have it.
uint64_t bootNow();

class Merge {
public:
	std::vector<Ring> rings;
	std::vector<Lane> lanes;
	uint64_t startBoot = 0, startReal = 0; // the same moment by both clocks, ns
	uint32_t longestRow = KSYS_MAX_ROW; // with the rest of its data
	const ksys_lost *lost = nullptr;
	std::function<uint64_t()> skipped; // so far: LOST_SKIPPED
	std::atomic<uint64_t> events{0}, late{0};
	std::array<std::atomic<uint64_t>, LOST_KINDS> lostSoFar{}; // by enum ksys_loss

	/// Of these one at most is open: when calls are counted.
	Counters<ksys_counter_table> counters;
	Counters<ksys_program_table> programs;

	/// Moves what is due into the batch. `all`: nothing more is coming, hold nothing back.
	void step(Batch &batch, bool all);
	/// The time of rows up to which all are handed out, where those that were due at `looked` (bootNow) are.
	double toldUntil(uint64_t looked) const;
	/// Ends the span of counted calls when it has lasted for long enough, or for `all`; its rows come with the next steps.
	/// false: rows of the span before are still to be handed out.
	bool turn(bool all);
	/// Adds a drop record for what was lost since the last one, if anything was and it fits.
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
	std::vector<size_t> waiting; // streams that have a record in front: rings, then lanes
	uint64_t delivered = 0;  // time of the newest record handed out
	std::array<uint64_t, LOST_KINDS> reported = {}; // losses told so far
	double number = 0;
	bool emptying = false;   // rows of counted calls are left
};
