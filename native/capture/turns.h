// Whose turn it is: streams by the times of their first records, as a binary heap. Each change costs the logarithm of the streams, and only
// touches the heap, not the streams.
#pragma once
#include <cstdint>
#include <vector>

class Turns {
public:
	bool empty() const { return heap.empty(); }
	void clear() { heap.clear(); }
	// Adds a stream with the time of its first record. Once all are added, order() must follow.
	void add(uint64_t time, uint32_t stream) { heap.push_back({time, stream}); }
	void order()
	{
		for (size_t i = heap.size() / 2; i-- > 0;)
			sink(i);
	}
	// The stream whose first record is oldest; of those with the same time, the one with the lowest number.
	uint32_t first() const { return heap[0].stream; }
	uint64_t time() const { return heap[0].time; }
	// The time of the next stream's first record; UINT64_MAX if there is no other stream.
	uint64_t nextTime() const
	{
		uint64_t next = UINT64_MAX;
		for (size_t i = 1; i < heap.size() && i <= 2; i++)
			next = heap[i].time < next ? heap[i].time : next;
		return next;
	}
	// The first stream continues with a record of that time.
	void advance(uint64_t time)
	{
		heap[0].time = time;
		sink(0);
	}
	// The first stream has no further record.
	void drop()
	{
		heap[0] = heap.back();
		heap.pop_back();
		if (!heap.empty())
			sink(0);
	}

private:
	struct Turn {
		uint64_t time;
		uint32_t stream;
		// without branches, which the processor could not predict
		bool operator<(const Turn &o) const { return (time < o.time) | ((time == o.time) & (stream < o.stream)); }
	};
	void sink(size_t i)
	{
		const Turn moved = heap[i];
		const size_t size = heap.size();
		size_t child = 2 * i + 1;
		for (; child + 1 < size; child = 2 * i + 1) {
			child += heap[child + 1] < heap[child];
			if (!(heap[child] < moved))
				break;
			heap[i] = heap[child];
			i = child;
		}
		if (child + 1 == size && heap[child] < moved) {
			heap[i] = heap[child];
			i = child;
		}
		heap[i] = moved;
	}

	std::vector<Turn> heap;
};
