/* The columns of an event block between its streams and the batch. Internal to the block codec. */
#ifndef KSYS_TRACE_BLOCK_READ_H
#define KSYS_TRACE_BLOCK_READ_H

#include "trace/block_rows.h"
#include "trace/block_stream.h"

namespace ksys {

/* An offset that marks arguments that do not match their declaration. */
constexpr uint32_t kMalformed = 0xffffffff;

/* Whether the rows of a cell are not visited, visited only, or delivered. */
enum CellUse : uint8_t { kIdle, kWalked, kDelivered };

/* Reads the sections of a block. Every index, count and number is checked, and lengths stay inside the arena. Its memory is
 * reused for the next block. */
struct BlockReader {
	struct Thread {
		int32_t tid, pid;
		/* its first row by thread, its first cell and the cell after its last */
		uint32_t row, cell, cellEnd;
	};
	struct Cell {
		uint32_t kind;
		/* its first row by cell, and the number of rows */
		uint32_t row, rows;
	};
	/* What is stored per row. A value at its mark or above it is, counted from the mark, an index into the list of wide ones. */
	struct Row {
		uint32_t gap, latency, ret;
		/* where its arguments start and end in the arena */
		uint32_t from, to;
	};

	size_t rows = 0;
	std::vector<Thread> threads;
	std::vector<Cell> cells;
	std::vector<uint64_t> kinds;
	/* by row */
	const uint8_t *num = nullptr;
	std::vector<uint16_t> thread;
	/* by thread: index among the thread's cells, CPU */
	std::vector<uint16_t> cell, cpu;
	/* by cell */
	std::vector<Row> row;
	std::vector<double> wideNum, wideTime, wideLatency, wideRet;

	/* A row's latency, by cell, as it was written. */
	double latencyOf(size_t r) const { return latency_[r] < kTimeWide ? double(latency_[r]) - 1 : wideLatency[latency_[r] - kTimeWide]; }
	double resultOf(size_t r) const { return ret_[r] < kRetWide ? double(int32_t(ret_[r]) - kRetBias) : wideRet[ret_[r] - kRetWide]; }

	/* Reads the columns except those of arguments. rest: null if it is neither present nor needed. */
	void load(const BlockHeader &h, const uint8_t *state, const uint8_t *rest);
	/* Copies the arguments of delivered rows to the arena, those of the state section first, and completes `row`. Rows whose
	 * arguments do not match their declaration get kMalformed. uses: by cell. */
	void fetch(const BlockHeader &h, uint8_t *arena, const Layouts &layouts, const std::vector<CellUse> &uses);
	/* Completes `row` for all rows, instead of fetch(). */
	void place(const BlockHeader &h) { locate(h, std::vector<CellUse>(cells.size(), kDelivered)); }

private:
	void index(const BlockHeader &h);
	void locate(const BlockHeader &h, const std::vector<CellUse> &uses);
	void check(const uint8_t *arena, const Layouts &layouts, const std::vector<CellUse> &uses);

	/* what follows the columns of the state section, and the rest */
	StreamReader more_{nullptr, 0}, rest_{nullptr, 0};
	bool whole_ = false;
	/* where the arguments of delivered rows are in each section */
	std::vector<Range> stateRanges_, restRanges_;
	std::vector<uint8_t> planes_;
	std::vector<uint64_t> threadKeys_;
	std::vector<uint16_t> cellCounts_, cellKinds_, lengths_;
	std::vector<uint32_t> gap_, latency_, ret_, longs_;
};

} // namespace ksys

#endif
