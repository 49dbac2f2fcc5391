// How fast the lanes of many CPUs are merged, without a kernel: rows as of a real machine, on which neighbours in time come from different CPUs.
// Arguments: rows in all, then numbers of lanes. Prints for each number of lanes the million rows per second of the fastest round.
#include "capture/merge.h"
#include "capture/quiesce.h"
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <random>
#include <sys/mman.h>

void awaitPrograms() {}

namespace {

constexpr int ROUNDS = 5;
constexpr size_t RING = 4096;
constexpr uint32_t BATCH_ROWS = 16384, BATCH_BYTES = 4 << 20;
// Bytes of the arguments of frequent calls: those without any, with numbers, and with the data of a read or write.
constexpr uint32_t SIZES[] = {8, 12, 28, 28, 60, 92};

// The lanes of a machine that recorded `rows` calls, one every 200 ns on average.
class Machine {
public:
	Machine(size_t cpus, size_t rows) : variables(cpus)
	{
		if (ftruncate(emptyRing, 2 * sysconf(_SC_PAGESIZE) + 2 * RING))
			exit(1);
		const size_t most = rows / cpus * 2 + 4096;
		chunks = (most * 160 + KSYS_CHUNK - 1) / KSYS_CHUNK;
		memory.resize(cpus * chunks * KSYS_CHUNK_BYTES);
		for (size_t cpu = 0; cpu < cpus; cpu++) {
			ksys_lane &l = variables[cpu];
			l.first = l.chunk = cpu * chunks;
			l.last = l.first + chunks - 1;
			l.size = chunks * KSYS_CHUNK;
		}
		std::mt19937 random(7);
		for (size_t i = 0; i < rows; i++)
			add(variables[random() % cpus], 1'000'000 + i * 200 + random() % 200, SIZES[random() % std::size(SIZES)]);
	}

	void open(Merge &merge)
	{
		merge.rings.resize(variables.size());
		for (Ring &ring : merge.rings)
			if (!ring.open(emptyRing, RING))
				exit(1);
		merge.lanes.resize(variables.size());
		for (size_t cpu = 0; cpu < variables.size(); cpu++) {
			variables[cpu].tail = 0;
			merge.lanes[cpu].open(memory.data(), KSYS_CHUNK_BYTES, &variables[cpu]);
		}
	}

private:
	void add(ksys_lane &l, uint64_t time, uint32_t size)
	{
		uint8_t *to = memory.data() + size_t{l.chunk} * KSYS_CHUNK_BYTES + l.at;
		const uint64_t length = sizeof(ksys_rec) + size;
		ksys_rec rec = {};
		rec.time = time;
		rec.latency = 500;
		rec.tid = rec.pid = 1 + (to - memory.data()) % 1000;
		rec.type = 7;
		memcpy(to, &length, sizeof(length));
		memcpy(to + 8, &rec, sizeof(rec));
		const uint32_t step = (length + 15) & ~7u;
		l.head += step;
		l.at += step;
		if (l.at >= KSYS_CHUNK) {
			l.at -= KSYS_CHUNK;
			l.chunk++;
		}
	}

	int emptyRing = memfd_create("ring", 0);
	std::vector<ksys_lane> variables;
	std::vector<uint8_t> memory;
	size_t chunks;
};

// Rows per second of merging all of them.
double merged(Machine &machine, size_t rows, std::vector<uint8_t> &memory)
{
	Merge merge;
	machine.open(merge);
	uint64_t seen = 0;
	double last = 0;
	const auto begin = std::chrono::steady_clock::now();
	for (;;) {
		Batch batch(memory.data(), BATCH_ROWS, BATCH_BYTES);
		merge.step(batch, true);
		if (!batch.count)
			break;
		for (uint32_t i = 0; i < batch.count; i++) {
			if (batch.time[i] < last)
				fprintf(stderr, "row %zu is out of order\n", size_t{seen + i}), exit(1);
			last = batch.time[i];
		}
		seen += batch.count;
	}
	const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
	for (Ring &ring : merge.rings)
		ring.close();
	if (seen != rows)
		fprintf(stderr, "%zu rows of %zu\n", size_t{seen}, rows), exit(1);
	return rows / took.count();
}

} // namespace

int main(int argc, char **argv)
{
	if (argc < 3) {
		fprintf(stderr, "usage: merge ROWS LANES...\n");
		return 2;
	}
	const size_t rows = strtoull(argv[1], nullptr, 10);
	std::vector<uint8_t> memory(Batch::bytes(BATCH_ROWS, BATCH_BYTES));
	for (int i = 2; i < argc; i++) {
		const size_t lanes = strtoull(argv[i], nullptr, 10);
		Machine machine(lanes, rows);
		double best = 0;
		for (int round = 0; round < ROUNDS; round++)
			best = std::max(best, merged(machine, rows, memory));
		printf("%zu lanes %.2f\n", lanes, best / 1e6);
	}
}
