/* Rows sorted into cells. */
#include "trace/block_cells.h"
#include "trace/block_rows.h"

namespace ksys {

Cells::Cells(const Columns &c) {
	count(c);
	place();
}

void Cells::count(const Columns &c) {
	Dictionary byThread, byKind, byBoth;
	/* the last lookups, by a hash */
	struct Found {
		uint64_t thread, kind;
		uint32_t cell = ~0u;
	};
	constexpr size_t remembered = 2048;
	std::vector<Found> found(remembered);
	ofRow.resize(c.rows);
	for (size_t i = 0; i < c.rows; i++) {
		uint64_t thread = uint64_t(uint32_t(c.tid[i])) | uint64_t(uint32_t(c.pid[i])) << 32;
		uint64_t kind = kindOf(c.absent[i], c.flags[i], c.type[i]);
		Found &f = found[(uint32_t(c.tid[i]) * 37u + c.type[i]) % remembered];
		if (f.cell == ~0u || f.thread != thread || f.kind != kind) {
			uint32_t t = byThread.index(thread), k = byKind.index(kind);
			f = {thread, kind, byBoth.index(uint64_t(t) << 32 | k)};
			if (t == threads.size()) threads.push_back({0, 0});
			if (f.cell == cells.size()) cells.push_back({t, k, threads[t].cells++, keepsState(c.type[i], c.flags[i]), 0, 0, 0});
		}
		Cell &cell = cells[f.cell];
		threads[cell.thread].rows++;
		cell.rows++;
		cell.bytes += c.argOff[i + 1] - c.argOff[i];
		ofRow[i] = f.cell;
	}
	threadKeys = std::move(byThread.keys);
	kindKeys = std::move(byKind.keys);
}

/* Sorts the cells and turns the counts of cells into positions. */
void Cells::place() {
	std::vector<uint32_t> first(threads.size() + 1, 0);
	for (size_t t = 0; t < threads.size(); t++) first[t + 1] = first[t] + threads[t].cells;
	sorted.resize(cells.size());
	for (size_t i = 0; i < cells.size(); i++) sorted[first[cells[i].thread] + cells[i].local] = uint32_t(i);
	uint32_t row = 0;
	for (uint32_t i : sorted) {
		Cell &cell = cells[i];
		uint32_t rows = cell.rows, bytes = cell.bytes;
		size_t &part = cell.state ? stateBytes : restBytes;
		cell.rows = row;
		cell.bytes = uint32_t(part);
		row += rows;
		part += bytes;
		if (cell.state) stateRows += rows;
	}
}

} // namespace ksys
