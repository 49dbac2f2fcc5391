// The memory that a forked process has of its parent: what it does not need is given up, else it would be kept twice as the parent
// changes it, and the kernel's buffers would live as long as the fork.
#pragma once
#include <cstdint>
#include <sys/types.h>
#include <vector>

/// A part of the memory.
struct MemoryPart {
	uintptr_t begin, end;
	/// shared with the kernel or other processes
	bool shared;
};

/// What a fork of this thread can do without; to be asked before the fork.
std::vector<MemoryPart> needlessAfterFork();
/// Gives it up, in the fork. Allocates nothing.
void giveUpMemory(const MemoryPart *parts, size_t count);
