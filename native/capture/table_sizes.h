// Sizes of the programs' tables: they grow with the threads and the memory that the machine may have.
#pragma once

#include <cstdint>

struct TableSizes {
	uint32_t followed;   // tables of descriptors (bpf/follow.h)
	uint32_t operations; // operations of io_uring that have not ended
	uint32_t paths;      // paths of these, and of them those that are long
	uint32_t longPaths;
	uint32_t uringProcesses; // processes with watched io_urings
};

// The sizes for a machine with at most that many threads, and that many bytes of memory.
TableSizes tableSizes(uint64_t threads, uint64_t memory);

// The sizes for this machine.
TableSizes tableSizes();
