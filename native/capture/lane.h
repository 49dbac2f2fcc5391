// The reading end of one CPU's lane (struct ksys_lane).
#pragma once
#include "capture/record_stream.h"

class Lane : public Stream {
public:
	/// memory: the whole map of chunks; lane: the programs' variable, with its chunks set.
	void open(const uint8_t *memory, ksys_lane *variable)
	{
		data = memory;
		lane = variable;
		chunk = lane->first;
	}

	/// Takes notice of what has been produced so far.
	void look()
	{
		end = __atomic_load_n(&lane->head, __ATOMIC_ACQUIRE);
		peek();
	}

	/// Goes on to the next record.
	void pop()
	{
		passed = front->time;
		uint32_t step = (frontSize + 15) & ~7u;
		taken += step;
		at += step;
		if (at >= KSYS_CHUNK) {
			at -= KSYS_CHUNK;
			chunk = chunk == lane->last ? lane->first : chunk + 1;
			give();
		}
		peek();
	}
	/// Gives the space of what was taken back to the kernel.
	void give()
	{
		__atomic_store_n(&lane->tail, taken, __ATOMIC_RELEASE);
	}

private:
	void peek()
	{
		front = nullptr;
		if (taken == end)
			return;
		const uint8_t *p = data + size_t{chunk} * KSYS_CHUNK_BYTES + at;
		frontSize = static_cast<uint32_t>(*reinterpret_cast<const uint64_t *>(p));
		front = reinterpret_cast<const ksys_rec *>(p + 8);
	}

	const uint8_t *data = nullptr;
	ksys_lane *lane = nullptr;
	uint32_t chunk = 0, at = 0;
	uint64_t taken = 0, end = 0;
};
