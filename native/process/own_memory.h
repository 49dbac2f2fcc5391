// The memory that a forked process shares with its parent: what it does not need is released. Otherwise it would be duplicated
// when the parent changes it, and the kernel's buffers would exist as long as the fork.
#pragma once
#include <cstdint>
#include <sys/types.h>
#include <vector>

// A memory mapping.
struct MemoryPart {
	uintptr_t begin, end;
	/// shared with the kernel or other processes
	bool shared;
};

// What a fork of this thread does not need; must be called before the fork.
std::vector<MemoryPart> needlessAfterFork();
// Releases it, in the fork. Allocates no memory.
void giveUpMemory(const MemoryPart *parts, size_t count);
