// How fast the lanes of many CPUs are merged, without a kernel: rows as of a real machine, on which neighbours in time come from different CPUs.
// Arguments: rows in all, then numbers of lanes. Prints for each number of lanes the million rows per second of the fastest round, and
// their ratio to those of the first number.
#include "capture/quiesce.h"
#include "lanes/machine.h"
#include <ctime>
#include <random>

void awaitPrograms() {}

namespace {

constexpr int ROUNDS = 5;
constexpr uint32_t BATCH_ROWS = 16384, BATCH_BYTES = 4 << 20;
// Bytes of the arguments of frequent calls: those without any, with numbers, and with the data of a read or write.
constexpr uint32_t SIZES[] = {8, 12, 28, 28, 60, 92};

// Calls of a machine, one every 200 ns on average.
void fill(Machine &machine, size_t cpus, size_t rows)
{
	const uint8_t row[128] = {};
	std::mt19937 random(7);
	for (size_t i = 0; i < rows; i++) {
		ksys_rec rec = {};
		rec.time = 1'000'000 + i * 200 + random() % 200;
		rec.latency = 500;
		rec.tid = rec.pid = 1 + random() % 1000;
		rec.type = 7;
		machine.add(random() % cpus, rec, row, SIZES[random() % std::size(SIZES)]);
	}
}

// Rows per second of CPU time of merging all of them: the merge has one thread, and other programs would count in elapsed time.
double merged(Machine &machine, size_t rows, std::vector<uint8_t> &memory)
{
	Merge merge;
	machine.open(merge);
	uint64_t seen = 0;
	double last = 0;
	const clock_t begin = clock();
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
	const double took = double(clock() - begin) / CLOCKS_PER_SEC;
	for (Ring &ring : merge.rings)
		ring.close();
	if (seen != rows)
		fprintf(stderr, "%zu rows of %zu\n", size_t{seen}, rows), exit(1);
	return rows / took;
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
	double first = 0;
	for (int i = 2; i < argc; i++) {
		const size_t lanes = strtoull(argv[i], nullptr, 10);
		Machine machine(lanes, (rows / lanes * 2 + 4096) * 160, 0);
		fill(machine, lanes, rows);
		double best = 0;
		for (int round = 0; round < ROUNDS; round++)
			best = std::max(best, merged(machine, rows, memory));
		if (i == 2)
			first = best;
		printf("%zu lanes: %.2f M rows/s, %.2f of %s lanes\n", lanes, best / 1e6, best / first, argv[2]);
	}
}
