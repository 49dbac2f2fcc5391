// The lanes and ring buffers of a machine with many CPUs, filled without a kernel.
#pragma once
#include "capture/merge.h"
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <sys/mman.h>

class Machine {
public:
	// Each CPU's lane and ring buffer has space for that many bytes; what is not used takes no memory.
	Machine(size_t cpus, size_t laneBytes, size_t ringBytes) : variables(cpus), ringFiles(cpus), ringSize(RING_MIN)
	{
		while (ringSize < ringBytes)
			ringSize *= 2;
		chunks = laneBytes / KSYS_CHUNK + 1;
		const size_t bytes = cpus * chunks * KSYS_CHUNK_BYTES;
		void *at = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
		if (at == MAP_FAILED)
			fail("lanes");
		memory = static_cast<uint8_t *>(at);
		for (size_t cpu = 0; cpu < cpus; cpu++) {
			ksys_lane &l = variables[cpu];
			l.first = l.chunk = cpu * chunks;
			l.last = l.first + chunks - 1;
			l.size = chunks * KSYS_CHUNK;
			ringFiles[cpu].open(ringSize);
		}
	}

	// Adds a record and the bytes of its row to the CPU's lane; to its ring buffer if it is one of ksys's own, as the kernel side does.
	void add(size_t cpu, const ksys_rec &rec, const void *row, uint32_t size)
	{
		if (rec.type >= KS_FORK && rec.type <= KS_LAST)
			ringFiles[cpu].add(rec, row, size, ringSize);
		else
			addToLane(variables[cpu], rec, row, size);
	}

	// Lets it read everything from the start; `merge` must not have been used before.
	void open(Merge &merge)
	{
		merge.rings.resize(variables.size());
		merge.lanes.resize(variables.size());
		for (size_t cpu = 0; cpu < variables.size(); cpu++) {
			*ringFiles[cpu].consumer = 0;
			if (!merge.rings[cpu].open(ringFiles[cpu].file, ringSize))
				fail("ring buffers");
			variables[cpu].tail = 0;
			merge.lanes[cpu].open(memory, KSYS_CHUNK_BYTES, &variables[cpu]);
		}
	}

private:
	static constexpr size_t RING_MIN = 4096;

	[[noreturn]] static void fail(const char *what)
	{
		perror(what);
		exit(1);
	}

	// The file of a BPF ring buffer: a page for the consumer's position, one for the producer's, and the data.
	struct RingFile {
		int file = memfd_create("ring", MFD_CLOEXEC);
		uint8_t *data = nullptr;
		unsigned long *consumer = nullptr, *producer = nullptr;

		void open(size_t size)
		{
			const size_t page = sysconf(_SC_PAGESIZE), bytes = 2 * page + 2 * size;
			void *at = ftruncate(file, bytes) ? MAP_FAILED : mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
			if (at == MAP_FAILED)
				fail("ring buffers");
			consumer = static_cast<unsigned long *>(at);
			producer = reinterpret_cast<unsigned long *>(static_cast<uint8_t *>(at) + page);
			data = static_cast<uint8_t *>(at) + 2 * page;
		}
		void add(const ksys_rec &rec, const void *row, uint32_t size, size_t most)
		{
			const uint32_t length = sizeof(rec) + size, step = (length + BPF_RINGBUF_HDR_SZ + 7) & ~7u;
			if (*producer + step > most)
				fail("a ring buffer is too small");
			uint8_t *to = data + *producer;
			memcpy(to, &length, sizeof(length));
			memcpy(to + BPF_RINGBUF_HDR_SZ, &rec, sizeof(rec));
			memcpy(to + BPF_RINGBUF_HDR_SZ + sizeof(rec), row, size);
			*producer += step;
		}
	};

	void addToLane(ksys_lane &l, const ksys_rec &rec, const void *row, uint32_t size)
	{
		const uint64_t length = sizeof(rec) + size;
		const uint32_t step = (length + 15) & ~7u;
		if (l.head + step > l.size)
			fail("a lane is too small");
		uint8_t *to = memory + size_t{l.chunk} * KSYS_CHUNK_BYTES + l.at;
		memcpy(to, &length, sizeof(length));
		memcpy(to + 8, &rec, sizeof(rec));
		memcpy(to + 8 + sizeof(rec), row, size);
		l.head += step;
		l.at += step;
		if (l.at >= KSYS_CHUNK) {
			l.at -= KSYS_CHUNK;
			l.chunk++;
		}
	}

	std::vector<ksys_lane> variables;
	std::vector<RingFile> ringFiles;
	size_t ringSize, chunks;
	uint8_t *memory;
};
