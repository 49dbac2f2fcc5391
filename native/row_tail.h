// What follows the parameters of a row: see afterParameters() of src/model/batch.ts.
#pragma once
#include <cmath>
#include <cstddef>
#include <cstdint>

extern "C" {
#include "abi.h"
}

// From this value on, and below its negative, a double cannot hold every integer: the result also follows its row.
constexpr int64_t INEXACT = 1ll << 53;

inline bool isInexact(int64_t ret) { return ret >= INEXACT || ret <= -INEXACT; }

struct RowTail {
	/// The rest of the row's data.
	const uint8_t *rest;
	size_t restBytes;
	/// The exact result; nullptr: the column has it.
	const uint8_t *exact;

	// For a row whose parameters end at `end`, and which ends at `rowEnd`.
	RowTail(const uint8_t *end, const uint8_t *rowEnd, uint16_t flags, double ret)
	{
		auto has = [&](ptrdiff_t bytes) { return rowEnd - end >= bytes; };
		if (flags & ROW_STACK && has(sizeof(uint32_t)))
			rowEnd -= sizeof(uint32_t);
		exact = std::fabs(ret) >= double(INEXACT) && has(sizeof(int64_t)) ? rowEnd -= sizeof(int64_t) : nullptr;
		rest = end;
		restBytes = has(0) ? rowEnd - end : 0;
	}
};
