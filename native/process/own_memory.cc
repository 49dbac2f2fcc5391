#include "process/own_memory.h"
#include <cerrno>
#include <cinttypes>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <string>
#include <sys/mman.h>

namespace {

// Smaller parts may be the variables of a library.
constexpr uintptr_t LARGE = 1 << 20;

} // namespace

std::vector<MemoryPart> needlessAfterFork()
{
	std::vector<MemoryPart> parts;
	std::ifstream maps("/proc/self/maps");
	// the stack of this thread, and its variables
	const auto stack = reinterpret_cast<uintptr_t>(&parts), own = reinterpret_cast<uintptr_t>(&errno);
	for (std::string line; std::getline(maps, line);) {
		uintptr_t begin, end;
		char rights[5] = "", name[2] = "";
		const int found = sscanf(line.c_str(), "%" SCNxPTR "-%" SCNxPTR " %4s %*s %*s %*s %1s", &begin, &end, rights, name);
		if (found < 3 || (begin <= stack && stack < end) || (begin <= own && own < end))
			continue;
		if (rights[3] == 's')
			parts.push_back({begin, end, true});
		else if (strchr(rights, 'w') && found == 3 && end - begin >= LARGE)
			parts.push_back({begin, end, false});
	}
	return parts;
}

void giveUpMemory(const MemoryPart *parts, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		void *begin = reinterpret_cast<void *>(parts[i].begin);
		const size_t size = parts[i].end - parts[i].begin;
		if (parts[i].shared)
			munmap(begin, size);
		else
			madvise(begin, size, MADV_DONTNEED);
	}
}
