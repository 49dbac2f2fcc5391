// The buffers of a capture: how large they are, and the lane and the ring buffer of each CPU.
#include "capture/capture.h"
#include "capture/libbpf_log.h"
#include "capture/present_cpus.h"
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <algorithm>
#include <cerrno>
#include <numeric>
#include <sys/mman.h>

namespace {

constexpr size_t RING_MIN = 1 << 18, RING_MAX = 1u << 30;
constexpr uint64_t CHUNKS_MAX = 1 << 14;

// Inserts maps into a map of maps. All at once if the kernel supports it: after each single update it waits for all CPUs.
bool fill(int table, const std::vector<int> &maps)
{
	std::vector<uint32_t> keys(maps.size());
	std::iota(keys.begin(), keys.end(), 0);
	uint32_t count = keys.size();
	if (bpf_map_update_batch(table, keys.data(), maps.data(), &count, nullptr) == 0)
		return true;
	for (uint32_t key : keys)
		if (bpf_map_update_elem(table, &key, &maps[key], BPF_ANY))
			return false;
	return true;
}

} // namespace

// Divides the share of each present CPU: calls get most of it, in the lane; other records get a power of two, in the ring buffer, of which
// events leave a quarter to records that keep the state correct.
void Capture::budget(ksys_plan &p, uint64_t ringBytes)
{
	const bool much = p.sched_switch != VERDICT_DROP || p.page_fault != VERDICT_DROP || p.enter;
	present = presentCpus(cpus);
	const uint64_t share = ringBytes / presentCount(), part = share / (much ? 2 : 8);
	ringSize = RING_MIN;
	while (ringSize * 2 <= part && ringSize < RING_MAX)
		ringSize *= 2;
	p.ring_room = ringSize / 4 * 3;
	const uint64_t rest = p.count || share < ringSize ? 0 : share - ringSize;
	// the longest record must fit into a lane
	const bool keepsRest = p.snaplen > KSYS_FIRST_DATA;
	chunkSize = keepsRest ? KSYS_LONG_CHUNK_BYTES : KSYS_CHUNK_BYTES;
	merge.longestRow = KSYS_MAX_ROW + (keepsRest ? p.snaplen : 0);
	leastChunks = keepsRest ? 2 : 1;
	chunks = std::clamp<uint64_t>(rest / chunkSize, leastChunks, CHUNKS_MAX / cpus);
}

size_t Capture::chunksOf(int cpu) const
{
	return present[cpu] ? chunks : leastChunks;
}

int Capture::presentCount() const
{
	return int(std::ranges::count(present, true));
}

size_t Capture::allChunks() const
{
	const size_t those = presentCount();
	return those * chunks + (cpus - those) * leastChunks;
}

// Creates the map of all lanes' chunks. Returns its descriptor, or a negative errno.
int Capture::makeChunks() const
{
	LIBBPF_OPTS(bpf_map_create_opts, opts, .map_flags = BPF_F_MMAPABLE);
	const int fd = bpf_map_create(BPF_MAP_TYPE_ARRAY, "chunks", 4, chunkSize, allChunks(), &opts);
	return fd < 0 ? -errno : fd;
}

// Maps all lanes' chunks into memory; false: error in errno.
bool Capture::mapChunks(int map)
{
	chunkBytes = allChunks() * chunkSize;
	void *p = mmap(nullptr, chunkBytes, PROT_READ, MAP_SHARED, map, 0);
	if (p != MAP_FAILED)
		chunkMemory = p;
	return p != MAP_FAILED;
}

// Creates a ring buffer for each CPU, and the programs' table of them. Returns an errno, 0: success.
int Capture::makeRings(int table)
{
	merge.rings.resize(cpus);
	for (int cpu = 0; cpu < cpus; cpu++) {
		const size_t size = present[cpu] ? ringSize : RING_MIN;
		int fd = bpf_map_create(BPF_MAP_TYPE_RINGBUF, "ring", 0, 0, size, nullptr);
		if (fd < 0)
			return errno;
		fds.push_back(fd);
		if (!merge.rings[cpu].open(fd, size))
			return errno;
	}
	return fill(table, fds) ? 0 : errno;
}

// Gives each CPU its chunks.
void Capture::openLanes()
{
	size_t size;
	auto *lanes = static_cast<ksys_lane *>(bpf_map__initial_value(mapOf(object, ".bss.lanes"), &size));
	merge.lanes.resize(cpus);
	for (int cpu = 0, first = 0; cpu < cpus; cpu++) {
		const size_t own = chunksOf(cpu);
		ksys_lane &l = lanes[cpu];
		l.first = l.chunk = first;
		first += own;
		l.last = first - 1;
		l.size = own * KSYS_CHUNK;
		merge.lanes[cpu].open(static_cast<const uint8_t *>(chunkMemory), chunkSize, &l);
	}
}
