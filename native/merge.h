// The rings of all CPUs as one stream ordered by time, written into column batches.
#pragma once
#include "ring.h"
#include <atomic>
#include <vector>

/// CLOCK_BOOTTIME in ns.
uint64_t bootNow();

class Merge {
public:
	std::vector<Ring> rings;
	uint64_t startBoot = 0;
	const ksys_lost *lost = nullptr;
	std::atomic<uint64_t> events{0}, lostTotal{0}, late{0};

	/// Moves what is due into the batch. `all`: nothing more is coming, hold nothing back.
	void step(Batch &batch, bool all);
	/// Adds a drop record for what was lost since the last one, if anything was and it fits.
	void noteLoss(Batch &batch);

private:
	bool put(Batch &batch, const ksys_rec &rec, uint32_t size, uint16_t cpu);

	uint64_t delivered = 0;  // time of the newest record handed out
	uint64_t reported = 0;   // losses told so far
	double number = 0;
};
