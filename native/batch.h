// The column batch of src/model/batch.ts in native memory: the same order, the same widths.
#pragma once
#include <cstddef>
#include <cstdint>
#include <type_traits>

extern "C" {
#include "abi.h"
}

struct Batch {
	double *num, *time, *latency, *ret;
	int32_t *tid, *pid;
	uint32_t *absent, *argOff;
	uint16_t *type, *flags, *cpu;
	uint8_t *arena;
	uint32_t capacity, arenaBytes;
	uint32_t count = 0;

	Batch(void *memory, uint32_t rows, uint32_t bytes) : capacity(rows), arenaBytes(bytes)
	{
		uint8_t *p = static_cast<uint8_t *>(memory);
		auto take = [&p](auto *&column, size_t n) {
			column = reinterpret_cast<std::remove_reference_t<decltype(column)>>(p);
			p += n * sizeof(*column);
		};
		take(num, rows);
		take(time, rows);
		take(latency, rows);
		take(ret, rows);
		take(tid, rows);
		take(pid, rows);
		take(absent, rows);
		take(argOff, rows + 1);
		take(type, rows);
		take(flags, rows);
		take(cpu, rows);
		arena = p;
		argOff[0] = 0;
	}

	/// Bytes that a buffer for such a batch must have.
	static size_t bytes(size_t rows, size_t arena)
	{
		return rows * (4 * 8 + 4 * 4 + 3 * 2) + 4 + arena;
	}

	// Whether one more row of `size` argument bytes fits.
	bool fits(uint32_t size) const
	{
		return count < capacity && size <= arenaBytes - argOff[count];
	}
};
