#include "capture/table_sizes.h"

#include <algorithm>
#include <bit>
#include <fstream>
#include <unistd.h>

namespace {

// Bytes of memory for which a table gets one entry. `followed` is allocated at once, 72 bytes for each entry: at most a few thousandths
// of the memory. Of the others only the buckets are, 16 bytes each.
constexpr uint64_t PER_FOLLOWED = 256 << 10, PER_OPERATION = 128 << 10;

// The least is enough for any small machine; the most is what user space keeps of threads, and far more than one machine's operations.
constexpr uint64_t LEAST_FOLLOWED = 16384, MOST_FOLLOWED = 1 << 18;
constexpr uint64_t LEAST_OPERATIONS = 65536, MOST_OPERATIONS = 1 << 20;

uint64_t numberIn(const char *path, uint64_t otherwise)
{
	uint64_t n = 0;
	return std::ifstream(path) >> n ? n : otherwise;
}

} // namespace

TableSizes tableSizes(uint64_t threads, uint64_t memory)
{
	const uint64_t followed = std::clamp(std::min(threads, memory / PER_FOLLOWED), LEAST_FOLLOWED, MOST_FOLLOWED);
	const uint64_t operations = std::clamp(memory / PER_OPERATION, LEAST_OPERATIONS, MOST_OPERATIONS);
	const uint32_t most = uint32_t(std::bit_floor(operations));
	return {uint32_t(std::bit_ceil(followed)), most, most / 2, most / 32, most / 8};
}

TableSizes tableSizes()
{
	const uint64_t all = LEAST_FOLLOWED;
	const uint64_t threads = std::min(numberIn("/proc/sys/kernel/pid_max", all), numberIn("/proc/sys/kernel/threads-max", all));
	return tableSizes(threads, uint64_t(sysconf(_SC_PHYS_PAGES)) * uint64_t(sysconf(_SC_PAGESIZE)));
}
