// The reading end of one BPF ring buffer, record by record; returns space only when requested.
#pragma once
#include "capture/record_stream.h"
#include <linux/bpf.h>
#include <sys/mman.h>
#include <unistd.h>

class Ring : public Stream {
public:
	// Maps the ring buffer of `size` bytes (a power of two) from a map descriptor; false if it cannot be mapped.
	bool open(int fd, size_t size)
	{
		size_t page = sysconf(_SC_PAGESIZE);
		void *c = mmap(nullptr, page, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
		if (c == MAP_FAILED)
			return false;
		consumer = static_cast<unsigned long *>(c);
		void *p = mmap(nullptr, page + 2 * size, PROT_READ, MAP_SHARED, fd, page);
		if (p == MAP_FAILED) {
			munmap(c, page);
			consumer = nullptr;
			return false;
		}
		producer = static_cast<const unsigned long *>(p);
		data = static_cast<const uint8_t *>(p) + page;
		mask = size - 1;
		at = given = end = *consumer;
		return true;
	}
	void close()
	{
		if (!consumer)
			return;
		size_t page = sysconf(_SC_PAGESIZE);
		munmap(consumer, page);
		munmap(const_cast<unsigned long *>(producer), page + 2 * (mask + 1));
		consumer = nullptr;
	}

	// Reads how much has been produced so far.
	void look()
	{
		end = __atomic_load_n(producer, __ATOMIC_ACQUIRE);
		peek();
	}

	// Moves to the next record.
	void pop()
	{
		passed = front->time;
		at += (frontSize + BPF_RINGBUF_HDR_SZ + 7) & ~7ul;
		if (at - given > (mask + 1) / 16)
			give();
		peek();
	}
	// Returns the space of consumed records to the kernel.
	void give()
	{
		if (at != given)
			__atomic_store_n(consumer, at, __ATOMIC_RELEASE);
		given = at;
	}

private:
	void peek()
	{
		front = nullptr;
		while (at < end) {
			const uint8_t *header = data + (at & mask);
			uint32_t len = __atomic_load_n(reinterpret_cast<const uint32_t *>(header), __ATOMIC_ACQUIRE);
			if (len & BPF_RINGBUF_BUSY_BIT)
				return;
			frontSize = len & ~(BPF_RINGBUF_BUSY_BIT | BPF_RINGBUF_DISCARD_BIT);
			if (!(len & BPF_RINGBUF_DISCARD_BIT) && frontSize >= sizeof(ksys_rec)) {
				front = reinterpret_cast<const ksys_rec *>(header + BPF_RINGBUF_HDR_SZ);
				return;
			}
			at += (frontSize + BPF_RINGBUF_HDR_SZ + 7) & ~7ul;
		}
	}

	unsigned long *consumer = nullptr;
	const unsigned long *producer = nullptr;
	const uint8_t *data = nullptr;
	unsigned long mask = 0, at = 0, given = 0, end = 0;
};
