// The interface of Merge to the records of one CPU, in a lane or a ring buffer.
#pragma once
#include "batch.h"

struct Stream {
	// The next record; nullptr: none, or it is still being written.
	const ksys_rec *front = nullptr;
	uint32_t frontSize = 0;
	// Number of bytes at its end that are the rest of its data: struct ksys_lane.
	uint32_t frontRest = 0;
	/// Time of the last record taken.
	uint64_t passed = 0;
};
