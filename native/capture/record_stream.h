// What Merge sees of the records of one CPU, whichever way they come.
#pragma once
#include "batch.h"

struct Stream {
	/// The record in front; nullptr: none, or it is still being written.
	const ksys_rec *front = nullptr;
	uint32_t frontSize = 0;
	/// So many bytes at its end are the rest of its data: struct ksys_lane.
	uint32_t frontRest = 0;
	/// Time of the last record taken.
	uint64_t passed = 0;
};
