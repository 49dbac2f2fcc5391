/* Checks of values and rows before they are copied to a batch. Internal to the block codec. */
#ifndef KSYS_TRACE_BLOCK_CHECK_H
#define KSYS_TRACE_BLOCK_CHECK_H

#include "trace/block_codec.h"

#include <cmath>
#include <cstring>

namespace ksys {

/* An integer; other values would break code that prints or compares it. */
inline double integer(double v) {
	if (!(std::fabs(v) <= 0x1p64) || v != std::trunc(v)) throw BlockError("a number is out of range");
	return v;
}

/* Whether the lengths inside a row stay inside it. */
inline bool fits(const uint8_t *row, size_t n, uint16_t type, const Layouts &layouts) {
	uint16_t fixed = layouts.fixed[type];
	if (fixed == Layouts::kUnknown) return true;
	size_t at = fixed;
	for (int v = layouts.vars[type]; v > 0; v--) {
		if (at + 2 > n) return false;
		uint16_t len;
		memcpy(&len, row + at, 2);
		at += 2 + size_t(len);
	}
	return at <= n;
}

} // namespace ksys

#endif
