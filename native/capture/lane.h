// The reading end of one CPU's lane (struct ksys_lane).
#pragma once
#include "capture/record_stream.h"

class Lane : public Stream {
public:
	// memory: the whole map of chunks, of `bytes` bytes each; lane: the programs' variable, with its chunks set.
	void open(const uint8_t *memory, size_t bytes, ksys_lane *variable)
	{
		data = memory;
		chunkSize = bytes;
		lane = variable;
		chunk = lane->first;
	}

	// Reads how much has been produced so far.
	void look()
	{
		end = __atomic_load_n(&lane->head, __ATOMIC_ACQUIRE);
		peek();
	}

	// Moves to the next record.
	void pop()
	{
		passed = front->time;
		uint32_t step = (frontSize + 15) & ~7u;
		taken += step;
		at += step;
		while (at >= KSYS_CHUNK) {
			at -= KSYS_CHUNK;
			chunk = chunk == lane->last ? lane->first : chunk + 1;
			give();
		}
		peek();
	}
	// Returns the space of consumed records to the kernel.
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
		const uint8_t *p = data + chunk * chunkSize + at;
		const uint64_t length = *reinterpret_cast<const uint64_t *>(p);
		frontSize = static_cast<uint32_t>(length);
		frontRest = static_cast<uint32_t>(length >> 32);
		front = reinterpret_cast<const ksys_rec *>(p + 8);
		// it is needed after a turn of each of the other lanes, which the processor does not foresee
		__builtin_prefetch(p + frontSize + 64);
		__builtin_prefetch(p + frontSize + 128);
	}

	const uint8_t *data = nullptr;
	size_t chunkSize = KSYS_CHUNK_BYTES;
	ksys_lane *lane = nullptr;
	uint32_t chunk = 0, at = 0;
	uint64_t taken = 0, end = 0;
};
